/// Changes to a login. A member that is `nil` keeps its bytes.
public struct LoginChanges: Sendable {
  /// The new origin.
  var origin: String?
  /// The new target.
  public var target: LoginTarget?
  /// The new user name.
  public var username: String?
  /// The new password.
  public var password: SecretBytes?
  /// New values, as JSON, of members that Firefox does not know; `nil` removes a member.
  public var members: [(name: String, json: SecretBytes?)] = []

  /// Makes an empty set of changes.
  public init() {}
}

extension LoginRecord {
  /// Returns the record with changes applied. `timePasswordChanged` changes only if the password does.
  ///
  /// - Parameters:
  ///   - changes: the new values.
  ///   - now: the current time.
  /// - Returns: the same record if nothing changes.
  /// - Throws: `LoginRecordError` if Firefox would refuse the result.
  func changed(by changes: LoginChanges, now: Milliseconds) throws -> LoginRecord {
    var values: [(String, SecretBytes?)] = []
    func set(_ name: String, _ text: String?) {
      values.append((name, text.map { JSONText.string(SecretBytes(utf8: $0)) } ?? SecretBytes(utf8: "null")))
    }
    if let origin = changes.origin, !origin.isSameText(as: self.origin) { set("hostname", origin) }
    if let target = changes.target, target != self.target {
      switch target {
      case .form(let action):
        set("formSubmitURL", action)
        set("httpRealm", nil)
      case .realm(let realm):
        set("formSubmitURL", nil)
        set("httpRealm", realm)
      }
    }
    if let username = changes.username, !username.isSameText(as: self.username) { set("username", username) }
    if let password = changes.password, password != self.password {
      values.append(("password", JSONText.string(password)))
      values.append(("timePasswordChanged", now.json))
    }
    let unknown = Dictionary(unknownMembers.map { ($0.name, $0.json) }) { $1 }
    for member in changes.members
    where !Self.knownMembers.contains(member.name) && unknown[member.name] != member.json {
      values.append((member.name, member.json))
    }
    guard !values.isEmpty, let object = try JSONValue(parsing: json).object else { return self }
    return try LoginRecord(json: object.replacing(values), bsoID: guid)
  }
}
