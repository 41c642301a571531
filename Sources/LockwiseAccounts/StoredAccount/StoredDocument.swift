import LockwiseCore

/// Reads one sealed document, member by member.
struct StoredDocument {
  private let object: JSONObject
  private let name: DocumentName

  /// Parses a document of version 1.
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

  /// An optional member; `nil` if it is missing.
  func optionalText(_ member: String) throws(DocumentError) -> String? {
    object[member] == nil ? nil : try text(member)
  }

  /// A required member that may be `null`.
  func nullableText(_ member: String) throws(DocumentError) -> String? {
    object[member]?.isNull == true ? nil : try text(member)
  }

  func integer(_ member: String) throws(DocumentError) -> Int64 {
    guard let value = object[member]?.integer else { throw DocumentError(name: name) }
    return value
  }
}
