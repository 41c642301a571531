import LockwiseCLI
import LockwiseCore

extension Candidates {
  /// The logins that may answer git: those of the origin; if it has none, those of the first alias that has some, then
  /// those of the proxy, if git uses one at the origin.
  ///
  /// - Throws: `VaultError`.
  init(at origin: Origin, in vault: Vault, settings: GitSettings) throws {
    try self.init(at: origin, else: settings.aliases(of: origin)) { try vault.logins(at: $0) }
    guard logins.isEmpty, let proxy = GitProxies.firefoxOrigin(of: origin) else { return }
    // git is asked for its proxies only where there is a login for one.
    let found = try vault.logins(at: proxy)
    if !found.isEmpty, settings.isProxy(origin) { self.init(at: proxy, else: []) { _ in found } }
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
