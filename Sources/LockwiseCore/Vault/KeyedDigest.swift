/// Keyed digests that identify values without revealing them. Only the vault's key can make them.
public enum KeyedDigest {
  /// The length of a digest in bytes.
  public static let byteCount = 16

  /// The purpose of a digest. Its value separates the purposes from each other and from look-up tokens
  /// (`LookupToken.Kind`).
  public enum Purpose: UInt8, Sendable {
    /// A response of `git-credential-lockwise`.
    case answer = 16
    /// A password that a host rejected.
    case refusal = 17
    /// A host and a path where a login was used.
    case place = 18
  }

  /// Returns whether two digests are equal. Takes constant time.
  public static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { l in right.withUnsafeBytes { constantTimeEqual(l, $0) } }
  }
}

extension Vault {
  /// Returns the digest of a list of values under this vault's key.
  ///
  /// - Throws: `CryptoError` if libcrypto refuses.
  public func digest(_ purpose: KeyedDigest.Purpose, _ parts: [SecretBytes]) throws -> [UInt8] {
    try keys.digest(purpose, parts)
  }
}
