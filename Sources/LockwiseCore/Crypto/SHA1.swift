import COpenSSL

/// SHA-1 (FIPS 180-4), for older formats that require it.
public enum SHA1 {
  /// The length of a digest in bytes.
  public static let byteCount = 20

  /// Returns the 20-byte digest of a secret as a secret.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto has no SHA-1.
  public static func hash(_ message: SecretBytes) throws -> SecretBytes {
    try OpenSSL.initialize()
    return try SecretBytes(count: byteCount) { digest in
      let done = message.withUnsafeBytes {
        EVP_Digest(
          $0.baseAddress, $0.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil, EVP_sha1(), nil)
      }
      guard done == 1 else { throw CryptoError.unavailable }
    }
  }
}

/// HMAC with SHA-1 (RFC 2104, RFC 2202).
public enum HMACSHA1 {
  /// Returns the 20-byte authentication code of a secret message as a secret.
  ///
  /// - Parameters:
  ///   - message: the message.
  ///   - key: at least one byte.
  /// - Throws: `CryptoError.incorrectSize` if the key is empty; `CryptoError.unavailable` if libcrypto refuses.
  public static func authenticationCode(for message: SecretBytes, key: SecretBytes) throws -> SecretBytes {
    try HMACDigest.sha1.authenticationCode(for: message, key: key)
  }
}
