import COpenSSL

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
  /// The length of a digest in bytes.
  static let byteCount = 32

  /// Returns the 32-byte digest of `message`.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto has no SHA-256.
  public static func hash(_ message: UnsafeRawBufferPointer) throws -> [UInt8] {
    try OpenSSL.initialize()
    var digest = [UInt8](repeating: 0, count: byteCount)
    guard EVP_Digest(message.baseAddress, message.count, &digest, nil, OpenSSL.sha256, nil) == 1 else {
      throw CryptoError.unavailable
    }
    return digest
  }

  /// Returns the 32-byte digest of `message`.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto has no SHA-256.
  public static func hash(_ message: [UInt8]) throws -> [UInt8] {
    try message.withUnsafeBytes { try hash($0) }
  }

  /// Returns the 32-byte digest of a secret as a secret.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto has no SHA-256.
  public static func hash(_ message: SecretBytes) throws -> SecretBytes {
    try OpenSSL.initialize()
    return try SecretBytes(count: byteCount) { digest in
      let done = message.withUnsafeBytes {
        EVP_Digest(
          $0.baseAddress, $0.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil,
          OpenSSL.sha256, nil)
      }
      guard done == 1 else { throw CryptoError.unavailable }
    }
  }
}
