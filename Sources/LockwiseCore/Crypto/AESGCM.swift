import COpenSSL

/// AES-256 in Galois/Counter mode (NIST SP 800-38D) with a 12-byte nonce and a 16-byte tag.
public enum AES256GCM {
  /// The length of a nonce in bytes.
  public static let nonceByteCount = 12
  /// The length of a tag in bytes.
  public static let tagByteCount = 16

  /// Encrypts and authenticates a message.
  ///
  /// - Parameters:
  ///   - plaintext: the message, of any length.
  ///   - key: 32 bytes.
  ///   - nonce: 12 bytes, never repeated under one key.
  ///   - associatedData: data that is authenticated but not encrypted.
  /// - Returns: the ciphertext followed by the 16-byte tag.
  /// - Throws: `CryptoError.incorrectSize` if the key or nonce has another length.
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

  /// Verifies the tag and decrypts a message.
  ///
  /// - Parameters:
  ///   - sealed: the ciphertext followed by the 16-byte tag.
  ///   - key: 32 bytes.
  ///   - nonce: 12 bytes.
  ///   - associatedData: the data that was authenticated with the message.
  /// - Returns: the plaintext.
  /// - Throws: `CryptoError.incorrectSize` if an argument has a wrong length; `CryptoError.authenticationFailure` if
  ///   any of the data was changed or the key is wrong.
  public static func open(
    _ sealed: UnsafeRawBufferPointer, key: SecretBytes, nonce: [UInt8], associatedData: [UInt8]
  ) throws -> SecretBytes {
    guard sealed.count >= tagByteCount else { throw CryptoError.incorrectSize }
    let context = try context(key: key, .decrypting)
    try nonce.withUnsafeBytes { try context.begin(iv: $0) }
    try associatedData.withUnsafeBytes { try context.authenticate($0) }
    return try context.open(sealed)
  }

  /// Returns a context for many messages under one key.
  ///
  /// - Throws: `CryptoError.incorrectSize` if the key is not 32 bytes long.
  static func context(key: SecretBytes, _ direction: CipherContext.Direction) throws -> CipherContext {
    try CipherContext(OpenSSL.aes256GCM, key: key, ivByteCount: nonceByteCount, direction)
  }
}

extension CipherContext {
  /// Encrypts the parts of a GCM message in order and appends the tag. Call `begin` first.
  ///
  /// - Parameter output: a buffer as long as all parts and the tag.
  func seal(_ parts: [UnsafeRawBufferPointer], into output: UnsafeMutableRawBufferPointer) throws {
    guard let start = output.baseAddress else { throw CryptoError.incorrectSize }
    var end = start
    for part in parts { end += try update(part, into: end) }
    // GCM writes nothing at the end.
    _ = try finish(into: end)
    try tag(into: UnsafeMutableRawBufferPointer(start: end, count: AES256GCM.tagByteCount))
  }

  /// Decrypts a GCM message, the ciphertext followed by the tag. Call `begin` first.
  ///
  /// - Throws: `CryptoError.authenticationFailure` if the tag is wrong.
  func open(_ sealed: UnsafeRawBufferPointer) throws -> SecretBytes {
    let count = sealed.count - AES256GCM.tagByteCount
    guard count >= 0 else { throw CryptoError.incorrectSize }
    return try SecretBytes(count: count) { buffer in
      guard let start = buffer.baseAddress else { return }
      try open(sealed, into: start)
    }
  }

  /// Decrypts a GCM message, the ciphertext followed by the tag. Call `begin` first.
  ///
  /// - Parameter output: room for the plaintext; may be the message's own memory. Its bytes are not to be used if this
  ///   throws.
  /// - Throws: `CryptoError.authenticationFailure` if the tag is wrong.
  func open(_ sealed: UnsafeRawBufferPointer, into output: UnsafeMutableRawPointer) throws {
    let count = sealed.count - AES256GCM.tagByteCount
    guard count >= 0 else { throw CryptoError.incorrectSize }
    try expect(tag: UnsafeRawBufferPointer(rebasing: sealed[count...]))
    let written = try update(UnsafeRawBufferPointer(rebasing: sealed[..<count]), into: output)
    _ = try finish(into: output + written)
  }
}
