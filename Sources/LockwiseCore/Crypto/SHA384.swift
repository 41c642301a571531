import COpenSSL

/// SHA-384 (FIPS 180-4).
public enum SHA384 {
  /// The length of a digest in bytes.
  public static let byteCount = 48

  /// Returns the 48-byte digest of a secret as a secret.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto has no SHA-384.
  public static func hash(_ message: SecretBytes) throws -> SecretBytes {
    try OpenSSL.initialize()
    return try SecretBytes(count: byteCount) { digest in
      let done = message.withUnsafeBytes {
        EVP_Digest(
          $0.baseAddress, $0.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil, EVP_sha384(), nil)
      }
      guard done == 1 else { throw CryptoError.unavailable }
    }
  }
}
