import LockwiseCore

/// The encryption of one collection's records (Sync storage format 5): none for `meta`; for `crypto`, the account's
/// Sync key; for every other, the collection's keys.
public struct RawCipher: Sendable {
  /// The collections that all clients of the account depend on.
  public static let foundations: Set<String> = ["meta", "crypto"]

  /// `nil`: not encrypted.
  private let bundle: SyncKeyBundle?
  /// Whether it is for one of `foundations`.
  private let isFoundation: Bool

  /// Fetches the keys of a collection unless the vault has them.
  ///
  /// - Parameters:
  ///   - collection: the collection's name.
  ///   - times: the collections' times, just fetched by `client`.
  ///   - state: the vault's sync state.
  ///   - client: the account's storage.
  ///   - syncKey: the account's Sync key.
  /// - Throws: `PullError` if there is no storage that this client supports; `StorageError`.
  public init(
    for collection: String, times: CollectionTimes, state: SyncState, client: StorageClient, syncKey: SyncKeyBundle
  ) throws {
    isFoundation = Self.foundations.contains(collection)
    switch collection {
    case "meta": bundle = nil
    case "crypto": bundle = syncKey
    default:
      let isKnown =
        try state.endpoint == client.connect() && state.cryptoTime != nil && state.metaTime != nil
        && state.cryptoTime == times.collections["crypto"] && state.metaTime == times.collections["meta"]
      if isKnown, let keys = state.keys {
        bundle = keys.bundle(for: collection)
        return
      }
      let records = GlobalRecords(client: client)
      _ = try records.meta()
      bundle = try records.keys(syncKey).bundle(for: collection)
    }
  }

  init(bundle: SyncKeyBundle?) {
    self.bundle = bundle
    isFoundation = bundle == nil
  }

  /// Decrypts a record.
  ///
  /// - Returns: the record, a JSON object with its `id`, which is added if it is missing.
  /// - Throws: `RawRecordError`; `CryptoError.unavailable` if libcrypto fails.
  public func open(_ record: BSO) throws -> SecretBytes {
    guard let payload = record.payload else { throw RawRecordError.noPayload }
    var text = payload
    if let bundle {
      do {
        text = try RecordCipher.decrypt(payload: payload, with: bundle)
      } catch let error as RecordCipherError {
        throw RawRecordError.encryption(error)
      }
    }
    guard let object = (try? JSONValue(parsing: text))?.object else { throw RawRecordError.notAnObject }
    guard let id = object["id"] else {
      // The MAC does not cover the IV, so a server can hide the id and put the record under another. Only a tombstone
      // without other members may lack it, and the records of `meta` and `crypto`.
      let isMark = Tombstone.reading(object, guid: record.id) != .none
      guard isFoundation || isMark && object.members.count == 1 else { throw RawRecordError.noID }
      return JSONText.object([("id", JSONText.string(SecretBytes(utf8: record.id)))] + object.pairs)
    }
    // The id is not covered by the MAC.
    guard id.string?.isSameText(as: record.id) == true else { throw RawRecordError.otherID }
    return text
  }

  /// Encrypts a record.
  ///
  /// - Parameters:
  ///   - record: the record.
  ///   - random: the source of the IV.
  /// - Returns: the payload for the BSO.
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  func seal(_ record: RawRecord, random: any RandomSource) throws -> SecretBytes {
    guard let bundle else {
      // Unencrypted records do not contain their id.
      return record.json(withID: false)
    }
    return try RecordCipher.encrypt(record.json(withID: true), with: bundle, random: random)
  }
}

/// A record that cannot be shown. Holds nothing from it.
public enum RawRecordError: Error, Equatable, Sendable {
  /// The payload is missing or not a string.
  case noPayload
  /// It cannot be decrypted.
  case encryption(RecordCipherError)
  /// It is not a JSON object.
  case notAnObject
  /// Its id differs from the id it is stored under: another record was put in its place.
  case otherID
  /// It does not contain its id: another record may have been put in its place.
  case noID
}

extension RawRecordError: CustomStringConvertible {
  /// The text to show.
  public var description: String {
    switch self {
    case .noPayload: "no payload"
    case .encryption(let error): error.description
    case .notAnObject: "not a JSON object"
    case .noID: LoginRecordError.noID.description
    case .otherID: "its id differs from the id it is stored under"
    }
  }
}
