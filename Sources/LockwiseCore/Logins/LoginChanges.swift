/// What is to become of a login. What is `nil` stays as it is, byte for byte.
public struct LoginChanges: Sendable {
  /// Another origin.
  public var origin: String?
  /// Another target.
  public var target: LoginTarget?
  /// Another user name.
  public var username: String?
  /// Another password.
  public var password: SecretBytes?
  /// Other values, as JSON, of members that Firefox does not know; `nil` removes one.
  public var members: [(name: String, json: SecretBytes?)] = []

  /// Changes nothing.
  public init() {}
}

extension LoginRecord {
  /// The record with changes. `timePasswordChanged` changes only if the password does.
  ///
  /// - Parameters:
  ///   - changes: what changes.
  ///   - now: milliseconds since 1970.
  /// - Returns: the same record if nothing changes.
  /// - Throws: `LoginRecordError` if Firefox would refuse the result.
  public func changed(by changes: LoginChanges, now: Int64) throws -> LoginRecord {
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
      values.append(("timePasswordChanged", SecretBytes(utf8: String(now))))
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
