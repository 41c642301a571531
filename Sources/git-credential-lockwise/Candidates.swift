import LockwiseCore

/// The logins that a request can be about.
struct Candidates {
  /// Where they belong.
  let origin: Origin
  let logins: [LoginRecord]

  /// The logins of the origin; if it has none, those of the first alias that has some, then those of the proxy, if the
  /// origin is one.
  ///
  /// - Throws: `VaultError`.
  init(at origin: Origin, in vault: Vault, settings: GitSettings) throws {
    let logins = try vault.logins(at: origin)
    guard logins.isEmpty else {
      (self.origin, self.logins) = (origin, logins)
      return
    }
    for alias in settings.aliases(of: origin) {
      let logins = try vault.logins(at: alias)
      guard !logins.isEmpty else { continue }
      (self.origin, self.logins) = (alias, logins)
      return
    }
    // git is asked for its proxies only where there is a login for one.
    if let proxy = GitProxies.firefoxOrigin(of: origin) {
      let logins = try vault.logins(at: proxy)
      if !logins.isEmpty, settings.isProxy(origin) {
        (self.origin, self.logins) = (proxy, logins)
        return
      }
    }
    (self.origin, self.logins) = (origin, [])
  }
}

extension Vault {
  /// Identifies a place of use.
  ///
  /// - Throws: `CryptoError` if libcrypto refuses.
  func place(_ origin: Origin, path: String?) throws -> [UInt8] {
    try digest(.place, [SecretBytes(utf8: origin.serialized), SecretBytes(utf8: path ?? "")])
  }
}
