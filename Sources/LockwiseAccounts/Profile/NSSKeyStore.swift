import LockwiseCore

/// Firefox's key database, `key4.db`: the keys that saved logins are encrypted with, under the primary password.
struct NSSKeyStore {
  /// The file's name.
  static let file = "key4.db"
  /// `CKA_VALUE` (PKCS #11).
  private static let valueAttribute: UInt32 = 0x11
  private static let passwordCheck = SecretBytes(utf8: "password-check")

  private struct Row {
    let name: NSSKey.Name
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
    // Only secret keys (CKA_CLASS is CKO_SECRET_KEY), not the private keys of certificates.
    rows = try database.rows(
      "SELECT CAST(id AS TEXT), a102, a3, a11 FROM nssPrivate WHERE a0 = x'00000004'", columns: 4
    ).map {
      let object = UInt32(String(decoding: $0[0], as: UTF8.self))
      return Row(name: NSSKey.Name(object: object, id: $0[1], label: $0[2]), value: $0[3])
    }
  }

  /// The names of all keys.
  var names: [NSSKey.Name] { rows.map(\.name) }

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
    } catch CryptoError.incorrectSize {
      throw FirefoxError.changedFormat(file: Self.file)
    } catch is DERError {
      throw FirefoxError.changedFormat(file: Self.file)
    }
    return key
  }

  /// Decrypts the keys, each once: deriving a key for it takes milliseconds if there is a primary password.
  ///
  /// - Parameter passwordKey: `passwordKey(_:)`.
  /// - Returns: the keys that are intact.
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  func keys(_ passwordKey: SecretBytes) throws -> NSSKeys {
    NSSKeys(
      try rows.compactMap { row in
        do {
          let value = try NSSProtectedValue(row.value).decrypt(passwordKey)
          return try isIntact(value, row.name, passwordKey) ? NSSKey(name: row.name, value: value) : nil
        } catch is DERError {
          return nil
        } catch CryptoError.authenticationFailure, CryptoError.incorrectSize {
          return nil
        }
      })
  }

  /// Checks a key's signature if it has one; Triple DES keys have none.
  private func isIntact(_ key: SecretBytes, _ name: NSSKey.Name, _ passwordKey: SecretBytes) throws -> Bool {
    guard let object = name.object,
      let signature = signatures["sig_key_\(Self.hex(object))_\(Self.hex(Self.valueAttribute))"]
    else { return true }
    return try NSSProtectedValue(signature).isSignature(
      of: key, attribute: Self.valueAttribute, passwordKey)
  }

  private static func hex(_ number: UInt32) -> String {
    Hex.encode(withUnsafeBytes(of: number.bigEndian) { Array($0) })
  }
}
