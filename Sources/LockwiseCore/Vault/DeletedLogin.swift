/// A login that another client deleted. The vault keeps it for 30 days, so that the user can restore it.
public struct DeletedLogin: Equatable, Sendable {
  /// The time for which it is kept.
  public static let lifetime: Milliseconds = 2_592_000_000

  /// The login before its deletion.
  public let login: LoginRecord
  /// The reason of the deletion, without anything from the record.
  public let reason: String
  /// The time when the deletion was downloaded.
  public let time: Milliseconds

  /// Makes an entry.
  public init(login: LoginRecord, reason: String, time: Milliseconds) {
    self.login = login
    self.reason = reason
    self.time = time
  }

  /// Returns whether two entries have equal members and their logins the same bytes.
  public static func == (left: DeletedLogin, right: DeletedLogin) -> Bool {
    left.login.guid == right.login.guid && left.login.json == right.login.json && left.reason == right.reason
      && left.time == right.time
  }
}

extension DeletedLogin: ListRow {
  static let kind = ListKind.deleted
  package var key: String { login.guid }

  package init(_ codec: inout DocumentCodec, _ stored: DeletedLogin?) throws {
    let guid = try codec.required("guid", stored?.login.guid)
    reason = try codec.required("reason", stored?.reason)
    time = try codec.required("time", stored?.time)
    let json = try codec.required("login", stored?.login.json)
    login = try stored?.login ?? LoginRecord(json: json, bsoID: guid)
  }
}
