/// A login that another client deleted. The vault keeps it for 30 days, so that the user can restore it.
public struct DeletedLogin: Equatable, Sendable {
  /// The time for which it is kept, milliseconds.
  public static let lifetime: Int64 = 30 * 24 * 3600 * 1000

  /// The login before its deletion.
  public let login: LoginRecord
  /// The reason of the deletion, without anything from the record.
  public let reason: String
  /// The time when the deletion was downloaded, milliseconds since 1970.
  public let time: Int64

  /// Makes an entry.
  public init(login: LoginRecord, reason: String, time: Int64) {
    self.login = login
    self.reason = reason
    self.time = time
  }

  /// Returns whether two entries have equal members and their logins the same bytes.
  public static func == (left: DeletedLogin, right: DeletedLogin) -> Bool {
    left.login.guid == right.login.guid && left.login.json == right.login.json && left.reason == right.reason
      && left.time == right.time
  }

  init?(text: SecretBytes) {
    guard let object = (try? JSONValue(parsing: text))?.object, let guid = object["guid"]?.string,
      let reason = object["reason"]?.string, let time = object["time"]?.integer, let json = object["login"]?.secret,
      let login = try? LoginRecord(json: json, bsoID: guid)
    else { return nil }
    self.init(login: login, reason: reason, time: time)
  }

  var text: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("guid", login.guid)
    writer.member("reason", reason)
    writer.member("time", time)
    // A string: an object could exceed the reader's nesting limit.
    writer.member("login", secret: login.json)
    return writer.finish()
  }
}
