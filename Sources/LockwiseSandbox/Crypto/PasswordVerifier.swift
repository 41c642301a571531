import Crypto
import CryptoExtras
import Foundation
import Synchronization

/// What the server keeps of a password ("onepw" server side): scrypt, then two HKDF keys.
struct PasswordVerifier: Equatable {
  let verifyHash: [UInt8]
  let wrapwrapKey: [UInt8]
  /// The intermediate value; only the vectors look at it.
  let bigStretchedPW: [UInt8]

  /// N of Mozilla's scrypt.
  static let usualRounds = 65536

  /// Stretches `authPW` (32 bytes) under the account's salt (32 bytes): scrypt N=65536, r=8, p=1.
  ///
  /// - Throws: when BoringSSL refuses the parameters.
  init(authPW: [UInt8], authSalt: [UInt8], rounds: Int = usualRounds) throws {
    let key = try KDF.Scrypt.deriveKey(
      from: authPW, salt: authSalt, outputByteCount: 32, rounds: rounds, blockSize: 8, parallelism: 1,
      maxMemory: 128 << 20)
    bigStretchedPW = key.withUnsafeBytes { Array($0) }
    verifyHash = Derive.hkdf(key, info: Derive.namespace + "verifyHash", count: 32)
    wrapwrapKey = Derive.hkdf(key, info: Derive.namespace + "wrapwrapKey", count: 32)
  }
}

/// Remembers stretched values by a digest of their inputs, so that a run of tests pays for scrypt once.
enum PasswordVerifierCache {
  private static let known = Mutex<[[UInt8]: PasswordVerifier]>([:])

  static func verifier(authPW: [UInt8], authSalt: [UInt8], rounds: Int) throws -> PasswordVerifier {
    let digest = Derive.sha256(authSalt + authPW + Array("\(rounds)".utf8))
    if let verifier = known.withLock({ $0[digest] }) { return verifier }
    let verifier = try PasswordVerifier(authPW: authPW, authSalt: authSalt, rounds: rounds)
    known.withLock { $0[digest] = verifier }
    return verifier
  }
}
