import Crypto
import Foundation

/// Hashes, HKDF, HMAC and random bytes, as byte arrays.
enum Derive {
  /// The prefix of every HKDF info text of Mozilla accounts ("onepw" protocol).
  static let namespace = "identity.mozilla.com/picl/v1/"

  /// Derives `count` bytes by HKDF-SHA256 (RFC 5869).
  static func hkdf(_ secret: some ContiguousBytes, salt: [UInt8] = [], info: String, count: Int) -> [UInt8] {
    let key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: secret), salt: salt, info: Array(info.utf8), outputByteCount: count
    )
    return key.withUnsafeBytes { Array($0) }
  }

  /// Returns the HMAC-SHA256 of data (RFC 2104).
  static func hmac(_ key: some ContiguousBytes, _ data: some DataProtocol) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: key)))
  }

  /// Returns the SHA-256 digest of data.
  static func sha256(_ data: some DataProtocol) -> [UInt8] { Array(SHA256.hash(data: data)) }

  /// Returns random bytes.
  static func random(_ count: Int) -> [UInt8] {
    SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
  }

  /// Returns the bitwise exclusive or, as long as the shorter side.
  static func xor(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { zip(left, right).map { $0 ^ $1 } }

  /// Compares bytes in a time that depends only on the lengths.
  static func equal(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
    let left = Array(left)
    let right = Array(right)
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
