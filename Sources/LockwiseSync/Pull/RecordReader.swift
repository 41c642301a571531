import LockwiseCore

/// Turns records of the passwords collection into logins. Not for two threads at a time.
struct RecordReader {
  /// The result of reading a record.
  enum Reading: Sendable {
    /// A login.
    case login(LoginRecord)
    /// A deleted login.
    case tombstone(Tombstone)
    /// Firefox's own session, which is not a login of the user.
    case ignored
    /// The HMAC does not match.
    case wrongMAC
    /// Not a login, with a reason that contains nothing from the record.
    case bad(reason: String)
  }

  private let decryptor: RecordDecryptor

  /// Creates a reader.
  ///
  /// - Parameter bundle: the keys of the collection.
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  init(bundle: SyncKeyBundle) throws { decryptor = try RecordDecryptor(bundle: bundle) }

  /// Decrypts and checks a record.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  func read(_ record: BSO) throws -> Reading {
    guard let payload = record.payload else { return .bad(reason: "no payload") }
    let cleartext: SecretBytes
    do {
      cleartext = try decryptor.decrypt(payload)
    } catch RecordCipherError.wrongMAC {
      return .wrongMAC
    } catch let error as RecordCipherError {
      return .bad(reason: error.description)
    }
    guard let object = try? JSONObject(parsing: cleartext) else {
      return .bad(reason: LoginRecordError.notAnObject.description)
    }
    // The MAC covers neither the id nor the IV, so a record must contain its own id.
    let isNamed = object["id"] != nil
    let noOwnID = isNamed ? LoginRecordError.idMismatch : .noID
    switch Tombstone.reading(object, guid: record.id) {
    case .tombstone(let mark): return .tombstone(mark)
    case .foreign: return .bad(reason: noOwnID.description)
    case .none: break
    }
    guard isNamed else { return .bad(reason: noOwnID.description) }
    if object["hostname"]?.string == "chrome://FirefoxAccounts" { return .ignored }
    do {
      return .login(try LoginRecord(json: cleartext, object, bsoID: record.id))
    } catch let error as LoginRecordError {
      return .bad(reason: error.description)
    }
  }
}
