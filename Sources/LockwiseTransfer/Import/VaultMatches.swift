import LockwiseCore

/// The logins of a vault that rows of a file may be about.
struct VaultMatches {
  private var wanted: Set<LoginKey>
  private var wantedGUIDs: Set<[UInt8]>
  private var candidates: [LoginKey: [LoginRecord]] = [:]
  /// The ids of rows that logins of the vault have.
  private(set) var usedGUIDs: Set<String> = []

  /// Begins to collect the logins for rows.
  init(for rows: [ImportRow]) {
    wanted = Set(rows.map { LoginKey($0.login) })
    wantedGUIDs = Set(rows.map { Array($0.login.guid.utf8) })
  }

  /// Keeps a login of the vault if a row may be about it.
  mutating func add(_ login: LoginRecord) {
    if wantedGUIDs.contains(Array(login.guid.utf8)) { usedGUIDs.insert(login.guid) }
    let key = LoginKey(login)
    if wanted.contains(key) { candidates[key, default: []].append(login) }
  }

  /// Returns the login of each row; `nil` for a row that the vault lacks. No login is that of two rows.
  ///
  /// A row is about the login that Firefox would treat as the same. Where there is none, a login for any form is about
  /// one for a certain form of the site, and the other way around, because other programs do not keep the form's
  /// address. A login of git is about one for any realm.
  func matches(of rows: [ImportRow]) -> [LoginRecord?] {
    var taken: Set<String> = []
    var matches: [LoginRecord?] = rows.map { row in
      let match = candidates[LoginKey(row.login)]?.first { $0.isSameLogin(as: row.login) }
      if let match { taken.insert(match.guid) }
      return match
    }
    for index in rows.indices where matches[index] == nil {
      let row = rows[index]
      let similar = (candidates[LoginKey(row.login)] ?? []).filter {
        !taken.contains($0.guid) && Self.isSimilar($0, to: row)
      }
      let match =
        similar.first { $0.hasSamePassword(as: row.login) }
        ?? similar.filter { !Self.isOtherKind($0, than: row) }.max { $0.timePasswordChanged < $1.timePasswordChanged }
      if let match { taken.insert(match.guid) }
      matches[index] = match
    }
    return matches
  }

  private static func isSimilar(_ login: LoginRecord, to row: ImportRow) -> Bool {
    switch (login.target, row.login.target) {
    case (.form(let theirs), .form(let ours)): theirs.isEmpty || ours.isEmpty
    case (.realm, .realm): row.acceptsAnyRealm && !DockerRealm.contains(login.httpRealm) && login.gitPath == nil
    // A web site's login with the same password answers git as well.
    case (.form, .realm): row.acceptsAnyRealm && login.hasSamePassword(as: row.login)
    case (.realm, .form): false
    }
  }

  private static func isOtherKind(_ login: LoginRecord, than row: ImportRow) -> Bool {
    (login.httpRealm == nil) != (row.login.httpRealm == nil)
  }
}
