import COpenSSL

/// Triple DES with three keys in CBC mode (NIST SP 800-67, SP 800-38A). It only decrypts, for data of older programs.
public enum TripleDESCBC {
  /// Decrypts a message.
  ///
  /// - Parameters:
  ///   - ciphertext: a positive multiple of 8 bytes.
  ///   - key: 24 bytes.
  ///   - iv: 8 bytes.
  ///   - isPadded: whether to remove PKCS #7 padding (RFC 5652 section 6.3).
  /// - Returns: the plaintext.
  /// - Throws: `CryptoError.incorrectSize` if the key, IV or ciphertext has a wrong length;
  ///   `CryptoError.authenticationFailure` if the padding is wrong.
  public static func decrypt(
    _ ciphertext: [UInt8], key: SecretBytes, iv: [UInt8], isPadded: Bool = true
  ) throws -> SecretBytes {
    guard key.count == 24, iv.count == 8, !ciphertext.isEmpty, ciphertext.count % 8 == 0,
      ciphertext.count < Int(Int32.max) - 8
    else { throw CryptoError.incorrectSize }
    try OpenSSL.initialize()
    guard let context = EVP_CIPHER_CTX_new() else { throw CryptoError.unavailable }
    defer { EVP_CIPHER_CTX_free(context) }
    let ready = key.withUnsafeBytes {
      EVP_DecryptInit_ex(
        context, EVP_des_ede3_cbc(), nil, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), iv)
    }
    guard ready == 1, EVP_CIPHER_CTX_set_padding(context, isPadded ? 1 : 0) == 1 else {
      throw CryptoError.unavailable
    }
    var total = 0
    let output = try SecretBytes(count: ciphertext.count + 8) { buffer in
      let out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var written: Int32 = 0
      guard EVP_DecryptUpdate(context, out, &written, ciphertext, Int32(ciphertext.count)) == 1 else {
        throw CryptoError.unavailable
      }
      total = Int(written)
      guard EVP_DecryptFinal_ex(context, out.map { $0 + total }, &written) == 1 else {
        throw CryptoError.authenticationFailure
      }
      total += Int(written)
    }
    return output[0..<total]
  }
}
