import Foundation

extension StorageCall {
  /// Responds to `PUT storage/<collection>/<id>`.
  ///
  /// - Throws: ``StorageError`` for an error response.
  func put(_ id: String, in name: String) throws -> Response {
    try checkRequestSize()
    let json = try RecordInput.object(request)
    if let given = json["id"], !given.isNull, given.text != id { throw StorageError.invalidRecord }
    guard let change = try? RecordInput.change(json, id: id), !RecordInput.isKnownBad(json, in: name) else {
      throw StorageError.invalidRecord
    }
    guard change.payloadBytes <= switches.int("storage.max-record-payload-bytes") else {
      throw StorageError.bodyTooLarge
    }
    try checkConditions(user.collections[name]?.records[id]?.modified ?? .zero)
    try checkQuota(adding: change.payloadBytes)
    recordUnconditionalWrite()
    let time = user.write([change], to: name, state.clock)
    return response(time.json, modified: time)
  }

  /// Responds to `DELETE storage/<collection>/<id>`. `X-Last-Modified` is the time before the request, as in production.
  ///
  /// - Throws: ``StorageError`` for an error response.
  func delete(_ id: String, in name: String) throws -> Response {
    let collection = user.collections[name]
    let before = collection?.records[id]?.modified
    try checkConditions(before ?? .zero)
    guard let collection, let before else { throw StorageError.notFound }
    recordUnconditionalWrite()
    collection.remove(id)
    collection.modified = user.advance(to: now)
    return response(["modified": collection.modified.json], modified: before)
  }

  /// Responds to `DELETE storage/<collection>`, with or without `ids`.
  ///
  /// `X-Last-Modified` is the time before the request, or with `ids` the time of the deletion (syncstorage-rs,
  /// delete_collection).
  ///
  /// - Throws: ``StorageError`` for an error response.
  func deleteCollection(_ name: String) throws -> Response {
    let query = try CollectionQuery(request)
    let before = user.modified(of: name)
    try checkConditions(before)
    recordUnconditionalWrite()
    guard let ids = query.ids else {
      exchange.addNote("delete-collection")
      guard user.collections.removeValue(forKey: name) != nil else {
        return response(user.modified.json, modified: before)
      }
      user.batches = user.batches.filter { $0.value.collection != name }
      return response(user.advance(to: now).json, modified: before)
    }
    guard let collection = user.collections[name] else {
      return response(user.modified.json, modified: user.modified)
    }
    for id in ids { collection.remove(id) }
    collection.modified = user.advance(to: now)
    return response(collection.modified.json, modified: collection.modified)
  }

  /// Checks the size of the body.
  ///
  /// - Throws: ``StorageError`` 413 if it is too large.
  func checkRequestSize() throws {
    guard request.body.count <= switches.int("storage.max-request-bytes") else {
      throw StorageError.bodyTooLarge
    }
  }

  /// Checks the quota before a write.
  ///
  /// - Throws: ``StorageError`` 403 if the write would exceed it.
  func checkQuota(adding bytes: Int) throws {
    guard let quota = switches["storage.quota-bytes"].int else { return }
    guard user.payloadBytes + bytes <= quota else { throw StorageError.overQuota }
  }
}
