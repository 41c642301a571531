/// The member `lockwise` of a login: an object for everything that Firefox has no field for.
///
/// | member | value |
/// |---|---|
/// | `name` | the login's own entry name |
/// | `notes` | the lines of the body after the password |
/// | `tied` | the fields that lines of the notes show (`TiedField`) |
/// | `emptyPassword` | the placeholder in the password field if line 1 is empty |
/// | `passwordHistory` | former passwords, newest first: objects of `password` and `time` |
/// | `git` | attributes that git reported (`GitMember`) |
/// | `docker` | the server URL that docker sent (`DockerMember`) |
/// | `unitedWith` | in a tombstone: the GUID of the login that this one was a duplicate of |
public enum LockwiseMember {
  /// The member's name.
  static let name = "lockwise"
  static let notesName = "notes"
  static let emptyPasswordName = "emptyPassword"
  private static let unitedName = "unitedWith"
  private static let ownName = "name"

  /// The text in the password field of a login whose body has an empty first line. Firefox accepts no empty password.
  ///
  /// It is also the value of `emptyPassword`. If Firefox sets a password, the two differ, and the password is shown.
  static let placeholder = SecretBytes(utf8: "(no password)")

  /// Returns the member of a tombstone whose login was a duplicate of another one.
  ///
  /// - Parameter guid: the GUID of the other login.
  public static func text(unitedWith guid: String) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member(unitedName, guid)
    return writer.finish()
  }

  /// Returns the GUID of the login that a deleted one was a duplicate of; `nil` if the tombstone names none.
  static func unitedWith(of tombstone: JSONObject) -> String? { tombstone[name]?.object?[unitedName]?.string }

  /// Returns the login's own entry name, `lockwise.name`; `nil` if it has none.
  static func ownName(in member: SecretBytes) -> String? {
    guard let name = object(member)[ownName]?.string, !name.isEmpty else { return nil }
    return name
  }

  /// Returns a value for the own entry name; `nil` removes the name.
  static func setting(ownName name: String?) -> (name: String, json: SecretBytes?) {
    (ownName, name.map { JSONText.string(SecretBytes(utf8: $0)) })
  }

  /// Returns the member as an object; an empty one if it is missing or something else.
  static func object(_ member: SecretBytes?) -> JSONObject {
    member.flatMap { try? JSONValue(parsing: $0) }?.object ?? JSONObject.empty
  }

  /// Returns the member with other values for some of its own members, and the rest unchanged.
  ///
  /// - Parameters:
  ///   - member: the present member; anything but an object is replaced.
  ///   - values: names and values as JSON; `nil` removes one.
  static func text(_ member: SecretBytes?, replacing values: [(name: String, json: SecretBytes?)]) -> SecretBytes {
    object(member).replacing(values)
  }

  /// Returns the member with those of another one added. Where both have a value, the other one's is used, except that
  /// former passwords of both are kept.
  static func text(_ member: SecretBytes?, adding other: SecretBytes) -> SecretBytes {
    let (known, added) = (object(member), object(other))
    let united = known.replacing(added.members.map { ($0.name, $0.value.raw) })
    let history = history(in: known) + history(in: added)
    return history.isEmpty ? united : text(united, history: history)
  }
}

extension LoginRecord {
  /// The login's own entry name, the member `lockwise.name`; `nil` if it has none.
  package var ownEntryName: String? { lockwise.flatMap(LockwiseMember.ownName(in:)) }

  /// Whether the password is the placeholder for an empty first line.
  public var hasPlaceholderPassword: Bool {
    lockwise != nil && LockwiseMember.object(lockwise)[LockwiseMember.emptyPasswordName]?.secret == password
  }

  /// Whether the password field contains a password: neither the placeholder nor the URI of a one-time code, whose secret
  /// no server may receive.
  var hasPassword: Bool { !hasPlaceholderPassword && !password.begins(with: "otpauth://") }

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
}

extension LoginChanges {
  /// Changes members of `lockwise`, in addition to those that are changed already.
  ///
  /// - Parameters:
  ///   - values: names and values as JSON; `nil` removes one.
  ///   - login: the login to change.
  mutating func setLockwise(_ values: [(name: String, json: SecretBytes?)], of login: LoginRecord) {
    guard !values.isEmpty else { return }
    let present = members.last { $0.name == LockwiseMember.name }.map(\.json) ?? login.lockwise
    members.removeAll { $0.name == LockwiseMember.name }
    members.append((LockwiseMember.name, LockwiseMember.text(present, replacing: values)))
  }

  /// Gives the login an own entry name, or removes it.
  ///
  /// - Parameters:
  ///   - name: the name; `nil` removes it.
  ///   - login: the login to change.
  mutating func setOwnEntryName(_ name: String?, of login: LoginRecord) {
    let isSame = login.ownEntryName.map { name?.isSameText(as: $0) ?? false } ?? (name == nil)
    guard !isSame else { return }
    setLockwise([LockwiseMember.setting(ownName: name)], of: login)
  }
}
