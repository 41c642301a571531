import LockwiseCore

/// A document of the vault that is not what this version writes.
public struct DocumentError: Error, Equatable, Sendable {
  /// The document's name.
  public let name: DocumentName

  /// Makes an error about the document called `name`.
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

/// Reads one sealed document, member by member.
struct StoredDocument {
  private let object: JSONObject
  private let name: DocumentName

  /// Takes the text of a document of version 1.
  init(_ text: SecretBytes, _ name: DocumentName) throws(DocumentError) {
    guard let object = (try? JSONValue(parsing: text))?.object, object["version"]?.integer == 1 else {
      throw DocumentError(name: name)
    }
    self.object = object
    self.name = name
  }

  func secret(_ member: String) throws(DocumentError) -> SecretBytes {
    guard let value = object[member]?.secret, !value.isEmpty else { throw DocumentError(name: name) }
    return value
  }

  func text(_ member: String) throws(DocumentError) -> String {
    guard let value = object[member]?.string, !value.isEmpty else { throw DocumentError(name: name) }
    return value
  }

  /// `nil` if there is no such member.
  func optionalText(_ member: String) throws(DocumentError) -> String? {
    object[member] == nil ? nil : try text(member)
  }

  /// A member that must be there, and may be `null`.
  func nullableText(_ member: String) throws(DocumentError) -> String? {
    object[member]?.isNull == true ? nil : try text(member)
  }

  func integer(_ member: String) throws(DocumentError) -> Int64 {
    guard let value = object[member]?.integer else { throw DocumentError(name: name) }
    return value
  }
}
