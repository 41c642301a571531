import COpenSSL

/// A public key of the curve P-256, also called secp256r1 (FIPS 186-4 appendix D.1.2.3).
public struct P256PublicKey: Equatable, Sendable {
  /// The x coordinate, 32 bytes, big-endian.
  public let x: [UInt8]
  /// The y coordinate, 32 bytes, big-endian.
  public let y: [UInt8]

  /// Makes a key from its coordinates.
  ///
  /// - Throws: `CryptoError.incorrectSize` if one of them is not 32 bytes; `CryptoError.invalidParameters` if they are
  ///   not a point of the curve. An attacker sends such points to learn a private key bit by bit.
  public init(x: [UInt8], y: [UInt8]) throws {
    guard x.count == 32, y.count == 32 else { throw CryptoError.incorrectSize }
    try OpenSSL.initialize()
    guard lockwise_p256_is_point([4] + x + y) == 1 else { throw CryptoError.invalidParameters }
    self.x = x
    self.y = y
  }

  fileprivate init(uncompressed point: [UInt8]) {
    x = Array(point[1...32])
    y = Array(point[33...64])
  }

  /// The uncompressed form (SEC 1 section 2.3.3).
  fileprivate var point: [UInt8] { [4] + x + y }
}

/// A private key of the curve P-256, with its public key.
public struct P256PrivateKey: Sendable {
  /// The public key.
  public let publicKey: P256PublicKey
  private let scalar: SecretBytes

  /// Makes a key from its scalar.
  ///
  /// - Parameter scalar: 32 bytes, big-endian.
  /// - Throws: `CryptoError.incorrectSize` if it has another length; `CryptoError.invalidParameters` if it is not
  ///   between 1 and the group's order.
  public init(scalar: SecretBytes) throws {
    guard scalar.count == 32 else { throw CryptoError.incorrectSize }
    try OpenSSL.initialize()
    var point = [UInt8](repeating: 0, count: 65)
    let done = scalar.withUnsafeBytes {
      lockwise_p256_public($0.baseAddress?.assumingMemoryBound(to: UInt8.self), &point)
    }
    guard done == 1 else { throw CryptoError.invalidParameters }
    self.scalar = scalar
    publicKey = P256PublicKey(uncompressed: point)
  }

  /// Generates a key by testing candidates (FIPS 186-4 appendix B.4.2).
  ///
  /// - Throws: `CryptoError.unavailable` if there are no random bytes.
  public init(random: some RandomSource) throws {
    // One candidate in 2^32 exceeds the order.
    for _ in 0..<8 {
      do {
        self = try P256PrivateKey(scalar: try random.secret(32))
        return
      } catch CryptoError.invalidParameters {
        continue
      }
    }
    throw CryptoError.unavailable
  }

  /// Returns the shared secret of a key agreement (ECDH, NIST SP 800-56A section 5.7.1.2).
  ///
  /// - Returns: the x coordinate, 32 bytes with its leading zeros.
  /// - Throws: `CryptoError.invalidParameters` if libcrypto refuses.
  public func sharedSecret(with peer: P256PublicKey) throws -> SecretBytes {
    try SecretBytes(count: 32) { output in
      let done = scalar.withUnsafeBytes {
        lockwise_p256_agree(
          $0.baseAddress?.assumingMemoryBound(to: UInt8.self), publicKey.point, peer.point,
          output.baseAddress?.assumingMemoryBound(to: UInt8.self))
      }
      guard done == 1 else { throw CryptoError.invalidParameters }
    }
  }
}
