/// The one member of a login that is ours: an object for what Firefox has no field for.
public enum LockwiseMember {
  /// Its name.
  public static let name = "lockwise"
  /// How many former passwords are kept.
  static let historyLimit = 5
  private static let historyName = "passwordHistory"
  private static let unitedName = "unitedWith"
  private static let ownName = "name"

  /// The member of a tombstone: which login the deleted one turned out to be the same as.
  public static func text(unitedWith guid: String) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member(unitedName, guid)
    return writer.finish()
  }

  /// Which login the deleted one of a tombstone turned out to be the same as; `nil` if it was just deleted.
  public static func unitedWith(of tombstone: JSONObject) -> String? { tombstone[name]?.object?[unitedName]?.string }

  /// The own entry name in the member of a login; `nil` if it has none.
  static func ownName(in member: SecretBytes) -> String? {
    guard let name = (try? JSONValue(parsing: member))?.object?[ownName]?.string, !name.isEmpty else { return nil }
    return name
  }

  /// A password that another one won against.
  public struct FormerPassword: Equatable, Sendable {
    /// The password.
    public let password: SecretBytes
    /// When it had been set, milliseconds since 1970; 0 = unknown.
    public let time: Int64
  }

  /// The former passwords of a record, newest first.
  static func history(of record: JSONObject) -> [FormerPassword] {
    (record[name]?.object?[historyName]?.array ?? []).compactMap { element in
      guard let object = element.object, let password = object["password"]?.secret, !password.isEmpty else {
        return nil
      }
      return FormerPassword(password: password, time: max(0, object["time"]?.integer ?? 0))
    }
  }

  /// The member's text with these former passwords: the newest five, each once.
  ///
  /// - Parameter member: the member as it is; anything but an object is replaced.
  static func text(_ member: SecretBytes?, history: [FormerPassword]) -> SecretBytes {
    var kept: [FormerPassword] = []
    for former in history.sorted(by: { $0.time > $1.time }) where kept.count < historyLimit {
      if !kept.contains(former) { kept.append(former) }
    }
    let elements = kept.map { former in
      var writer = JSONObjectWriter()
      writer.member("password", secret: former.password)
      writer.member("time", former.time)
      return writer.finish()
    }
    var array = SecretBuilder()
    array.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { array.append(UInt8(ascii: ",")) }
      array.append(element)
    }
    array.append(UInt8(ascii: "]"))
    let object = member.flatMap { try? JSONValue(parsing: $0) }?.object ?? JSONObject.empty
    return object.replacing([(historyName, array.finish())])
  }
}

extension LoginRecord {
  /// The entry name that the login has in place of one made of its origin, the member `lockwise.name`; `nil` if it has
  /// none.
  public var ownEntryName: String? { lockwise.flatMap(LockwiseMember.ownName(in:)) }

  /// The record with the member that is ours as `other` has it, if this one lacks it; `nil` if there is nothing to do.
  ///
  /// - Throws: `LoginRecordError` if Firefox would refuse the result.
  public func restoringLockwiseMember(of other: LoginRecord) throws -> LoginRecord? {
    guard lockwise == nil, let member = other.lockwise else { return nil }
    var changes = LoginChanges()
    changes.members = [(LockwiseMember.name, member)]
    return try changed(by: changes, now: timePasswordChanged)
  }

  /// The record with an empty member of ours, if this one lacks it and `other` has it: nobody may take a removal of ours
  /// for one by Firefox.
  ///
  /// - Throws: `LoginRecordError` if Firefox would refuse the result.
  func emptyingLockwiseMember(of other: LoginRecord) throws -> LoginRecord {
    guard lockwise == nil, other.lockwise != nil else { return self }
    var changes = LoginChanges()
    changes.members = [(LockwiseMember.name, SecretBytes(utf8: "{}"))]
    return try changed(by: changes, now: timePasswordChanged)
  }

  /// Passwords that lost against another one in a merge, newest first, at most five.
  public var formerPasswords: [LockwiseMember.FormerPassword] {
    (try? JSONValue(parsing: json))?.object.map { LockwiseMember.history(of: $0) } ?? []
  }
}
