import COpenSSL

/// AES-256 in CBC mode with PKCS #7 padding (NIST SP 800-38A, RFC 5652 section 6.3): the cipher of Sync records.
///
/// It does not authenticate: check a MAC over the ciphertext first.
public enum AES256CBC {
  /// Encrypts.
  ///
  /// - Parameters:
  ///   - plaintext: any number of bytes.
  ///   - key: 32 bytes.
  ///   - iv: 16 bytes, fresh and random.
  /// - Returns: the ciphertext, the next multiple of 16 above the plaintext's length.
  /// - Throws: `CryptoError.incorrectSize` for a key or iv of another length.
  public static func encrypt(_ plaintext: SecretBytes, key: SecretBytes, iv: [UInt8]) throws -> [UInt8] {
    let output = try plaintext.withUnsafeBytes { try crypt($0, key: key, iv: iv, encrypting: true) }
    return output.withUnsafeBytes { Array($0) }
  }

  /// Decrypts and takes the padding off.
  ///
  /// - Parameters:
  ///   - ciphertext: a positive multiple of 16 bytes.
  ///   - key: 32 bytes.
  ///   - iv: 16 bytes.
  /// - Returns: the plaintext.
  /// - Throws: `CryptoError.incorrectSize` for a key, iv or ciphertext of a wrong length;
  ///   `CryptoError.authenticationFailure` for a wrong padding.
  public static func decrypt(
    _ ciphertext: UnsafeRawBufferPointer, key: SecretBytes, iv: [UInt8]
  ) throws -> SecretBytes {
    guard ciphertext.count > 0, ciphertext.count % 16 == 0 else { throw CryptoError.incorrectSize }
    return try crypt(ciphertext, key: key, iv: iv, encrypting: false)
  }

  private static func crypt(
    _ input: UnsafeRawBufferPointer, key: SecretBytes, iv: [UInt8], encrypting: Bool
  ) throws -> SecretBytes {
    guard key.count == 32, iv.count == 16, input.count < Int(Int32.max) - 16 else {
      throw CryptoError.incorrectSize
    }
    try OpenSSL.initialize()
    guard let context = EVP_CIPHER_CTX_new() else { throw CryptoError.unavailable }
    defer { EVP_CIPHER_CTX_free(context) }
    let ready = key.withUnsafeBytes {
      EVP_CipherInit_ex(
        context, EVP_aes_256_cbc(), nil, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), iv,
        encrypting ? 1 : 0)
    }
    guard ready == 1 else { throw CryptoError.unavailable }
    var total = 0
    let output = try SecretBytes(count: input.count + 16) { buffer in
      let out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var written: Int32 = 0
      guard
        EVP_CipherUpdate(
          context, out, &written, input.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(input.count))
          == 1
      else { throw CryptoError.unavailable }
      total = Int(written)
      guard EVP_CipherFinal_ex(context, out.map { $0 + total }, &written) == 1 else {
        throw CryptoError.authenticationFailure
      }
      total += Int(written)
    }
    return output[0..<total]
  }
}
