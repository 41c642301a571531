import LockwiseCore

/// A document of the vault that this version cannot read.
public struct DocumentError: Error, Equatable, Sendable {
  /// The document's name.
  public let name: DocumentName

  /// Creates an error about the document called `name`.
  public init(name: DocumentName) { self.name = name }
}

extension DocumentError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(
      "the vault's \(name.text) document is damaged or from a newer version",
      hints: ["sign out and sign in again; Firefox Sync still has the logins"], exitCode: .vault)
  }
}
