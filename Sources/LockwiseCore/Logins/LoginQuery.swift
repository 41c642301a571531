/// A request for a login, and the rules by which logins match it. All programs use these rules.
public struct LoginQuery: Sendable {
  /// The scheme, host and port that will receive the secret.
  public var origin: Origin
  /// The required user name; `nil` accepts any.
  public var username: String?
  /// The realms that the server named; empty if it named none.
  var realms: [String]
  /// The requested path; `nil` if the host program names none. A login bound to another path never matches.
  public var path: String?
  /// The entry that a setting requires for this host.
  public var pin: EntryName?
  /// The current time. Logins whose password has expired do not match.
  public var now: Seconds = 0
  /// Whether the host program accepts `authtype` credentials, such as bearer tokens.
  public var acceptsAuthtype = false
  /// The GUIDs of logins that the host rejected.
  public var refused: Set<String> = []
  /// The GUID of the login last used for this host and path.
  public var lastUsed: String?

  /// Makes a query.
  public init(origin: Origin, username: String? = nil, realms: [String] = [], path: String? = nil) {
    self.origin = origin
    self.username = username
    self.realms = realms
    self.path = path
  }

  /// Returns the matching logins, best first.
  ///
  /// Scheme, host and port must be equal: a parent or sibling domain never matches. A user name or pin in the query
  /// must match, and so must a login's path. An entry without a password, or with a one-time code in its place, never
  /// matches. A login of docker matches only if its realm is named: it can be a token for docker alone.
  ///
  /// Logins for the path come first, then those whose realm the server named, then other logins for HTTP
  /// authentication, then logins bound to a path, then form logins. Within each group, the login last used here comes
  /// first. The rest are ordered by their latest use, creation or password change.
  ///
  /// - Parameter candidates: any logins. Those of another origin are dropped.
  public func matches(among candidates: [LoginRecord]) -> [LoginRecord] {
    let matches = candidates.filter { isMatch($0) && !isExpired($0) }
    // By far the most frequent case.
    guard matches.count > 1 else { return matches }
    return matches.sorted { left, right in
      let (a, b) = (rank(left), rank(right))
      if a != b { return a < b }
      if (left.guid == lastUsed) != (right.guid == lastUsed) { return left.guid == lastUsed }
      let (x, y) = (left.lastActivity, right.lastActivity)
      return x != y ? x > y : left.guid.utf8.lexicographicallyPrecedes(right.guid.utf8)
    }
  }

  /// Returns a login that would match if its password had not expired, and that has a refresh token; `nil` if there is
  /// none.
  ///
  /// - Parameter candidates: any logins. Those of another origin are dropped.
  public func renewable(among candidates: [LoginRecord]) -> LoginRecord? {
    candidates.first { isMatch($0) && isExpired($0) && $0.git.oauthRefreshToken != nil }
  }

  private func isMatch(_ login: LoginRecord) -> Bool {
    guard Origin(login.origin) == origin, username.map({ login.username.isSameText(as: $0) }) ?? true,
      !refused.contains(login.guid), acceptsAuthtype || login.git.authtype == nil, login.hasPassword
    else { return false }
    if DockerRealm.contains(login.httpRealm), !isRealmNamed(login) { return false }
    if let path, let bound = login.gitPath, !bound.isSameText(as: path) { return false }
    return pin?.matches(login) ?? true
  }

  private func isExpired(_ login: LoginRecord) -> Bool { login.git.passwordExpiry.map { $0 <= now } ?? false }

  private func rank(_ login: LoginRecord) -> Int {
    guard let realm = login.httpRealm else { return 4 }
    if login.gitPath != nil { return path == nil ? 3 : 0 }
    return realms.contains { $0.isSameText(as: realm) } ? 1 : 2
  }

  private func isRealmNamed(_ login: LoginRecord) -> Bool {
    login.httpRealm.map { realm in realms.contains { $0.isSameText(as: realm) } } ?? false
  }
}

extension LoginRecord {
  /// The latest time of use, creation or password change.
  fileprivate var lastActivity: Milliseconds { max(timeLastUsed, timePasswordChanged, timeCreated) }
}
