import COpenSSL

/// A DSA signing key (FIPS 186-4 section 4) with its own domain parameters.
public struct DSAPrivateKey: Sendable {
  /// The lengths of p and q, and the digest used with them.
  public enum Size: Sendable {
    /// 1024 and 160 bits, SHA-1.
    case bits1024
    /// 2048 and 256 bits, SHA-256.
    case bits2048

    /// The length in bytes of q and of each half of a signature.
    var halfCount: Int { self == .bits1024 ? 20 : 32 }
  }

  /// A public number of the key: a domain parameter or the public key.
  public enum Number: String, CaseIterable, Sendable {
    case p, q, g
    /// The public key.
    case y
  }

  /// The key's size.
  public let size: Size
  private let key: PrivateKey

  /// Generates domain parameters and a key, which takes about a second.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public init(_ size: Size) throws {
    self.size = size
    key = try PrivateKey {
      lockwise_dsa_generate(size == .bits1024 ? 1024 : 2048, Int32(size.halfCount * 8))
    }
  }

  /// Returns one of the public numbers, big-endian, without leading zeros.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public func bytes(_ number: Number) throws -> [UInt8] {
    switch number {
    case .p: try key.bytes(OSSL_PKEY_PARAM_FFC_P)
    case .q: try key.bytes(OSSL_PKEY_PARAM_FFC_Q)
    case .g: try key.bytes(OSSL_PKEY_PARAM_FFC_G)
    case .y: try key.bytes(OSSL_PKEY_PARAM_PUB_KEY)
    }
  }

  /// Signs a message.
  ///
  /// - Returns: r and s, each as long as q.
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  public func signature(for message: SecretBytes) throws -> [UInt8] {
    let encoded = try key.signature(for: message, size == .bits1024 ? .sha1 : .sha256)
    guard let signature = DSASignature(encoded: encoded)?.halves(of: size.halfCount) else {
      throw CryptoError.unavailable
    }
    return signature
  }
}
