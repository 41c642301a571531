import Foundation

/// An authenticated request to the storage of a user.
struct StorageCall {
  let state: SandboxState
  let exchange: Exchange
  let user: UserStorage

  var request: Request { exchange.request }
  var now: SyncTime { state.clock.now }
  var switches: Switches { state.switches }

  /// Responds to the request; `tail` is the path below the endpoint.
  ///
  /// - Throws: ``StorageError`` for an error response.
  func route(_ tail: [String]) throws -> Response {
    let method = request.method
    switch tail.first {
    case nil, "":
      guard tail.count <= 1 else { throw unserved() }
      return try wipe(method)
    case "info":
      guard tail.count == 2 else { throw unserved() }
      return try info(tail[1], method: method)
    case "storage":
      if tail.count == 1 || tail == ["storage", ""] { return try wipe(method) }
      guard tail.count <= 3, StoredCollection.isValidName(tail[1]) else { throw StorageError.notFound }
      if tail.count == 2 { return try collection(tail[1], method: method) }
      guard StoredRecord.isValidID(tail[2]) else { throw StorageError.notFound }
      return try record(tail[2], in: tail[1], method: method)
    default: throw unserved()
    }
  }

  private func unserved() -> StorageError { StorageError(status: 404, note: "unserved") }

  private func collection(_ name: String, method: String) throws -> Response {
    switch method {
    case "GET": return try list(name)
    case "POST": return try post(name)
    case "DELETE": return try deleteCollection(name)
    default: throw StorageError.methodNotAllowed
    }
  }

  private func record(_ id: String, in name: String, method: String) throws -> Response {
    switch method {
    case "GET": return try get(id, in: name)
    case "PUT": return try put(id, in: name)
    case "DELETE": return try delete(id, in: name)
    default: throw StorageError.methodNotAllowed
    }
  }

  /// Compares `X-If-Modified-Since` and `X-If-Unmodified-Since` with the time of the resource (Sync storage API 1.5,
  /// request headers).
  ///
  /// - Throws: ``StorageError`` 304, 412, or 400 for both headers together or an invalid time.
  func checkConditions(_ modified: SyncTime) throws {
    let since = request.header("x-if-modified-since")
    let unmodified = request.header("x-if-unmodified-since")
    guard since == nil || unmodified == nil else { throw StorageError.badRequest }
    guard let text = since ?? unmodified else { return }
    guard let time = SyncTime(text) else { throw StorageError.badRequest }
    if since != nil, request.method == "GET", modified <= time {
      throw StorageError(status: 304, code: nil, lastModified: modified)
    }
    if unmodified != nil, modified > time { throw StorageError(status: 412, lastModified: modified) }
  }

  /// Adds a note for a write that would overwrite changes of other clients.
  func recordUnconditionalWrite() {
    if request.header("x-if-unmodified-since") == nil { exchange.addNote("unconditional-write") }
  }

  /// Makes a response with `X-Last-Modified`.
  func response(_ json: JSON, modified: SyncTime, status: Int = 200) -> Response {
    var response = Response.json(json, status: status)
    response.setHeader("X-Last-Modified", modified.description)
    return response
  }

  private func info(_ name: String, method: String) throws -> Response {
    guard ["collections", "collection_counts", "collection_usage", "quota", "configuration"].contains(name)
    else {
      throw unserved()
    }
    guard method == "GET" else { throw StorageError.methodNotAllowed }
    try checkConditions(user.modified)
    func perCollection(_ value: (StoredCollection) -> JSON?) -> JSON {
      .present(user.collections.sorted { $0.key < $1.key }.map { ($0.key, value($0.value)) })
    }
    func kilobytes(_ bytes: Int) -> JSON { .number(String(Double(bytes) / 1024)) }
    let body: JSON
    switch name {
    case "collections": body = perCollection { $0.modified.json }
    case "collection_counts": body = perCollection { $0.records.isEmpty ? nil : .int($0.records.count) }
    case "collection_usage": body = perCollection { kilobytes($0.payloadBytes) }
    case "quota":
      body = [kilobytes(user.payloadBytes), switches["storage.quota-bytes"].int.map(kilobytes) ?? .null]
    default:
      guard switches.flag("storage.configuration") else { throw StorageError.notFound }
      body = limits
    }
    var response = response(body, modified: user.modified)
    if let count = body.members?.count, name != "configuration" {
      response.setHeader("X-Weave-Records", String(count))
    }
    return response
  }

  private var limits: JSON {
    var names = [
      "max-request-bytes", "max-post-records", "max-post-bytes", "max-record-payload-bytes",
    ]
    if switches.flag("storage.batches") { names += ["max-total-records", "max-total-bytes"] }
    return .present(
      names.map { ($0.replacing("-", with: "_"), switches["storage.\($0)"]) }
        + [("max_quota_limit", switches["storage.quota-bytes"].int.map { .int($0) })])
  }

  private func wipe(_ method: String) throws -> Response {
    guard method == "DELETE" else { throw StorageError.methodNotAllowed }
    try checkConditions(user.modified)
    recordUnconditionalWrite()
    exchange.addNote("delete-storage")
    user.collections = [:]
    user.batches = [:]
    _ = user.advance(to: now)
    return response(.null, modified: user.modified)
  }
}
