import LockwiseCore

/// A code that a sign-in may ask for.
public enum CodeKind: String, CaseIterable, Sendable {
  /// Of an authenticator app, six digits, or a recovery code in its place.
  case authenticator
  /// Mailed to confirm a sign-in.
  case email
  /// Mailed to lift a block.
  case unblock
}

/// What a person is told in the middle of a sign-in.
public enum SignInEvent: Equatable, Sendable {
  /// A code was mailed because this sign-in asked for one.
  case codeMailed(CodeKind)
  /// A link was mailed; it is waited for until it is opened, for so many seconds at most.
  case waitingForLink(seconds: Int64)
  /// The server asked to wait this long; the sign-in goes on then.
  case throttled(seconds: Int64)
  /// A recovery code was used up; so many are left.
  case recoveryCodesLeft(Int64)
}

/// Answers what a sign-in asks, at a terminal or out of a script.
public protocol SignInQuestions {
  /// Whether there is anything to take codes from, and anybody to open a link.
  var canAnswer: Bool { get }

  /// Asks for a code.
  ///
  /// - Parameters:
  ///   - kind: which one.
  ///   - refusal: what was wrong with the last one; `nil` the first time.
  /// - Returns: the code as typed; nothing to have another one mailed.
  /// - Throws: whatever ends the sign-in: `refusal`, if there is no other code.
  func code(for kind: CodeKind, after refusal: AccountsError?) throws -> SecretBytes

  /// Tells what is going on.
  func report(_ event: SignInEvent)

  /// Waits.
  ///
  /// - Throws: whatever ends the sign-in, if the person stops it.
  func pause(milliseconds: Int64) throws
}
