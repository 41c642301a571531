import LockwiseCore

/// Decrypts many records of one collection: the keys are set up once. Not for two threads at a time.
final class RecordDecryptor {
  private let mac: HMACSHA256
  private let cipher: AES256CBC.Decryptor

  /// Sets up the keys.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto refuses.
  init(bundle: SyncKeyBundle) throws {
    mac = try HMACSHA256(key: bundle.hmacKey)
    cipher = try AES256CBC.Decryptor(key: bundle.encryptionKey)
  }

  /// Decrypts the payload of a record.
  ///
  /// - Parameter payload: the BSO's payload, a JSON object with `ciphertext`, `IV` and `hmac`; other members are ignored.
  /// - Returns: the cleartext, in practice a JSON object.
  /// - Throws: `RecordCipherError`; `CryptoError.unavailable` if libcrypto refuses.
  func decrypt(_ payload: SecretBytes) throws -> SecretBytes {
    guard let wrapper = (try? JSONValue(parsing: payload))?.object, let text = wrapper["ciphertext"]?.secret,
      let ivText = wrapper["IV"]?.secret, let code = wrapper["hmac"]?.secret.flatMap({ Hex.decode($0) })
    else { throw RecordCipherError.notEncrypted }
    let isAuthentic = try text.withUnsafeBytes { text in
      try code.withUnsafeBytes { try mac.isValid($0, for: text) }
    }
    guard isAuthentic else { throw RecordCipherError.wrongMAC }
    guard let iv = Base64.standard.decode(ivText), let ciphertext = Base64.standard.decode(text) else {
      throw RecordCipherError.malformed
    }
    do {
      return try ciphertext.withUnsafeBytes { ciphertext in
        try iv.withUnsafeBytes { try cipher.decrypt(ciphertext, iv: $0) }
      }
    } catch CryptoError.incorrectSize, CryptoError.authenticationFailure {
      throw RecordCipherError.malformed
    }
  }
}
