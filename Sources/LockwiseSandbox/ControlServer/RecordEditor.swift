import Foundation

/// The changes to records that another client of the account would make, valid or corrupt.
struct RecordEditor {
  let state: SandboxState

  /// Applies an edit, or `{"edits": […]}` with one time.
  ///
  /// - Throws: ``SandboxError`` for an invalid edit.
  func edit(_ body: JSON) throws -> JSON {
    let account = try state.account(email: body["email"]?.text)
    let storage = AccountStorage(state: state, account: account)
    let edits = body["edits"]?.list ?? [body]
    var changes: [String: [RecordChange]] = [:]
    var removals: [(collection: String, id: String)] = []
    for edit in edits {
      guard let collection = edit["collection"]?.text ?? body["collection"]?.text, let id = edit["id"]?.text,
        StoredRecord.isValidID(id), StoredCollection.isValidName(collection)
      else { throw SandboxError("an edit needs a collection and an id") }
      if edit["delete"]?.bool == true {
        removals.append((collection, id))
        continue
      }
      let payload = try payload(of: edit, id: id, collection: collection, storage)
      changes[collection, default: []].append(
        RecordChange(id: id, payload: payload, sortindex: edit["sortindex"]?.int, ttl: edit["ttl"]?.int))
    }
    let user = storage.user
    for (collection, changes) in changes.sorted(by: { $0.key < $1.key }) {
      user.write(changes, to: collection, state.clock)
    }
    for (name, id) in removals {
      guard let collection = user.collections[name], collection.remove(id) else { continue }
      collection.modified = user.advance(to: state.clock.now)
    }
    return ["modified": user.modified.json]
  }

  private func payload(
    of edit: JSON, id: String, collection: String, _ storage: AccountStorage
  ) throws -> String {
    if let raw = edit["payload"]?.text { return raw }
    let cleartext: [UInt8]
    if edit["tombstone"]?.bool == true {
      cleartext = JSON.object([JSON.Member("id", .string(id)), JSON.Member("deleted", true)]).bytes
    } else {
      guard var json = edit["cleartext"], json.members != nil else {
        throw SandboxError("an edit needs cleartext, payload, tombstone or delete")
      }
      if json["id"] == nil, edit["keepID"]?.bool != false { json.set("id", .string(id)) }
      cleartext = json.bytes
    }
    if collection == "meta" { return String(decoding: cleartext, as: UTF8.self) }
    return try corrupted(edit["corrupt"]?.text, cleartext, id: id, storage.cipher(for: collection))
  }

  private func corrupted(_ kind: String?, _ cleartext: [UInt8], id: String, _ cipher: RecordCipher) throws
    -> String
  {
    func flipped(_ payload: JSON, _ member: String) -> String {
      var payload = payload
      var text = payload[member]?.text ?? ""
      text = (text.hasPrefix("0") ? "1" : "0") + text.dropFirst()
      payload.set(member, .string(text))
      return payload.encodedText
    }
    switch kind {
    case nil: return try cipher.encrypt(cleartext).encodedText
    case "hmac": return flipped(try cipher.encrypt(cleartext), "hmac")
    case "ciphertext": return flipped(try cipher.encrypt(cleartext), "ciphertext")
    case "id":
      var json = try JSON(parsing: cleartext)
      json.set("id", .string(id.hasPrefix("x") ? "y" + id.dropFirst() : "x" + id.dropFirst()))
      return try cipher.encrypt(json.bytes).encodedText
    case "cleartext": return try cipher.encrypt(Array("{\"id\":".utf8)).encodedText
    case "json": return "{\"ciphertext\":"
    case "iv":
      var payload = try cipher.encrypt(cleartext)
      payload.set("IV", .string(Base64.standard(Derive.random(8))))
      return payload.encodedText
    case "key":
      let other = RecordCipher(encryptionKey: Derive.random(32), hmacKey: Derive.random(32))
      return try other.encrypt(cleartext).encodedText
    default: throw SandboxError("corrupt must be hmac, ciphertext, id, cleartext, json, iv or key")
    }
  }
}
