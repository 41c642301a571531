import Foundation

/// The storage of an account, seen by a client with its keys.
struct AccountStorage {
  let state: SandboxState
  let account: Account

  /// The storage of the account's storage user.
  var user: UserStorage { state.storage.user(tokenUser.uid) }

  /// The account's storage user, which is allocated if it does not exist.
  var tokenUser: TokenUser {
    state.tokenUsers[account.uid]
      ?? state.tokenUsers.allocate(
        account: account.uid, generation: account.generation, keysChangedAt: account.keysChangedAt,
        clientState: Base64.url(account.syncKey.clientState))
  }

  /// Returns the cipher of a collection.
  ///
  /// - Throws: ``SandboxError`` or ``RecordCipher/Failure`` if `crypto/keys` is missing or unreadable.
  func cipher(for collection: String) throws -> RecordCipher {
    if collection == "crypto" { return account.syncKey.bundle }
    guard let record = user.collections["crypto"]?.records["keys"] else {
      throw SandboxError("crypto/keys is missing")
    }
    let keys = try account.syncKey.bundle.decrypt(payload: record.payloadText)
    guard let cipher = RecordCipher(keys["collections"]?[collection]) ?? RecordCipher(keys["default"]) else {
      throw SandboxError("crypto/keys has no key for \(collection)")
    }
    return cipher
  }

  /// Returns the records of a collection, or the one with an id, decrypted.
  func decrypted(_ collection: String, id: String?) -> JSON {
    let keys = Result { collection == "meta" ? nil : try cipher(for: collection) }
    let records = user.collections[collection]?.records.values.filter { id == nil || $0.id == id } ?? []
    return .array(
      records.sorted { ($0.modified, $0.id) < ($1.modified, $1.id) }.map { record in
        var row: JSON = ["id": .string(record.id), "modified": record.modified.json]
        if let index = record.sortindex { row.set("sortindex", .int(index)) }
        do {
          let text = record.payloadText
          row.set("cleartext", try keys.get()?.decrypt(payload: text) ?? JSON(parsing: text))
        } catch {
          row.set("error", .string("\(error)"))
        }
        return row
      })
  }

  /// Sets up an empty storage as Firefox does: `meta/global` with all engines, and `crypto/keys`.
  ///
  /// - Throws: an error if the keys cannot be encrypted.
  func initialize() throws {
    guard user.collections["crypto"]?.records["keys"] == nil else { return }
    func guid() -> String { Base64.url(Derive.random(9)) }
    let versions = [
      ("addons", 1), ("bookmarks", 2), ("clients", 1), ("extension-storage", 1), ("forms", 1), ("history", 1),
      ("passwords", 1), ("prefs", 2), ("tabs", 1),
    ]
    let engines = versions.map { name, version in
      JSON.Member(name, ["version": .int(version), "syncID": .string(guid())])
    }
    let global: JSON = [
      "syncID": .string(guid()), "storageVersion": 5, "engines": .object(engines), "declined": [],
    ]
    let fresh = RecordCipher(encryptionKey: Derive.random(32), hmacKey: Derive.random(32))
    let keys: JSON = [
      "id": "keys", "collection": "crypto", "default": fresh.keyPair, "collections": [:],
    ]
    let payload = try account.syncKey.bundle.encrypt(keys.bytes).encodedText
    user.write([RecordChange(id: "global", payload: global.encodedText)], to: "meta", state.clock)
    user.write([RecordChange(id: "keys", payload: payload)], to: "crypto", state.clock)
  }
}
