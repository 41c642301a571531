/// The realms of logins that git's helper makes where the server named none.
public enum GitRealm {
  /// For a whole host.
  public static let wholeHost = "git"
  private static let prefix = "git:"

  /// For one path of a host (`credential.useHttpPath`).
  public static func realm(path: String) -> String { prefix + path }

  /// The path that a realm stands for; `nil` for every other realm.
  static func path(of realm: String?) -> String? {
    guard let realm, realm.utf8.starts(with: prefix.utf8) else { return nil }
    return String(realm.dropFirst(prefix.count))
  }
}

extension LoginRecord {
  /// The path to which git's helper bound the login; `nil` if it is for a whole host.
  public var gitPath: String? { GitRealm.path(of: httpRealm) }
}
