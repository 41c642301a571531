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
    let context = try makeContext(key: key, nonce: nonce, encrypting: true)
    defer { EVP_CIPHER_CTX_free(context) }
    try authenticate(associatedData, in: context)
    var output = [UInt8](repeating: 0, count: plaintext.count + tagByteCount)
    var written: Int32 = 0
    let done = plaintext.withUnsafeBytes { input in
      EVP_EncryptUpdate(
        context, &output, &written, input.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(input.count)
      )
    }
    var rest: Int32 = 0
    let finished = output.withUnsafeMutableBytes { buffer -> Bool in
      let end = buffer.baseAddress.map { $0 + plaintext.count }
      return EVP_EncryptFinal_ex(context, end?.assumingMemoryBound(to: UInt8.self), &rest) == 1
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount), end) == 1
    }
    guard done == 1, finished else { throw CryptoError.unavailable }
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
    let context = try makeContext(key: key, nonce: nonce, encrypting: false)
    defer { EVP_CIPHER_CTX_free(context) }
    try authenticate(associatedData, in: context)
    let count = sealed.count - tagByteCount
    return try SecretBytes(count: count) { buffer in
      let output = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let input = sealed.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var tag = Array(sealed[count...])
      var written: Int32 = 0
      guard EVP_DecryptUpdate(context, output, &written, input, Int32(count)) == 1,
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag) == 1,
        EVP_DecryptFinal_ex(context, output.map { $0 + Int(written) }, &written) == 1
      else { throw CryptoError.authenticationFailure }
    }
  }

  private static func makeContext(
    key: SecretBytes, nonce: [UInt8], encrypting: Bool
  ) throws -> OpaquePointer {
    guard key.count == 32, nonce.count == nonceByteCount else { throw CryptoError.incorrectSize }
    try OpenSSL.initialize()
    guard let context = EVP_CIPHER_CTX_new() else { throw CryptoError.unavailable }
    let ready = key.withUnsafeBytes {
      EVP_CipherInit_ex(
        context, OpenSSL.aes256GCM, nil, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), nonce,
        encrypting ? 1 : 0)
    }
    guard ready == 1 else {
      EVP_CIPHER_CTX_free(context)
      throw CryptoError.unavailable
    }
    return context
  }

  private static func authenticate(_ data: [UInt8], in context: OpaquePointer) throws {
    guard !data.isEmpty else { return }
    var written: Int32 = 0
    guard EVP_CipherUpdate(context, nil, &written, data, Int32(data.count)) == 1 else {
      throw CryptoError.unavailable
    }
  }
}
