import COpenSSL

/// HMAC (RFC 2104) over a secret message with one of several hash functions, for protocols that let the peer choose.
enum HMACDigest: CaseIterable, Sendable {
  /// SHA-1, 20 bytes (RFC 2202).
  case sha1
  /// SHA-256, 32 bytes (RFC 4231).
  case sha256
  /// SHA-512, 64 bytes (RFC 4231).
  case sha512

  /// The length of an authentication code in bytes.
  var byteCount: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    case .sha512: 64
    }
  }

  private var method: OpaquePointer? {
    switch self {
    case .sha1: EVP_sha1()
    case .sha256: EVP_sha256()
    case .sha512: EVP_sha512()
    }
  }

  /// Returns the authentication code of a secret message as a secret.
  ///
  /// - Parameters:
  ///   - message: the message.
  ///   - key: at least one byte.
  /// - Throws: `CryptoError.incorrectSize` if the key is empty; `CryptoError.unavailable` if libcrypto refuses.
  public func authenticationCode(for message: SecretBytes, key: SecretBytes) throws -> SecretBytes {
    guard !key.isEmpty else { throw CryptoError.incorrectSize }
    try OpenSSL.initialize()
    return try SecretBytes(count: byteCount) { code in
      let done = key.withUnsafeBytes { keyBytes in
        message.withUnsafeBytes {
          HMAC(
            method, keyBytes.baseAddress, Int32(keyBytes.count), $0.baseAddress?.assumingMemoryBound(to: UInt8.self),
            $0.count, code.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
      }
      guard done != nil else { throw CryptoError.unavailable }
    }
  }
}
