import LockwiseCore

/// Finds the login that a name refers to, through keyed look-up tokens: without reading any other login.
struct EntryLookup {
  private let vault: Vault
  /// The name without leading slashes.
  private let name: String

  /// Makes a look-up.
  ///
  /// - Parameter name: a name as it is shown, a URL or a GUID. Leading slashes do no harm.
  init(_ name: String, in vault: Vault) {
    self.vault = vault
    self.name = Self.withoutLeadingSlashes(name)
  }

  /// Several logins that a name refers to.
  struct Ambiguity: Error {
    /// The logins, at least two.
    let logins: [LoginRecord]
  }

  /// Returns a name without the slashes at its beginning.
  static func withoutLeadingSlashes(_ name: String) -> String {
    String(name.utf8.drop { $0 == UInt8(ascii: "/") }) ?? ""
  }

  /// Returns the login; `nil` if there is none.
  ///
  /// A name as it is shown comes first, then another way to write origin and user name, then a URL, then a GUID.
  ///
  /// - Throws: `Ambiguity` if the name refers to several logins; `VaultError`.
  func login() throws -> LoginRecord? {
    guard !name.isEmpty else { return nil }
    let candidates = try candidates()
    let rules: [(LoginRecord) -> Bool] = [
      { EntryList.Source($0).name.isSameText(as: name) },
      { isNumbered($0) },
      { EntryName(name).matches($0) },
    ]
    for rule in rules {
      if let login = try only(candidates.filter(rule)) { return login }
    }
    return try vault.login(guid: name)
  }

  /// Returns the login that is meant: the only one, or the only one for a form.
  private func only(_ logins: [LoginRecord]) throws -> LoginRecord? {
    guard logins.count > 1 else { return logins.first }
    let forms = logins.filter { $0.httpRealm == nil }
    guard forms.count == 1 else { throw Ambiguity(logins: logins) }
    return forms[0]
  }

  /// The logins that can have the name.
  private func candidates() throws -> [LoginRecord] {
    var found: [LoginRecord] = []
    func add(_ logins: [LoginRecord]) {
      found += logins.filter { login in !found.contains { $0.guid == login.guid } }
    }
    try add(vault.logins(named: name))
    if let base { try add(vault.logins(named: base)) }
    for origin in origins { try add(vault.logins(at: origin)) }
    return found
  }

  /// The name without `#` and the digits after it; `nil` if there are none.
  private var base: String? {
    guard let hash = name.utf8.lastIndex(of: UInt8(ascii: "#")), hash > name.startIndex,
      name.utf8.index(after: hash) < name.endIndex
    else { return nil }
    return String(name[..<hash])
  }

  /// Returns whether the name is that of a login, `#` and digits of its GUID.
  private func isNumbered(_ login: LoginRecord) -> Bool {
    guard let base, EntryList.Source(login).name.isSameText(as: base) else { return false }
    let digits = name.utf8.dropFirst(base.utf8.count + 1)
    return login.guid.utf8.drop { $0 == UInt8(ascii: "{") }.starts(with: digits)
  }

  /// The origins that the first part of the name can mean.
  private var origins: [Origin] {
    if name.utf8.firstRange(of: "://") != nil { return [Origin(name)].compactMap { $0 } }
    var origins: [Origin?] = []
    for end in [UInt8(ascii: "/"), UInt8(ascii: "#")] {
      let place = name[..<(name.utf8.firstIndex(of: end) ?? name.endIndex)]
      origins.append(Origin(scheme: "https", authority: String(place)))
      if let colon = place.utf8.firstIndex(of: UInt8(ascii: ":")) {
        let authority = String(place[place.utf8.index(after: colon)...])
        origins.append(Origin(scheme: String(place[..<colon]), authority: authority))
      }
    }
    return origins.compactMap { $0 }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
