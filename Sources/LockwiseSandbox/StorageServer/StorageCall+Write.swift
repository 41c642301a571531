import Foundation

extension StorageCall {
  /// `PUT storage/<collection>/<id>`.
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
    noteUnconditionalWrite()
    let time = user.write([change], to: name, state.clock)
    return response(time.json, modified: time)
  }

  /// `DELETE storage/<collection>/<id>`; `X-Last-Modified` is the time before the request, as in production.
  func delete(_ id: String, in name: String) throws -> Response {
    let collection = user.collections[name]
    let before = collection?.records[id]?.modified
    try checkConditions(before ?? .zero)
    guard let collection, let before else { throw StorageError.notFound }
    noteUnconditionalWrite()
    collection.remove(id)
    collection.modified = user.tick(now)
    return response(["modified": collection.modified.json], modified: before)
  }

  /// `DELETE storage/<collection>`, with or without `ids`.
  ///
  /// `X-Last-Modified` is the time before the request; with `ids` that of the deletion (syncstorage-rs,
  /// delete_collection).
  func deleteCollection(_ name: String) throws -> Response {
    let query = try CollectionQuery(request)
    let before = user.modified(of: name)
    try checkConditions(before)
    noteUnconditionalWrite()
    guard let ids = query.ids else {
      exchange.note("delete-collection")
      guard user.collections.removeValue(forKey: name) != nil else {
        return response(user.modified.json, modified: before)
      }
      user.batches = user.batches.filter { $0.value.collection != name }
      return response(user.tick(now).json, modified: before)
    }
    guard let collection = user.collections[name] else {
      return response(user.modified.json, modified: user.modified)
    }
    for id in ids { collection.remove(id) }
    collection.modified = user.tick(now)
    return response(collection.modified.json, modified: collection.modified)
  }

  func checkRequestSize() throws {
    guard request.body.count <= switches.int("storage.max-request-bytes") else {
      throw StorageError.bodyTooLarge
    }
  }

  func checkQuota(adding bytes: Int) throws {
    guard let quota = switches["storage.quota-bytes"].int else { return }
    guard user.payloadBytes + bytes <= quota else { throw StorageError.overQuota }
  }
}
