/// What docker reported with a login. It is in the member `lockwise` under `docker`.
///
/// The form is `{"serverURL": "https://index.docker.io/v1/"}`. Only logins that docker stored have it.
public struct DockerMember: Equatable, Sendable {
  static let name = "docker"

  /// The server URL exactly as docker sent it.
  public var serverURL: String

  /// Makes the member.
  public init(serverURL: String) { self.serverURL = serverURL }

  fileprivate init?(_ object: JSONObject) {
    guard let text = object["serverURL"]?.string, !text.isEmpty else { return nil }
    serverURL = text
  }

  /// Returns the text of the member `lockwise` with this one and its other content.
  ///
  /// - Parameter member: the present member; anything but an object is replaced.
  fileprivate func lockwiseMember(in member: SecretBytes?) -> SecretBytes {
    let known = LockwiseMember.object(member)[Self.name]?.object ?? JSONObject.empty
    let inner = known.replacing([("serverURL", JSONText.string(SecretBytes(utf8: serverURL)))])
    return LockwiseMember.text(member, replacing: [(Self.name, inner)])
  }
}

extension LoginRecord {
  /// What docker reported; `nil` if docker did not store the login.
  public var docker: DockerMember? {
    lockwise.flatMap { LockwiseMember.object($0)[DockerMember.name]?.object }.flatMap { DockerMember($0) }
  }

  /// Returns the changes that mark the login as stored by docker; empty if it is marked so already.
  public func changes(to docker: DockerMember) -> LoginChanges {
    var changes = LoginChanges()
    if docker != self.docker { changes.members = [(LockwiseMember.name, docker.lockwiseMember(in: lockwise))] }
    return changes
  }
}

extension LoginDraft {
  /// Marks the draft as stored by docker.
  public mutating func set(_ docker: DockerMember) {
    let known = members.first { $0.name == LockwiseMember.name }?.json
    members.removeAll { $0.name == LockwiseMember.name }
    members.append((LockwiseMember.name, docker.lockwiseMember(in: known)))
  }
}

/// The realms of logins that docker stores. Such a login answers only requests that name its realm.
public enum DockerRealm {
  /// The realm for a whole registry.
  public static let wholeHost = "docker"
  private static let prefix = "docker:"

  /// Returns the realm for one path of a host, which is not empty.
  public static func realm(path: String) -> String { prefix + path }

  /// Returns whether docker stores logins with a realm.
  public static func contains(_ realm: String?) -> Bool {
    guard let realm else { return false }
    return realm.isSameText(as: wholeHost) || realm.utf8.starts(with: prefix.utf8)
  }
}
