/// An error as a program shows it: the message, the hints and the exit status.
///
/// Functions of the commands throw it directly where the text is known; every other error converts to it through
/// `UserFacingErrorConvertible`. It never holds a key, a password, a token or anything out of a record.
public struct UserFacingError: Error, Equatable, Sendable {
  /// The failure in one line: lower case, without a full stop.
  public let message: String
  /// The remedies, one line each, as imperatives; may be empty.
  public let hints: [String]
  /// The exit status of the program.
  public let exitCode: ExitCode

  /// Creates an error from its message, its hints and its exit status.
  public init(_ message: String, hints: [String] = [], exitCode: ExitCode) {
    self.message = message
    self.hints = hints
    self.exitCode = exitCode
  }

  /// Creates an error with at most one hint.
  public init(_ message: String, hint: String?, exitCode: ExitCode) {
    self.init(message, hints: [hint].compactMap(\.self), exitCode: exitCode)
  }

  /// Converts any error. One that is not `UserFacingErrorConvertible` becomes a plain failure that names its type.
  public init(_ error: any Error) {
    self =
      (error as? any UserFacingErrorConvertible)?.userFacingError
      ?? UserFacingError("unexpected error (\(type(of: error)))", exitCode: .failure)
  }
}

/// An error type that has a text for the user.
public protocol UserFacingErrorConvertible: Error {
  /// The error as a program shows it.
  var userFacingError: UserFacingError { get }
}

extension UserFacingError: UserFacingErrorConvertible {
  /// The error itself.
  public var userFacingError: UserFacingError { self }
}
