import LockwiseCore

/// A code that a sign-in may ask for.
public enum CodeKind: String, CaseIterable, Sendable {
  /// A code of an authenticator app, six digits, or a recovery code in its place.
  case authenticator
  /// A code mailed to confirm a sign-in.
  case email
  /// A code mailed to lift a block.
  case unblock
}

/// An event of a sign-in to report to the user.
public enum SignInEvent: Equatable, Sendable {
  /// A code was mailed because this sign-in asked for one.
  case codeMailed(CodeKind)
  /// A link was mailed; the sign-in waits until it is opened, for this time at most.
  case waitingForLink(Seconds)
  /// The server asked for a pause; the sign-in continues after it.
  case throttled(Seconds)
  /// A recovery code was used up; this many are left.
  case recoveryCodesLeft(Int64)
}

/// A source of codes for a sign-in: a terminal or a script.
public protocol SignInQuestions {
  /// Whether there is a source of codes, and a user to open a link.
  var canAnswer: Bool { get }

  /// Asks for a code.
  ///
  /// - Parameters:
  ///   - kind: the kind of code.
  ///   - refusal: the refusal of the last code; `nil` the first time.
  /// - Returns: the code as typed; empty to request another one by e-mail.
  /// - Throws: the error that ends the sign-in: `refusal`, if there is no other code.
  func code(for kind: CodeKind, after refusal: AccountsError?) throws -> SecretBytes

  /// Reports an event.
  func report(_ event: SignInEvent)

  /// Waits.
  ///
  /// - Throws: the error that ends the sign-in, if the user stops it.
  func pause(_ span: Seconds) throws
}
