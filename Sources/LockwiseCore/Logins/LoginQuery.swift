/// What a host program asks for, and the one place where it is decided which login answers.
public struct LoginQuery: Sendable {
  /// Scheme, host and port that the secret will be sent to.
  public var origin: Origin
  /// The user name that the host program insists on; `nil` if any will do.
  public var username: String?
  /// The realms that the server named, if it named any.
  public var realms: [String]
  /// The path that the secret is for, where the host program tells one. A login that is bound to another never answers.
  public var path: String?
  /// The entry that a setting names for this host; binding.
  public var pin: EntryName?
  /// Seconds since 1970: passwords that have expired by then are not offered.
  public var now: Int64 = 0
  /// Whether the host program takes credentials of other schemes than a user name and a password.
  public var takesAuthtype = false
  /// GUIDs of logins that the host refused.
  public var refused: Set<String> = []
  /// The GUID of the login that was used here last.
  public var lastUsed: String?

  /// Makes a query.
  public init(origin: Origin, username: String? = nil, realms: [String] = [], path: String? = nil) {
    self.origin = origin
    self.username = username
    self.realms = realms
    self.path = path
  }

  /// The logins that may answer, best first.
  ///
  /// Scheme, host and port must be the same, never a parent or sibling of the host; a user name in the query is
  /// binding, and so are a pin and a path to which a login is bound. Of several: the one for the path, then the one whose
  /// realm the server named, then logins for HTTP authentication, then those bound to some path, then form logins; of
  /// equals the one used here last, then the one used last anywhere, then the one changed last.
  ///
  /// - Parameter candidates: any logins; those of another origin are dropped here again.
  public func answers(among candidates: [LoginRecord]) -> [LoginRecord] {
    let fitting = candidates.filter { isFitting($0) && !isExpired($0) }
    // The most frequent case by far.
    guard fitting.count > 1 else { return fitting }
    return fitting.sorted { left, right in
      let (a, b) = (rank(left), rank(right))
      if a != b { return a < b }
      if (left.guid == lastUsed) != (right.guid == lastUsed) { return left.guid == lastUsed }
      let (x, y) = (left.lastActivity, right.lastActivity)
      return x != y ? x > y : left.guid.utf8.lexicographicallyPrecedes(right.guid.utf8)
    }
  }

  /// A login that would answer if its password had not expired, and that holds a token to get a new one with.
  ///
  /// - Parameter candidates: as above.
  public func renewable(among candidates: [LoginRecord]) -> LoginRecord? {
    candidates.first { isFitting($0) && isExpired($0) && $0.git.oauthRefreshToken != nil }
  }

  private func isFitting(_ login: LoginRecord) -> Bool {
    guard Origin(login.origin) == origin, username.map({ login.username.isSameText(as: $0) }) ?? true,
      !refused.contains(login.guid), takesAuthtype || login.git.authtype == nil
    else { return false }
    if let path, let bound = login.gitPath, !bound.isSameText(as: path) { return false }
    return pin?.names(login) ?? true
  }

  private func isExpired(_ login: LoginRecord) -> Bool { login.git.passwordExpiry.map { $0 <= now } ?? false }

  private func rank(_ login: LoginRecord) -> Int {
    guard let realm = login.httpRealm else { return 4 }
    if login.gitPath != nil { return path == nil ? 3 : 0 }
    return realms.contains { $0.isSameText(as: realm) } ? 1 : 2
  }
}

extension LoginRecord {
  /// The latest of the times that say something about use, milliseconds since 1970.
  fileprivate var lastActivity: Int64 { max(timeLastUsed, timePasswordChanged, timeCreated) }
}
