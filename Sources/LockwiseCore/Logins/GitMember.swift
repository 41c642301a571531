/// What git told about a login beside user name and password, kept in the record's member `lockwise` under `git`.
///
/// `{"created": true, "passwordExpiry": 1800000000, "oauthRefreshToken": "…", "authtype": "Bearer"}`, each of them only
/// where it is known.
public struct GitMember: Equatable, Sendable {
  static let name = "git"

  /// Whether git's helper made the login; one that it did not make is never deleted because git says so.
  public var isCreated = false
  /// When the password ends to be good, seconds since 1970.
  public var passwordExpiry: Int64?
  /// What a new password can be had with.
  public var oauthRefreshToken: SecretBytes?
  /// The scheme of an `Authorization` header whose credential the password is, such as `Bearer`; `nil` for an ordinary
  /// password.
  public var authtype: String?

  /// Knows nothing.
  public init() {}

  fileprivate init(_ object: JSONObject) {
    isCreated = object["created"]?.bool ?? false
    passwordExpiry = object["passwordExpiry"]?.integer.flatMap { $0 > 0 ? $0 : nil }
    oauthRefreshToken = object["oauthRefreshToken"]?.secret.flatMap { $0.isEmpty ? nil : $0 }
    authtype = object["authtype"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The text of the member `lockwise` with this in it; what else stands there stays. `nil` if nothing is left.
  ///
  /// - Parameter member: the member as it is; anything but an object is replaced.
  public func lockwiseMember(in member: SecretBytes?) -> SecretBytes? {
    func object(_ text: SecretBytes?) -> JSONObject {
      text.flatMap { try? JSONValue(parsing: $0) }?.object ?? .empty
    }
    let outer = object(member)
    let known = outer[Self.name]?.object ?? .empty
    let inner = known.replacing([
      ("created", isCreated ? SecretBytes(utf8: "true") : nil),
      ("passwordExpiry", passwordExpiry.map { SecretBytes(utf8: String($0)) }),
      ("oauthRefreshToken", oauthRefreshToken.map { JSONText.string($0) }),
      ("authtype", authtype.map { JSONText.string(SecretBytes(utf8: $0)) }),
    ])
    let text = outer.replacing([(Self.name, object(inner).members.isEmpty ? nil : inner)])
    return object(text).members.isEmpty ? nil : text
  }
}

extension LoginRecord {
  /// What git told about the login.
  public var git: GitMember {
    guard let lockwise, let object = (try? JSONValue(parsing: lockwise))?.object?[GitMember.name]?.object else {
      return GitMember()
    }
    return GitMember(object)
  }

  /// What has to change for git to have told this; nothing if it is so already.
  public func changes(to git: GitMember) -> LoginChanges {
    var changes = LoginChanges()
    if git != self.git { changes.members = [(LockwiseMember.name, git.lockwiseMember(in: lockwise))] }
    return changes
  }
}

extension LoginDraft {
  /// Puts in what git told; replaces what the draft had of it.
  public mutating func set(_ git: GitMember) {
    let known = members.first { $0.name == LockwiseMember.name }?.json
    members.removeAll { $0.name == LockwiseMember.name }
    if let json = git.lockwiseMember(in: known) { members.append((LockwiseMember.name, json)) }
  }
}
