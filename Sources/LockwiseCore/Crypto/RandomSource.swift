import COpenSSL

/// A source of random bytes. Code receives it as a parameter, so that tests can supply known bytes.
public protocol RandomSource: Sendable {
  /// Fills the buffer with random bytes.
  ///
  /// - Throws: `CryptoError.unavailable` if no random bytes are available.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws
}

extension RandomSource {
  /// Returns `count` random bytes for values that are not secret, such as nonces and ids.
  ///
  /// - Throws: `CryptoError.unavailable` if no random bytes are available.
  public func bytes(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { try fill($0) }
    return bytes
  }

  /// Returns `count` secret random bytes, such as a key.
  ///
  /// - Throws: `CryptoError.unavailable` if no random bytes are available.
  public func secret(_ count: Int) throws -> SecretBytes {
    try SecretBytes(count: count) { try fill($0) }
  }
}

/// The random generator of libcrypto (RAND_priv_bytes(3)), seeded by the kernel.
public struct SystemRandom: RandomSource {
  /// Makes the source, which has no state of its own.
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
