import COpenSSL

/// An RSA signing key for PKCS #1 v1.5 with SHA-256 (RFC 8017 section 8.2; `RS256` in RFC 7518 section 3.3).
public struct RSAPrivateKey: Sendable {
  private let key: PrivateKey

  /// Generates a key with the public exponent 65537.
  ///
  /// - Parameter bits: the length of the modulus in bits.
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public init(bits: Int = 2048) throws { key = try PrivateKey { lockwise_rsa_generate(Int32(bits)) } }

  /// Returns the modulus in decimal digits.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public func modulus() throws -> String { try key.decimal(OSSL_PKEY_PARAM_RSA_N) }

  /// Returns the public exponent in decimal digits.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public func exponent() throws -> String { try key.decimal(OSSL_PKEY_PARAM_RSA_E) }

  /// Signs a message.
  ///
  /// - Returns: the signature, as long as the modulus.
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public func signature(for message: SecretBytes) throws -> [UInt8] { try key.signature(for: message, .sha256) }
}
