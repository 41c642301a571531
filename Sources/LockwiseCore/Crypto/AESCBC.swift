import COpenSSL

/// AES-256 in CBC mode with PKCS #7 padding (NIST SP 800-38A, RFC 5652 section 6.3): the cipher of Sync records.
///
/// It does not authenticate. Check a MAC over the ciphertext before decrypting.
public enum AES256CBC {
  /// The length of the IV and of a block in bytes.
  public static let blockByteCount = 16

  /// Pads and encrypts a message.
  ///
  /// - Parameters:
  ///   - plaintext: the message, of any length.
  ///   - key: 32 bytes.
  ///   - iv: 16 random bytes, used for this message only.
  /// - Returns: the ciphertext. Its length is the next multiple of 16 above the plaintext's.
  /// - Throws: `CryptoError.incorrectSize` if the key or IV has another length.
  public static func encrypt(_ plaintext: SecretBytes, key: SecretBytes, iv: [UInt8]) throws -> [UInt8] {
    let context = try context(key: key, .encrypting)
    try iv.withUnsafeBytes { try context.begin(iv: $0) }
    let size = (plaintext.count / blockByteCount + 1) * blockByteCount
    return try [UInt8](unsafeUninitializedCapacity: size + blockByteCount) { buffer, count in
      guard let start = UnsafeMutableRawBufferPointer(buffer).baseAddress else { return }
      count = try plaintext.withUnsafeBytes { try context.update($0, into: start) }
      count += try context.finish(into: start + count)
    }
  }

  /// Decrypts a message and removes the padding.
  ///
  /// - Parameters:
  ///   - ciphertext: a positive multiple of 16 bytes.
  ///   - key: 32 bytes.
  ///   - iv: 16 bytes.
  /// - Returns: the plaintext.
  /// - Throws: `CryptoError.incorrectSize` if the key, IV or ciphertext has a wrong length;
  ///   `CryptoError.authenticationFailure` if the padding is wrong.
  public static func decrypt(
    _ ciphertext: UnsafeRawBufferPointer, key: SecretBytes, iv: [UInt8]
  ) throws -> SecretBytes {
    let decryptor = try Decryptor(key: key)
    var count = 0
    let plaintext = try SecretBytes(count: ciphertext.count) { buffer in
      buffer.copyMemory(from: ciphertext)
      count = try iv.withUnsafeBytes { try decryptor.decrypt(inPlace: buffer, iv: $0) }
    }
    return plaintext[0..<count]
  }

  private static func context(key: SecretBytes, _ direction: CipherContext.Direction) throws -> CipherContext {
    try CipherContext(EVP_aes_256_cbc(), key: key, ivByteCount: blockByteCount, direction)
  }

  /// Decrypts many messages under one key. Not thread-safe.
  public final class Decryptor {
    private let context: CipherContext

    /// Makes a decryptor.
    ///
    /// - Parameter key: 32 bytes.
    /// - Throws: `CryptoError.incorrectSize` if the key has another length.
    public init(key: SecretBytes) throws { context = try AES256CBC.context(key: key, .decrypting) }

    /// Decrypts a message in place and removes the padding.
    ///
    /// - Parameters:
    ///   - message: a positive multiple of 16 bytes. The plaintext replaces its beginning.
    ///   - iv: 16 bytes.
    /// - Returns: the plaintext's length in bytes.
    /// - Throws: `CryptoError.incorrectSize` if the IV or message has a wrong length;
    ///   `CryptoError.authenticationFailure` if the padding is wrong.
    public func decrypt(inPlace message: UnsafeMutableRawBufferPointer, iv: UnsafeRawBufferPointer) throws -> Int {
      guard let start = message.baseAddress, message.count > 0, message.count % blockByteCount == 0 else {
        throw CryptoError.incorrectSize
      }
      try context.begin(iv: iv)
      let count = try context.update(UnsafeRawBufferPointer(message), into: start)
      return try count + context.finish(into: start + count)
    }
  }
}
