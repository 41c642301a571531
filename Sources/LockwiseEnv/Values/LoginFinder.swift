import LockwiseCore

/// Finds the login of a reference.
struct LoginFinder {
  /// The vault.
  let vault: Vault

  /// Returns the only login that a reference names.
  ///
  /// - Throws: `ResolutionFailure` if there is none, or several; `VaultError`.
  func find(_ login: Reference.Login) throws -> LoginRecord {
    let logins = try candidates(login)
    guard let first = logins.first else { throw ResolutionFailure.noLogin }
    guard logins.count == 1 else {
      throw ResolutionFailure.ambiguous(try logins.map { try reference(to: $0).text }.sorted())
    }
    return first
  }

  /// Returns the reference that names a login and no other one.
  ///
  /// - Throws: `VaultError`.
  func reference(to login: LoginRecord, field: ReferenceField = .password) throws -> Reference {
    let others: [LoginRecord]
    switch Reference.Place(of: login) {
    case nil: others = []
    case .site(let origin): others = try vault.logins(at: origin)
    case .free(let firstPart): others = try freeEntries(firstPart, login.username)
    }
    return LoginReferences((others + [login]).map { .init($0) }).reference(to: .init(login), field: field)
  }

  private func candidates(_ login: Reference.Login) throws -> [LoginRecord] {
    switch login {
    case .guid(let guid):
      // Some clients write UUIDs without braces.
      let found =
        try vault.login(guid: guid) ?? vault.login(guid: String(decoding: GUIDPrefix.text(of: guid), as: UTF8.self))
      return found.map { [$0] } ?? []
    case .entry(let place, let username, let digits):
      return try logins(at: place, username).filter { login in
        digits.map { GUIDPrefix.text(of: login.guid).starts(with: $0.utf8) } ?? true
      }
    }
  }

  private func logins(at place: Reference.Place, _ username: String?) throws -> [LoginRecord] {
    switch place {
    case .free(let firstPart): return try freeEntries(firstPart, username)
    case .site(let origin):
      return try vault.logins(at: origin).filter { login in username.map(login.username.isSameText) ?? true }
    }
  }

  /// Returns the entries that lockwise-pass lists under a name: free entries, and logins with this name of their own.
  private func freeEntries(_ firstPart: String, _ username: String?) throws -> [LoginRecord] {
    let origin = Origin(FreeEntry.origin(firstPart: firstPart))
    let free = try origin.map(vault.logins(at:)) ?? []
    let name = EntryName(firstPart + (username.map { $0.isEmpty ? "" : "/" + $0 } ?? "")).shown
    let named = try vault.logins(named: name)
    var known: Set<String> = []
    return (free.filter { login in username.map(login.username.isSameText) ?? true } + named).filter {
      known.insert($0.guid).inserted
    }
  }
}

/// The characters of a GUID that distinguish logins of one name.
enum GUIDPrefix {
  /// Returns a GUID without its braces.
  static func text(of guid: String) -> [UInt8] {
    guid.utf8.filter { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
  }
}

extension Reference.Place {
  /// Makes the place of a login; `nil` if only its GUID names it.
  init?(of login: LoginRecord) {
    guard let origin = Origin(login.origin), !origin.host.isEmpty else { return nil }
    if origin.scheme == FreeEntry.scheme {
      guard let firstPart = FreeEntry.firstPart(of: origin) else { return nil }
      self = .free(firstPart: firstPart)
    } else {
      self = .site(origin)
    }
  }
}
