import LockwiseCore

/// A document of this module in the vault. Its member `version` is 1.
package protocol AccountDocument: StoredDocument {
  /// The document's name.
  static var documentName: DocumentName { get }
}

extension AccountDocument {
  /// Reads the document.
  ///
  /// - Throws: `DocumentError` if it is not one.
  package init(document: SecretBytes) throws(DocumentError) {
    guard let value = Self(text: document) else { throw DocumentError(name: Self.documentName) }
    self = value
  }

  /// The document's text.
  package func document() -> SecretBytes { text }
}

/// A document of the vault that this version cannot read.
public struct DocumentError: Error, Equatable, Sendable {
  /// The document's name.
  let name: DocumentName

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

extension DocumentCodec {
  /// The version of a document.
  ///
  /// - Throws: `Malformed` if it is not 1.
  package mutating func version() throws {
    guard try required("version", Int64(1)) == 1 else { throw Malformed() }
  }

  /// A text that must be there and is not empty.
  ///
  /// - Throws: `Malformed` if it is missing, invalid or empty.
  package mutating func filled(_ name: String, _ value: String?) throws -> String {
    let text = try required(name, value)
    guard value != nil || !text.isEmpty else { throw Malformed() }
    return text
  }

  /// A secret that must be there and is not empty.
  ///
  /// - Throws: `Malformed` if it is missing, invalid or empty.
  package mutating func filled(_ name: String, _ value: SecretBytes?) throws -> SecretBytes {
    let secret = try required(name, value)
    guard value != nil || !secret.isEmpty else { throw Malformed() }
    return secret
  }
}
