/// A new login that has no id yet.
public struct LoginDraft: Sendable {
  /// The origin, such as `https://host[:port]`.
  var origin: String
  /// The form or HTTP realm.
  public var target: LoginTarget
  /// The user name, which may be empty.
  var username: String
  /// The password, not empty.
  public var password: SecretBytes
  /// The name of the form's user name field, which may be empty.
  var usernameField = ""
  /// The name of the form's password field, which may be empty.
  var passwordField = ""
  /// Members that Firefox does not know, with their values as JSON.
  var members: [(name: String, json: SecretBytes)] = []
  /// The time of creation; `nil` means the time when the record is made.
  package var timeCreated: Milliseconds?
  /// The time of the last password change; `nil` means the time when the record is made.
  package var timePasswordChanged: Milliseconds?
  /// The time of the last use; `nil` leaves it out.
  package var timeLastUsed: Milliseconds?

  /// Makes a draft.
  public init(origin: String, target: LoginTarget, username: String, password: SecretBytes) {
    self.origin = origin
    self.target = target
    self.username = username
    self.password = password
  }

  /// Returns the record of the draft.
  ///
  /// - Parameters:
  ///   - guid: the record's id.
  ///   - now: the current time.
  /// - Throws: `LoginRecordError` if Firefox would refuse it.
  public func record(guid: String, now: Milliseconds) throws -> LoginRecord {
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
    writer.member("timeCreated", (timeCreated ?? now).rawValue)
    if let timeLastUsed { writer.member("timeLastUsed", timeLastUsed.rawValue) }
    writer.member("timePasswordChanged", (timePasswordChanged ?? now).rawValue)
    for member in members where !LoginRecord.knownMembers.contains(member.name) {
      writer.member(member.name, json: member.json)
    }
    return try LoginRecord(json: writer.finish(), bsoID: guid)
  }
}

/// Ids of new logins in Firefox desktop's form: a random UUID in braces (RFC 9562 section 5.4).
package enum LoginGUID {
  /// Returns a new id.
  ///
  /// - Throws: `CryptoError.unavailable` if there are no random bytes.
  package static func make(_ random: some RandomSource) throws -> String {
    var bytes = try random.bytes(16)
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(Hex.encode(bytes))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return "{" + groups.joined(separator: "-") + "}"
  }
}
