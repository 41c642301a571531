/// A login that is to be made.
public struct LoginDraft: Sendable {
  /// The origin, `https://host[:port]` and the like.
  public var origin: String
  /// What it is for.
  public var target: LoginTarget
  /// The user name, maybe empty.
  public var username: String
  /// The password, not empty.
  public var password: SecretBytes
  /// The names of the form's fields, maybe empty.
  public var usernameField = ""
  /// The name of the form's password field, maybe empty.
  public var passwordField = ""
  /// Members that Firefox does not know, with their values as JSON.
  public var members: [(name: String, json: SecretBytes)] = []

  /// Makes a draft.
  public init(origin: String, target: LoginTarget, username: String, password: SecretBytes) {
    self.origin = origin
    self.target = target
    self.username = username
    self.password = password
  }

  /// The record of the draft.
  ///
  /// - Parameters:
  ///   - guid: its id.
  ///   - now: milliseconds since 1970.
  /// - Throws: `LoginRecordError` if Firefox would refuse it.
  public func record(guid: String, now: Int64) throws -> LoginRecord {
    var writer = JSONObjectWriter()
    writer.member("id", guid)
    writer.member("hostname", origin)
    switch target {
    case .form(let action):
      writer.member("formSubmitURL", action)
      writer.memberNull("httpRealm")
    case .realm(let realm):
      writer.memberNull("formSubmitURL")
      writer.member("httpRealm", realm)
    }
    writer.member("username", username)
    writer.member("password", secret: password)
    writer.member("usernameField", usernameField)
    writer.member("passwordField", passwordField)
    writer.member("timeCreated", now)
    writer.member("timePasswordChanged", now)
    for member in members where !LoginRecord.knownMembers.contains(member.name) {
      writer.member(member.name, json: member.json)
    }
    return try LoginRecord(json: writer.finish(), bsoID: guid)
  }
}
