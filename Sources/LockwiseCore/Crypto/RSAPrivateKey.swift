import COpenSSL

/// An RSA key that signs: PKCS #1 v1.5 over SHA-256 (RFC 8017 section 8.2, the `RS256` of RFC 7518 section 3.3).
public struct RSAPrivateKey: Sendable {
  private let key: PrivateKey

  /// Makes a fresh key with public exponent 65537.
  ///
  /// - Parameter bits: the length of the modulus.
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public init(bits: Int = 2048) throws { key = try PrivateKey { lockwise_rsa_generate(Int32(bits)) } }

  /// The modulus in decimal digits.
  public func modulus() throws -> String { try key.decimal(OSSL_PKEY_PARAM_RSA_N) }

  /// The public exponent in decimal digits.
  public func exponent() throws -> String { try key.decimal(OSSL_PKEY_PARAM_RSA_E) }

  /// Signs a message.
  ///
  /// - Returns: the signature, as long as the modulus.
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public func signature(for message: SecretBytes) throws -> [UInt8] { try key.signature(for: message, .sha256) }
}
