import COpenSSL

/// AES-256 in Galois/Counter mode (NIST SP 800-38D) with a 12-byte nonce and a 16-byte tag.
public enum AES256GCM {
  /// The nonce's length in bytes.
  public static let nonceByteCount = 12
  /// The tag's length in bytes.
  public static let tagByteCount = 16

  /// Encrypts and authenticates.
  ///
  /// - Parameters:
  ///   - plaintext: any number of bytes.
  ///   - key: 32 bytes.
  ///   - nonce: 12 bytes, never used twice under one key.
  ///   - associatedData: authenticated, not encrypted.
  /// - Returns: the ciphertext followed by the 16-byte tag.
  /// - Throws: `CryptoError.incorrectSize` for a key or nonce of another length.
  public static func seal(
    _ plaintext: SecretBytes, key: SecretBytes, nonce: [UInt8], associatedData: [UInt8]
  ) throws -> [UInt8] {
    let context = try context(key: key, .encrypting)
    try nonce.withUnsafeBytes { try context.begin(iv: $0) }
    try associatedData.withUnsafeBytes { try context.authenticate($0) }
    var output = [UInt8](repeating: 0, count: plaintext.count + tagByteCount)
    try output.withUnsafeMutableBytes { buffer in
      try plaintext.withUnsafeBytes { try context.seal([$0], into: buffer) }
    }
    return output
  }

  /// Checks the tag and decrypts.
  ///
  /// - Parameters:
  ///   - sealed: the ciphertext followed by the 16-byte tag.
  ///   - key: 32 bytes.
  ///   - nonce: 12 bytes.
  ///   - associatedData: what was authenticated beside it.
  /// - Returns: the plaintext.
  /// - Throws: `CryptoError.incorrectSize` for lengths that cannot be; `CryptoError.authenticationFailure` if
  ///   anything was changed, or the key is another.
  public static func open(
    _ sealed: UnsafeRawBufferPointer, key: SecretBytes, nonce: [UInt8], associatedData: [UInt8]
  ) throws -> SecretBytes {
    guard sealed.count >= tagByteCount else { throw CryptoError.incorrectSize }
    let context = try context(key: key, .decrypting)
    try nonce.withUnsafeBytes { try context.begin(iv: $0) }
    try associatedData.withUnsafeBytes { try context.authenticate($0) }
    return try context.open(sealed)
  }

  /// A context for many messages under one key.
  ///
  /// - Throws: `CryptoError.incorrectSize` for a key that is not 32 bytes long.
  static func context(key: SecretBytes, _ direction: CipherContext.Direction) throws -> CipherContext {
    try CipherContext(OpenSSL.aes256GCM, key: key, ivByteCount: nonceByteCount, direction)
  }
}

extension CipherContext {
  /// Encrypts the message that was begun in GCM: `parts` one after the other, and the tag.
  ///
  /// - Parameter output: as long as all parts and the tag.
  func seal(_ parts: [UnsafeRawBufferPointer], into output: UnsafeMutableRawBufferPointer) throws {
    guard let start = output.baseAddress else { throw CryptoError.incorrectSize }
    var end = start
    for part in parts { end += try update(part, into: end) }
    // GCM has nothing left to write at the end.
    _ = try finish(into: end)
    try tag(into: UnsafeMutableRawBufferPointer(start: end, count: AES256GCM.tagByteCount))
  }

  /// Decrypts the message that was begun in GCM: the ciphertext followed by the tag.
  ///
  /// - Throws: `CryptoError.authenticationFailure`.
  func open(_ sealed: UnsafeRawBufferPointer) throws -> SecretBytes {
    let count = sealed.count - AES256GCM.tagByteCount
    guard count >= 0 else { throw CryptoError.incorrectSize }
    return try SecretBytes(count: count) { buffer in
      try expect(tag: UnsafeRawBufferPointer(rebasing: sealed[count...]))
      guard let start = buffer.baseAddress else { return }
      let written = try update(UnsafeRawBufferPointer(rebasing: sealed[..<count]), into: start)
      _ = try finish(into: start + written)
    }
  }
}
