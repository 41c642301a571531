import COpenSSL

/// HMAC with SHA-256 (RFC 2104, RFC 4231).
public enum HMACSHA256 {
  /// The authentication code's length in bytes.
  public static let byteCount = 32

  /// The authentication code of `message` under `key`: 32 bytes.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public static func authenticationCode(
    for message: UnsafeRawBufferPointer, key: SecretBytes
  ) throws -> [UInt8] {
    try OpenSSL.initialize()
    var code = [UInt8](repeating: 0, count: byteCount)
    let done = key.withUnsafeBytes { keyBytes in
      // HMAC_Init_ex(3) takes a null key for "the key of the last call", so an empty key needs some address.
      withUnsafeBytes(of: UInt8(0)) { empty in
        lockwise_hmac(
          OpenSSL.sha256, keyBytes.baseAddress ?? empty.baseAddress, keyBytes.count, message.baseAddress,
          message.count, &code)
      }
    }
    guard done == 1 else { throw CryptoError.unavailable }
    return code
  }

  /// The authentication code of `message` under `key`: 32 bytes.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public static func authenticationCode(for message: [UInt8], key: SecretBytes) throws -> [UInt8] {
    try message.withUnsafeBytes { try authenticationCode(for: $0, key: key) }
  }

  /// Whether `code` is the authentication code of `message` under `key`, in constant time.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public static func isValid(
    _ code: [UInt8], for message: UnsafeRawBufferPointer, key: SecretBytes
  ) throws -> Bool {
    let expected = try authenticationCode(for: message, key: key)
    return expected.withUnsafeBytes { left in code.withUnsafeBytes { constantTimeEqual(left, $0) } }
  }
}
