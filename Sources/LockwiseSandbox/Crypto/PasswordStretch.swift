import Crypto
import CryptoExtras
import Foundation

/// What a client makes of a password before anything is sent ("onepw" client-side stretching).
///
/// The sandbox needs it only to set up an account from its password.
struct PasswordStretch {
  static let saltPrefixV2 = Derive.namespace + "quickStretchV2:"

  /// Sent to the server in place of the password; 32 bytes.
  let authPW: [UInt8]
  /// Never sent; unwraps kB; 32 bytes.
  let unwrapBKey: [UInt8]

  /// Stretching version 1: 1000 rounds, salted with the address.
  init(email: String, password: String) throws {
    try self.init(password, salt: Derive.namespace + "quickStretch:" + email, rounds: 1000)
  }

  /// Stretching version 2: 650000 rounds, salted with the account's client salt, used as text.
  init(clientSalt: String, password: String) throws {
    try self.init(password, salt: clientSalt, rounds: 650_000)
  }

  private init(_ password: String, salt: String, rounds: Int) throws {
    // Unchecked, because swift-crypto refuses fewer rounds than today's advice, and version 1 has 1000.
    let stretched = try KDF.Insecure.PBKDF2.deriveKey(
      from: Array(password.utf8), salt: Array(salt.utf8), using: .sha256, outputByteCount: 32,
      unsafeUncheckedRounds: rounds)
    authPW = Derive.hkdf(stretched, info: Derive.namespace + "authPW", count: 32)
    unwrapBKey = Derive.hkdf(stretched, info: Derive.namespace + "unwrapBkey", count: 32)
  }
}
