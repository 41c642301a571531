import LockwiseCore

/// Decrypts many records of one collection: the keys are set up once. Not for two threads at a time.
final class RecordDecryptor {
  private let mac: HMACSHA256
  private let cipher: AES256CBC.Decryptor

  /// Sets up the keys.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  init(bundle: SyncKeyBundle) throws {
    mac = try HMACSHA256(key: bundle.hmacKey)
    cipher = try AES256CBC.Decryptor(key: bundle.encryptionKey)
  }

  /// Decrypts the payload of a record.
  ///
  /// - Parameter payload: the BSO's payload, a JSON object with `ciphertext`, `IV` and `hmac`; other members are ignored.
  /// - Returns: the cleartext, in practice a JSON object.
  /// - Throws: `RecordCipherError`; `CryptoError.unavailable` if libcrypto fails.
  func decrypt(_ payload: SecretBytes) throws -> SecretBytes {
    guard let wrapper = try? JSONObject(parsing: payload), let ciphertext = wrapper["ciphertext"]?.secret,
      let iv = wrapper["IV"]?.secret, let code = wrapper["hmac"]?.secret
    else { throw RecordCipherError.notEncrypted }
    return try ciphertext.withUnsafeBytes { ciphertext in
      try code.withUnsafeBytes { try authenticate(ciphertext, code: $0) }
      return try iv.withUnsafeBytes { try decrypt(ciphertext, iv: $0) }
    }
  }

  /// - Parameter code: base 16.
  private func authenticate(_ ciphertext: UnsafeRawBufferPointer, code: UnsafeRawBufferPointer) throws {
    let isAuthentic = try withUnsafeTemporaryAllocation(byteCount: code.count / 2, alignment: 8) { buffer in
      guard Hex.decode(code, into: buffer) else { throw RecordCipherError.notEncrypted }
      return try mac.isValid(UnsafeRawBufferPointer(buffer), for: ciphertext)
    }
    guard isAuthentic else { throw RecordCipherError.wrongMAC }
  }

  /// - Parameters:
  ///   - ciphertext: base 64.
  ///   - iv: base 64.
  private func decrypt(_ ciphertext: UnsafeRawBufferPointer, iv: UnsafeRawBufferPointer) throws -> SecretBytes {
    guard let size = Base64.standard.decodedCount(of: ciphertext),
      Base64.standard.decodedCount(of: iv) == AES256CBC.blockByteCount
    else { throw RecordCipherError.malformed }
    var count = 0
    let cleartext = try SecretBytes(count: size) { message in
      count = try withUnsafeTemporaryAllocation(byteCount: AES256CBC.blockByteCount, alignment: 8) { ivBytes in
        guard Base64.standard.decode(iv, into: ivBytes), Base64.standard.decode(ciphertext, into: message) else {
          throw RecordCipherError.malformed
        }
        do {
          return try cipher.decrypt(inPlace: message, iv: UnsafeRawBufferPointer(ivBytes))
        } catch CryptoError.incorrectSize, CryptoError.authenticationFailure {
          throw RecordCipherError.malformed
        }
      }
    }
    return cleartext[0..<count]
  }
}
