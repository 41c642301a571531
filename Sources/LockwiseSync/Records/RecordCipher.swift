import LockwiseCore

/// Encryption of records (Sync storage format 5, "Encrypted records"): AES-256-CBC, then HMAC-SHA-256 over the
/// base 64 text of the ciphertext. The MAC covers neither the IV nor the record's id; compare the id inside.
public enum RecordCipher {
  /// Decrypts the payload of a record.
  ///
  /// - Parameters:
  ///   - payload: the BSO's payload, a JSON object with `ciphertext`, `IV` and `hmac`; other members are ignored.
  ///   - bundle: the keys of the record's collection.
  /// - Returns: the cleartext, in practice a JSON object.
  /// - Throws: `RecordCipherError`; `CryptoError.unavailable` if libcrypto fails.
  public static func decrypt(payload: SecretBytes, with bundle: SyncKeyBundle) throws -> SecretBytes {
    try RecordDecryptor(bundle: bundle).decrypt(payload)
  }

  /// Encrypts a record.
  ///
  /// - Parameters:
  ///   - cleartext: the record as JSON.
  ///   - bundle: the keys of the record's collection.
  ///   - random: the source of the IV.
  /// - Returns: the payload for the BSO.
  /// - Throws: `CryptoError.unavailable` if libcrypto fails or there are no random bytes.
  public static func encrypt(
    _ cleartext: SecretBytes, with bundle: SyncKeyBundle, random: some RandomSource
  ) throws -> SecretBytes {
    let iv = try random.bytes(16)
    let ciphertext = try AES256CBC.encrypt(cleartext, key: bundle.encryptionKey, iv: iv)
    let text = Base64.standard.encode(ciphertext)
    let mac = try HMACSHA256.authenticationCode(for: Array(text.utf8), key: bundle.hmacKey)
    var payload = JSONObjectWriter()
    payload.member("ciphertext", text)
    payload.member("IV", Base64.standard.encode(iv))
    payload.member("hmac", Hex.encode(mac))
    return payload.finish()
  }
}

/// A payload that could not be decrypted. Holds nothing from it.
public enum RecordCipherError: Error, Equatable, Sendable {
  /// The payload is not a JSON object with `ciphertext`, `IV` and `hmac`.
  case notEncrypted
  /// The HMAC does not match: other keys, or tampered with.
  case wrongMAC
  /// The HMAC matches, but IV, ciphertext or padding are invalid.
  case malformed
}

extension RecordCipherError: CustomStringConvertible {
  /// The text to show.
  public var description: String {
    switch self {
    case .notEncrypted: "not an encrypted record"
    case .wrongMAC: "encrypted with other keys, or tampered with"
    case .malformed: "its encryption is damaged"
    }
  }
}
