import LockwiseCLI
import LockwiseCore

/// A login that git is not offered for a while, because a host refused it.
public struct RefusedLogin: Equatable, Sendable {
  /// The login's entry name.
  public let name: String
  /// The origin that rejected it, serialized.
  public let origin: String
  /// The end of the refusal.
  public let until: Seconds
}

extension Vault {
  /// Returns the digest of a refusal: the origin, the login and its password.
  ///
  /// - Throws: `CryptoError` if libcrypto refuses.
  public func refusal(of login: LoginRecord, by origin: Origin) throws -> [UInt8] {
    try refusal(of: login, by: origin.serialized)
  }

  private func refusal(of login: LoginRecord, by origin: String) throws -> [UInt8] {
    try digest(.refusal, [SecretBytes(utf8: origin), SecretBytes(utf8: login.guid), login.password])
  }

  /// Returns the logins that are not offered to git now, newest refusal first. Logins whose password has changed since
  /// are not included.
  ///
  /// - Parameter now: the current time.
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  public func refusedLogins(now: Seconds) throws -> [RefusedLogin] {
    try gitMemory().refusals.compactMap { refusal in
      guard refusal.applies(now), let login = try login(guid: refusal.guid),
        KeyedDigest.isSame(try self.refusal(of: login, by: refusal.origin), refusal.digest)
      else { return nil }
      return RefusedLogin(name: EntryName(of: login).text, origin: refusal.origin, until: refusal.until)
    }
  }
}
