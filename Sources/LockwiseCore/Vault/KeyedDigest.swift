/// Keyed digests by which the suite knows again what it has seen, without keeping it and without anybody else being able
/// to make one.
public enum KeyedDigest {
  /// The length in bytes.
  public static let byteCount = 16

  /// What a digest is for. The value separates them from each other, and from look-up tokens (`LookupToken.Kind`).
  public enum Purpose: UInt8, Sendable {
    /// What git's helper answered.
    case answer = 16
    /// A password that a host refused.
    case refusal = 17
    /// A host and a path where a login was used.
    case place = 18
  }

  /// Whether two digests are the same, in constant time.
  public static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { l in right.withUnsafeBytes { constantTimeEqual(l, $0) } }
  }
}

extension Vault {
  /// The digest of some texts under this vault's key.
  ///
  /// - Throws: `CryptoError` if libcrypto refuses.
  public func digest(_ purpose: KeyedDigest.Purpose, _ parts: [SecretBytes]) throws -> [UInt8] {
    try keys.digest(purpose, parts)
  }
}
