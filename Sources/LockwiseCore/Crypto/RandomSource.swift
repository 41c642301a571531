import COpenSSL

/// Where random bytes come from; handed in, so that a test can say what they are.
public protocol RandomSource: Sendable {
  /// Fills the buffer with random bytes.
  ///
  /// - Throws: `CryptoError.unavailable` if none are to be had.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws
}

extension RandomSource {
  /// `count` random bytes for public use: nonces, ids.
  ///
  /// - Throws: `CryptoError.unavailable` if none are to be had.
  public func bytes(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { try fill($0) }
    return bytes
  }

  /// `count` random bytes that are themselves secret: keys.
  ///
  /// - Throws: `CryptoError.unavailable` if none are to be had.
  public func secret(_ count: Int) throws -> SecretBytes {
    try SecretBytes(count: count) { try fill($0) }
  }
}

/// The random generator of libcrypto (RAND_priv_bytes(3)), seeded by the kernel.
public struct SystemRandom: RandomSource {
  /// Makes the source; it holds nothing.
  public init() {}

  /// Fills the buffer with random bytes.
  ///
  /// - Throws: `CryptoError.unavailable` if the generator is not seeded.
  public func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
    try OpenSSL.initialize()
    guard
      RAND_priv_bytes(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(buffer.count)) == 1
    else { throw CryptoError.unavailable }
  }
}
