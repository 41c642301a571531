import LockwiseCore

/// A secret key of Firefox's key database, decrypted.
struct NSSKey: Sendable {
  /// What a key is found by.
  struct Name: Equatable, Sendable {
    /// The number of its row; `nil` if it has none of NSS's.
    let object: UInt32?
    /// The id (`CKA_ID`).
    let id: [UInt8]
    /// The label (`CKA_LABEL`).
    let label: [UInt8]
  }

  let name: Name
  let value: SecretBytes
}

/// The secret keys of Firefox's key database, decrypted.
struct NSSKeys: Sendable {
  /// The label of the key for `logins.db` (application-services, `KEY_NAME` of the component logins).
  private static let databaseLabel = Array("as-logins-key".utf8)

  let all: [NSSKey]

  /// Makes a set of keys.
  init(_ all: [NSSKey]) { self.all = all }

  /// Whether there is a key of this name.
  func has(_ name: NSSKey.Name) -> Bool { all.contains { $0.name == name } }

  /// Decrypts one of the texts in `logins.json`.
  ///
  /// - Throws: `FirefoxError.changedFormat` for `key4.db` if it has no intact key for the text; `CryptoError`.
  func decrypt(_ text: NSSEncryptedText) throws -> SecretBytes {
    // After an update from Triple DES, two keys have the same id.
    guard let key = all.first(where: { $0.name.id == text.keyID && $0.value.count == text.cipher.keySize }) else {
      throw FirefoxError.changedFormat(file: NSSKeyStore.file)
    }
    return try text.decrypt(key.value)
  }

  /// Decrypts one of the messages in `logins.db`: JWE with direct encryption (RFC 7518 section 4.5).
  ///
  /// - Throws: `FirefoxError.changedFormat` for `key4.db` if it has no intact key for that; `JWEError`; `CryptoError`.
  func decrypt(_ message: CompactJWE) throws -> SecretBytes {
    guard message.header["alg"]?.string == "dir", message.header["enc"]?.string == "A256GCM" else {
      throw JWEError.unsupported
    }
    guard let key = all.first(where: { $0.name.label == Self.databaseLabel && $0.value.count == 32 }) else {
      throw FirefoxError.changedFormat(file: NSSKeyStore.file)
    }
    return try message.open(key: key.value)
  }
}

extension NSSKey: StoredDocument {
  init(_ codec: inout DocumentCodec, _ stored: NSSKey?) throws {
    let object = try codec.optional("object", stored?.name.object.map { Int64($0) })
    let id = try codec.required("id", stored.map { HexBytes($0.name.id) })
    let label = try codec.required("label", stored.map { HexBytes($0.name.label) })
    let value = try codec.required("value", stored.map { Base64.standard.encode($0.value) })
    guard let bytes = Base64.standard.decode(value) else { throw DocumentCodec.Malformed() }
    name = Name(object: object.flatMap { UInt32(exactly: $0) }, id: id.bytes, label: label.bytes)
    self.value = bytes
  }
}

extension NSSKeys: StoredDocument {
  init(_ codec: inout DocumentCodec, _ stored: NSSKeys?) throws {
    all = try codec.required("keys", stored?.all)
  }
}
