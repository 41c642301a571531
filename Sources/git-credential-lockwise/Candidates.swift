import LockwiseCore

/// The logins that a request can be about.
struct Candidates {
  /// Where they belong.
  let origin: Origin
  let logins: [LoginRecord]

  /// The logins of the origin; if it has none, those of the first alias that has some.
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
    (self.origin, self.logins) = (origin, [])
  }
}

extension Vault {
  /// By what a refusal is known again: who refused which login with which password.
  ///
  /// - Throws: `CryptoError` if libcrypto refuses.
  func refusal(of login: LoginRecord, by origin: Origin) throws -> [UInt8] {
    try digest(.refusal, [SecretBytes(utf8: origin.serialized), SecretBytes(utf8: login.guid), login.password])
  }

  /// By what a place of use is known again.
  ///
  /// - Throws: `CryptoError` if libcrypto refuses.
  func place(_ origin: Origin, path: String?) throws -> [UInt8] {
    try digest(.place, [SecretBytes(utf8: origin.serialized), SecretBytes(utf8: path ?? "")])
  }
}
