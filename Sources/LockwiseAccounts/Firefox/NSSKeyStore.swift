import LockwiseCore

/// Firefox's key database, `key4.db`: the keys that saved logins are encrypted with, under the primary password.
struct NSSKeyStore {
  /// The file's name.
  static let file = "key4.db"
  /// `CKA_VALUE` (PKCS #11).
  private static let valueAttribute: UInt32 = 0x11
  private static let passwordCheck = SecretBytes(utf8: "password-check")

  private struct Row {
    let object: UInt32?
    let keyID: [UInt8]
    let value: [UInt8]
  }

  private let salt: [UInt8]
  private let check: [UInt8]
  private let rows: [Row]
  private let signatures: [String: [UInt8]]

  /// Reads the database.
  ///
  /// - Throws: `SQLiteImage.Failure`; `FirefoxError.noSyncKey` if nothing was ever encrypted.
  init(_ database: SQLiteImage) throws {
    // Numbers come as decimal text, `CAST` or not: ids are integers.
    let metadata = try database.rows(
      "SELECT CAST(id AS TEXT), item1, item2 FROM metaData", columns: 3
    ).map { (name: String(decoding: $0[0], as: UTF8.self), item1: $0[1], item2: $0[2]) }
    guard let password = metadata.first(where: { $0.name == "password" }) else { throw FirefoxError.noSyncKey }
    salt = password.item1
    check = password.item2
    signatures = Dictionary(metadata.map { ($0.name, $0.item1) }) { $1 }
    rows = try database.rows("SELECT CAST(id AS TEXT), a102, a11 FROM nssPrivate", columns: 3).map {
      Row(object: UInt32(String(decoding: $0[0], as: UTF8.self)), keyID: $0[1], value: $0[2])
    }
  }

  /// Checks a primary password.
  ///
  /// - Parameter primaryPassword: empty if there is none.
  /// - Returns: the key for the keys: a digest of the password.
  /// - Throws: `FirefoxError.wrongPrimaryPassword`; `.changedFormat`.
  func passwordKey(_ primaryPassword: SecretBytes) throws -> SecretBytes {
    let salted = SecretBytes.concatenating([SecretBytes(copying: salt), primaryPassword])
    // The length of the salt identifies newer databases.
    let key = try salt.count == SHA384.byteCount ? SHA384.hash(salted) : SHA1.hash(salted)
    do {
      guard try NSSProtectedValue(check).decrypt(key) == Self.passwordCheck else {
        throw FirefoxError.wrongPrimaryPassword
      }
    } catch CryptoError.authenticationFailure {
      throw FirefoxError.wrongPrimaryPassword
    } catch is DERError {
      throw FirefoxError.changedFormat(file: Self.file)
    }
    return key
  }

  /// Decrypts one of Firefox's texts.
  ///
  /// - Throws: `FirefoxError.changedFormat` if no key fits, or the database was tampered with; `CryptoError`.
  func decrypt(_ text: NSSEncryptedText, _ passwordKey: SecretBytes) throws -> SecretBytes {
    // After an update from Triple DES, two keys have the same id.
    for row in rows where row.keyID == text.keyID {
      let key: SecretBytes
      do {
        key = try NSSProtectedValue(row.value).decrypt(passwordKey)
        guard key.count == text.cipher.keySize else { continue }
        guard try isIntact(key, of: row, passwordKey) else { throw FirefoxError.changedFormat(file: Self.file) }
      } catch is DERError {
        throw FirefoxError.changedFormat(file: Self.file)
      } catch CryptoError.authenticationFailure {
        throw FirefoxError.changedFormat(file: Self.file)
      }
      return try text.decrypt(key)
    }
    throw FirefoxError.changedFormat(file: Self.file)
  }

  /// Checks a key's signature if it has one; Triple DES keys have none.
  private func isIntact(_ key: SecretBytes, of row: Row, _ passwordKey: SecretBytes) throws -> Bool {
    guard let object = row.object,
      let signature = signatures["sig_key_\(Self.hex(object))_\(Self.hex(Self.valueAttribute))"]
    else { return true }
    return try NSSProtectedValue(signature).isSignature(
      of: key, attribute: Self.valueAttribute, passwordKey)
  }

  private static func hex(_ number: UInt32) -> String {
    Hex.encode(withUnsafeBytes(of: number.bigEndian) { Array($0) })
  }
}
