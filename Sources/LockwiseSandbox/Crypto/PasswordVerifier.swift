import Crypto
import CryptoExtras
import Foundation
import Synchronization

/// The server's stretching of a password ("onepw" protocol): scrypt, then two HKDF keys.
struct PasswordVerifier: Equatable {
  let verifyHash: [UInt8]
  let wrapwrapKey: [UInt8]
  /// The result of scrypt, which only tests with published vectors read.
  let bigStretchedPW: [UInt8]

  /// The scrypt parameter N of Mozilla's servers.
  static let defaultRounds = 65536

  /// Stretches `authPW` with the account's salt, 32 bytes each, by scrypt with r=8 and p=1.
  ///
  /// - Throws: an error if BoringSSL refuses the parameters.
  init(authPW: [UInt8], authSalt: [UInt8], rounds: Int = defaultRounds) throws {
    let key = try KDF.Scrypt.deriveKey(
      from: authPW, salt: authSalt, outputByteCount: 32, rounds: rounds, blockSize: 8, parallelism: 1,
      maxMemory: 128 << 20)
    bigStretchedPW = key.withUnsafeBytes { Array($0) }
    verifyHash = Derive.hkdf(key, info: Derive.namespace + "verifyHash", count: 32)
    wrapwrapKey = Derive.hkdf(key, info: Derive.namespace + "wrapwrapKey", count: 32)
  }
}

/// A cache of verifiers by a digest of their inputs, so that a test run computes each only once.
enum PasswordVerifierCache {
  private static let known = Mutex<[[UInt8]: PasswordVerifier]>([:])

  /// Returns the verifier for these inputs.
  ///
  /// - Throws: an error if BoringSSL refuses the parameters.
  static func verifier(authPW: [UInt8], authSalt: [UInt8], rounds: Int) throws -> PasswordVerifier {
    let digest = Derive.sha256(authSalt + authPW + Array("\(rounds)".utf8))
    if let verifier = known.withLock({ $0[digest] }) { return verifier }
    let verifier = try PasswordVerifier(authPW: authPW, authSalt: authSalt, rounds: rounds)
    known.withLock { $0[digest] = verifier }
    return verifier
  }
}
