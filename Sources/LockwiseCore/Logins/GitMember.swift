/// Attributes of a login that git reported with the user name and password. They are in the member `lockwise` under
/// `git`.
///
/// The form is `{"created": true, "passwordExpiry": 1800000000, "oauthRefreshToken": "…", "authtype": "Bearer"}`, each
/// member only if it is known.
public struct GitMember: Equatable, Sendable {
  static let name = "git"

  /// Whether `git-credential-lockwise` added the login. Only such logins are deleted when git rejects them.
  public var isCreated = false
  /// The time when the password expires.
  public var passwordExpiry: Seconds?
  /// The OAuth refresh token with which git can obtain a new password.
  public var oauthRefreshToken: SecretBytes?
  /// The `Authorization` scheme for which the password is the credential, such as `Bearer`; `nil` for an ordinary
  /// password.
  public var authtype: String?

  /// Makes an empty set of attributes.
  public init() {}

  fileprivate init(_ object: JSONObject) {
    isCreated = object["created"]?.bool ?? false
    passwordExpiry = object["passwordExpiry"].flatMap { Seconds(stored: $0) }.flatMap { $0 > 0 ? $0 : nil }
    oauthRefreshToken = object["oauthRefreshToken"]?.secret.flatMap { $0.isEmpty ? nil : $0 }
    authtype = object["authtype"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Returns the text of the member `lockwise` with these attributes and its other content; `nil` if it would be empty.
  ///
  /// - Parameter member: the present member; anything but an object is replaced.
  func lockwiseMember(in member: SecretBytes?) -> SecretBytes? {
    let outer = LockwiseMember.object(member)
    let known = outer[Self.name]?.object ?? JSONObject.empty
    let inner = known.replacing([
      ("created", isCreated ? SecretBytes(utf8: "true") : nil),
      ("passwordExpiry", passwordExpiry?.json),
      ("oauthRefreshToken", oauthRefreshToken.map { JSONText.string($0) }),
      ("authtype", authtype.map { JSONText.string(SecretBytes(utf8: $0)) }),
    ])
    let text = outer.replacing([(Self.name, LockwiseMember.object(inner).members.isEmpty ? nil : inner)])
    return LockwiseMember.object(text).members.isEmpty ? nil : text
  }
}

extension LoginRecord {
  /// The attributes that git reported for the login.
  public var git: GitMember {
    guard let lockwise, let object = (try? JSONValue(parsing: lockwise))?.object?[GitMember.name]?.object else {
      return GitMember()
    }
    return GitMember(object)
  }

  /// Returns the changes that give the login these attributes; empty if it has them already.
  public func changes(to git: GitMember) -> LoginChanges {
    var changes = LoginChanges()
    if git != self.git { changes.members = [(LockwiseMember.name, git.lockwiseMember(in: lockwise))] }
    return changes
  }
}

extension LoginDraft {
  /// Replaces the draft's git attributes.
  public mutating func set(_ git: GitMember) {
    let known = members.first { $0.name == LockwiseMember.name }?.json
    members.removeAll { $0.name == LockwiseMember.name }
    if let json = git.lockwiseMember(in: known) { members.append((LockwiseMember.name, json)) }
  }
}

/// The realms of logins that git adds when the server names no realm.
public enum GitRealm {
  /// The realm for a whole host.
  public static let wholeHost = "git"
  private static let prefix = "git:"

  /// Returns the realm for one path of a host (`credential.useHttpPath`).
  public static func realm(path: String) -> String { prefix + path }

  /// Returns the path of a realm made by `realm(path:)`; `nil` for every other realm.
  static func path(of realm: String?) -> String? {
    guard let realm, realm.utf8.starts(with: prefix.utf8) else { return nil }
    return String(realm.dropFirst(prefix.count))
  }
}

extension LoginRecord {
  /// The path to which the login is bound; `nil` if it is valid for the whole host.
  public var gitPath: String? { GitRealm.path(of: httpRealm) }
}
