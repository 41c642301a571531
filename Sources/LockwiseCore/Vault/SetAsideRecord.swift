/// A record that could not be read as a login and is kept apart.
public struct SetAsideRecord: Equatable, Sendable {
  /// The id under which the server keeps the record.
  public let id: String
  /// Why it is not a login, in words that hold nothing out of the record.
  public let reason: String
  /// The server's time of the record, hundredths of a second since 1970.
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
