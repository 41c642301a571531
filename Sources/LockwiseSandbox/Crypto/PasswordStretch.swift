import Crypto
import CryptoExtras
import Foundation

/// The client's stretching of a password ("onepw" protocol), which the sandbox needs to set up an account.
struct PasswordStretch {
  static let saltPrefixV2 = Derive.namespace + "quickStretchV2:"

  /// The value that the client sends in place of the password; 32 bytes.
  let authPW: [UInt8]
  /// The key that unwraps kB, which the client never sends; 32 bytes.
  let unwrapBKey: [UInt8]

  /// Stretches by version 1: 1000 rounds, with the address as salt.
  ///
  /// - Throws: an error if the key derivation fails.
  init(email: String, password: String) throws {
    try self.init(password, salt: Derive.namespace + "quickStretch:" + email, rounds: 1000)
  }

  /// Stretches by version 2: 650,000 rounds, with the text of the account's client salt.
  ///
  /// - Throws: an error if the key derivation fails.
  init(clientSalt: String, password: String) throws {
    try self.init(password, salt: clientSalt, rounds: 650_000)
  }

  private init(_ password: String, salt: String, rounds: Int) throws {
    // Unchecked, because swift-crypto refuses as few rounds as version 1 has.
    let stretched = try KDF.Insecure.PBKDF2.deriveKey(
      from: Array(password.utf8), salt: Array(salt.utf8), using: .sha256, outputByteCount: 32,
      unsafeUncheckedRounds: rounds)
    authPW = Derive.hkdf(stretched, info: Derive.namespace + "authPW", count: 32)
    unwrapBKey = Derive.hkdf(stretched, info: Derive.namespace + "unwrapBkey", count: 32)
  }
}
