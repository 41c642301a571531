import LockwiseCLI
import LockwiseCore

/// The effect of an accepted credential on the choice among several accounts.
///
/// For a path, the account is remembered as the one used there. For a whole host, nothing is remembered if another
/// login would have come first: then a user name in the request or a setting selected the login, and neither applies
/// elsewhere.
struct StoredUse {
  private let credential: VerifiedCredential
  private let vault: Vault
  private let place: [UInt8]
  private let query: LoginQuery
  /// The login that would have been returned before.
  private let expected: LoginRecord?

  /// Examines the logins before the credential is stored.
  ///
  /// - Throws: `VaultError` or `CryptoError` if the vault cannot be used.
  init(of credential: VerifiedCredential, among logins: [LoginRecord], in vault: Vault, now: Seconds) throws {
    self.credential = credential
    self.vault = vault
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

  /// Returns the change of the memory that records the use and removes a refusal of the login; `nil` for no change.
  ///
  /// - Parameters:
  ///   - login: the login that holds the credential now.
  ///   - logins: the logins as they are now.
  /// - Throws: `CryptoError` if libcrypto refuses.
  func memory(of login: LoginRecord, in logins: [LoginRecord]) throws -> ((inout GitMemory) -> Void)? {
    let refusal = query.refused.contains(login.guid) ? try vault.refusal(of: login, by: credential.origin) : nil
    let used = usedLogin(login, in: logins)
    guard refusal != nil || used != nil else { return nil }
    return { memory in
      if let used { memory.recordUse(used, at: place) }
      if let refusal { memory.removeRefusal(refusal) }
    }
  }

  /// Returns the GUID of the login to record as last used here; `nil` for no change.
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
