/// What a host program asks for, and the one place where it is decided which login answers.
public struct LoginQuery: Sendable {
  /// Scheme, host and port that the secret will be sent to.
  public var origin: Origin
  /// The user name that the host program insists on; `nil` if any will do.
  public var username: String?
  /// The realms that the server named, if it named any.
  public var realms: [String]

  /// Makes a query.
  public init(origin: Origin, username: String? = nil, realms: [String] = []) {
    self.origin = origin
    self.username = username
    self.realms = realms
  }

  /// The logins that may answer, best first.
  ///
  /// Scheme, host and port must be the same, never a parent or sibling of the host; a user name in the query is
  /// binding. Of several: the one whose realm the server named, then logins for HTTP authentication, then form
  /// logins; of equals the one used last, then the one changed last.
  ///
  /// - Parameter candidates: any logins; those of another origin are dropped here again.
  public func answers(among candidates: [LoginRecord]) -> [LoginRecord] {
    candidates
      .filter { login in
        Origin(login.origin) == origin && (username.map { login.username.isSameText(as: $0) } ?? true)
      }
      .sorted { left, right in
        let (a, b) = (rank(left), rank(right))
        if a != b { return a < b }
        let (x, y) = (left.lastActivity, right.lastActivity)
        return x != y ? x > y : left.guid.utf8.lexicographicallyPrecedes(right.guid.utf8)
      }
  }

  private func rank(_ login: LoginRecord) -> Int {
    guard let realm = login.httpRealm else { return 2 }
    return realms.contains { $0.isSameText(as: realm) } ? 0 : 1
  }
}

extension LoginRecord {
  /// The latest of the times that say something about use, milliseconds since 1970.
  fileprivate var lastActivity: Int64 { max(timeLastUsed, timePasswordChanged, timeCreated) }
}
