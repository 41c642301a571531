/// A downloaded record that is not a valid login.
public struct SetAsideRecord: Equatable, Sendable {
  /// The record's id on the server.
  public let id: String
  /// The reason, without anything from the record.
  public let reason: String
  /// The server's modification time, hundredths of a second since 1970.
  public let modified: Int64

  /// Makes an entry.
  public init(id: String, reason: String, modified: Int64) {
    self.id = id
    self.reason = reason
    self.modified = modified
  }

  init?(text: SecretBytes) {
    guard let object = (try? JSONValue(parsing: text))?.object, let id = object["id"]?.string,
      let reason = object["reason"]?.string, let modified = object["modified"]?.integer
    else { return nil }
    self.init(id: id, reason: reason, modified: modified)
  }

  var text: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("id", id)
    writer.member("reason", reason)
    writer.member("modified", modified)
    return writer.finish()
  }
}
