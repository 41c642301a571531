/// Keyed digests that identify values without revealing them. Only the vault's key can make them.
public enum KeyedDigest {
  /// The length of a digest in bytes.
  public static let byteCount = 16

  /// The purpose of a digest: digests of different purposes are unrelated. Purposes are open; a module that needs one
  /// names it.
  public struct Purpose: Equatable, Sendable {
    /// Separates it from other purposes and from look-up tokens (`LookupToken.Kind`): 16 or more.
    let value: UInt8

    /// Creates a purpose, a constant of the code.
    ///
    /// - Precondition: `value` is 16 or more.
    public init(_ value: UInt8) {
      precondition(value >= 16, "kinds of look-up tokens are below 16")
      self.value = value
    }
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
