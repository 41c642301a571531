import Crypto
import Foundation

/// HKDF, HMAC and random bytes as plain byte arrays.
enum Derive {
  /// The prefix of every HKDF info text of Mozilla accounts ("onepw" protocol).
  static let namespace = "identity.mozilla.com/picl/v1/"

  static func hkdf(_ secret: some ContiguousBytes, salt: [UInt8] = [], info: String, count: Int) -> [UInt8] {
    let key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: secret), salt: salt, info: Array(info.utf8), outputByteCount: count
    )
    return key.withUnsafeBytes { Array($0) }
  }

  static func hmac(_ key: some ContiguousBytes, _ data: some DataProtocol) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: key)))
  }

  static func sha256(_ data: some DataProtocol) -> [UInt8] { Array(SHA256.hash(data: data)) }

  static func random(_ count: Int) -> [UInt8] {
    SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
  }

  static func xor(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { zip(left, right).map { $0 ^ $1 } }

  /// Compares in a time that depends on the lengths only.
  static func equal(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
    let left = Array(left)
    let right = Array(right)
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
