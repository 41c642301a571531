import LockwiseCLI
import LockwiseCore

/// What a credential that worked says about which of several accounts is to answer next time.
///
/// At a path it says that this account is used there. At a whole host it says nothing if another login would have
/// answered: then git asked with a user name, or a setting named the login, and neither holds elsewhere.
struct StoredUse {
  private let credential: VerifiedCredential
  private let place: [UInt8]
  private let query: LoginQuery
  /// The login that would have answered before.
  private let expected: LoginRecord?

  /// Looks at the logins as they are before the credential is kept.
  ///
  /// - Throws: `VaultError`; `CryptoError`.
  init(of credential: VerifiedCredential, among logins: [LoginRecord], in vault: Vault, now: Int64) throws {
    self.credential = credential
    let memory = try vault.gitMemory()
    place = try vault.place(credential.origin, path: credential.path)
    var query = LoginQuery(origin: credential.origin, realms: credential.realms, path: credential.path)
    query.acceptsAuthtype = credential.authtype != nil
    query.now = now
    query.lastUsed = memory.lastUsed(at: place)
    for login in logins where !memory.isEmpty {
      let refusal = try vault.refusal(of: login, by: credential.origin)
      if memory.isRefused(refusal, now: now) { query.refused.insert(login.guid) }
    }
    self.query = query
    expected = query.matches(among: logins).first
  }

  /// Remembers what has to be remembered, and that the login is no longer refused.
  ///
  /// - Parameters:
  ///   - login: the login that holds the credential now.
  ///   - logins: the logins as they are now.
  /// - Throws: `VaultError`.
  func note(_ login: LoginRecord, in logins: [LoginRecord], _ helper: GitHelper) throws {
    let isRefused = query.refused.contains(login.guid)
    let used = usedLogin(login, in: logins)
    guard isRefused || used != nil else { return }
    try run.remember { vault, memory in
      if let used { memory.recordUse(used, at: place) }
      if isRefused { memory.removeRefusal(try vault.refusal(of: login, by: credential.origin)) }
    }
  }

  /// The login that is to be the one used last here; `nil` if nothing has to be said.
  private func usedLogin(_ login: LoginRecord, in logins: [LoginRecord]) -> String? {
    guard logins.count > 1, credential.path != nil || !query.refused.contains(login.guid) else { return nil }
    var later = query
    later.refused.remove(login.guid)
    let next = later.matches(among: logins).first?.guid
    let wasNamed = expected.map { !$0.username.isSameText(as: login.username) } ?? false
    let wanted = credential.path == nil && wasNamed ? expected?.guid : login.guid
    return next == wanted ? nil : wanted
  }
}
