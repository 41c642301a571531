/// The member `lockwise` of a login: an object for everything that Firefox has no field for.
public enum LockwiseMember {
  /// The member's name.
  public static let name = "lockwise"
  /// The number of former passwords that are kept.
  static let historyLimit = 5
  private static let historyName = "passwordHistory"
  private static let unitedName = "unitedWith"
  private static let ownName = "name"

  /// Returns the member of a tombstone whose login was a duplicate of another one.
  ///
  /// - Parameter guid: the GUID of the other login.
  public static func text(unitedWith guid: String) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member(unitedName, guid)
    return writer.finish()
  }

  /// Returns the GUID of the login that a deleted one was a duplicate of; `nil` if the tombstone names none.
  public static func unitedWith(of tombstone: JSONObject) -> String? { tombstone[name]?.object?[unitedName]?.string }

  /// Returns the login's own entry name, `lockwise.name`; `nil` if it has none.
  static func ownName(in member: SecretBytes) -> String? {
    guard let name = (try? JSONValue(parsing: member))?.object?[ownName]?.string, !name.isEmpty else { return nil }
    return name
  }

  /// A password that lost a merge conflict.
  public struct FormerPassword: Equatable, Sendable {
    /// The password.
    public let password: SecretBytes
    /// The time when it was set, milliseconds since 1970; 0 if unknown.
    public let time: Int64
  }

  /// Returns the former passwords of a record, newest first.
  static func history(of record: JSONObject) -> [FormerPassword] {
    (record[name]?.object?[historyName]?.array ?? []).compactMap { element in
      guard let object = element.object, let password = object["password"]?.secret, !password.isEmpty else {
        return nil
      }
      return FormerPassword(password: password, time: max(0, object["time"]?.integer ?? 0))
    }
  }

  /// Returns the member's text with the newest five of these former passwords, without duplicates.
  ///
  /// - Parameter member: the present member; anything but an object is replaced.
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
  /// The login's own entry name, the member `lockwise.name`; `nil` if it has none.
  var ownEntryName: String? { lockwise.flatMap(LockwiseMember.ownName(in:)) }

  /// Returns the record with the member `lockwise` of `other` if this record lacks it; `nil` if nothing changes.
  ///
  /// - Throws: `LoginRecordError` if Firefox would refuse the result.
  public func restoringLockwiseMember(of other: LoginRecord) throws -> LoginRecord? {
    guard lockwise == nil, let member = other.lockwise else { return nil }
    var changes = LoginChanges()
    changes.members = [(LockwiseMember.name, member)]
    return try changed(by: changes, now: timePasswordChanged)
  }

  /// Returns the record with an empty member `lockwise` if this record lacks it and `other` has one. A missing member
  /// would look as if Firefox had removed it.
  ///
  /// - Throws: `LoginRecordError` if Firefox would refuse the result.
  func emptyingLockwiseMember(of other: LoginRecord) throws -> LoginRecord {
    guard lockwise == nil, other.lockwise != nil else { return self }
    var changes = LoginChanges()
    changes.members = [(LockwiseMember.name, SecretBytes(utf8: "{}"))]
    return try changed(by: changes, now: timePasswordChanged)
  }

  /// The passwords that lost a merge conflict, newest first, at most five.
  public var formerPasswords: [LockwiseMember.FormerPassword] {
    (try? JSONValue(parsing: json))?.object.map { LockwiseMember.history(of: $0) } ?? []
  }
}
