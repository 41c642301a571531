import LockwiseCore

/// The two records that everything else in an account's storage depends on.
struct GlobalRecords {
  let client: StorageClient

  /// Fetches `meta/global` and checks that this client supports the storage.
  ///
  /// - Returns: the record and the storage's generation.
  /// - Throws: `PullError`, `StorageError`.
  func meta() throws -> (meta: MetaGlobal, syncID: String) {
    guard let record = try client.record("global", in: "meta").value else { throw PullError.noSyncData }
    guard let meta = try? record.payload.map({ try MetaGlobal(payload: $0) }) else {
      throw PullError.unreadableMetaGlobal
    }
    guard let syncID = meta.syncID, let version = meta.storageVersion else {
      throw PullError.incompleteMetaGlobal
    }
    guard version >= 5 else { throw PullError.storageTooOld(version: version) }
    guard version == 5 else { throw PullError.storageTooNew(version: version) }
    return (meta, syncID)
  }

  /// Fetches `crypto/keys` and decrypts it.
  ///
  /// - Throws: `PullError`, `StorageError`.
  func keys(_ syncKey: SyncKeyBundle) throws -> CollectionKeys {
    guard let record = try client.record("keys", in: "crypto").value else { throw PullError.noKeys }
    guard let payload = record.payload else { throw PullError.unreadableKeys }
    do {
      return try CollectionKeys(cleartext: RecordCipher.decrypt(payload: payload, with: syncKey))
    } catch RecordCipherError.wrongMAC {
      throw PullError.wrongKeys
    } catch is RecordCipherError {
      throw PullError.unreadableKeys
    } catch is CollectionKeys.Malformed {
      throw PullError.unreadableKeys
    }
  }
}
