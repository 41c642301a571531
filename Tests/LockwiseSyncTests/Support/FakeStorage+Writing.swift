import Foundation
import LockwiseAccounts
import LockwiseCore

extension FakeStorage {
  /// The limits of a server. Payload bytes must be strictly below theirs, as at the oldest servers.
  struct Limits {
    var hasBatches = true
    var postRecords = 100
    var postBytes = 2_621_440
    var requestBytes = 2_625_536
    var recordBytes = 2_621_440
    var totalRecords = 10000
    var totalBytes = 100_000_000
    /// Whether records beyond the limits of one request are listed in `failed`, as syncstorage-rs does, instead of
    /// refusing the request.
    var failsSeparately = false

    /// The limits as `info/configuration` announces them.
    var text: String {
      var members = [
        "\"max_post_records\":\(postRecords)", "\"max_post_bytes\":\(postBytes)",
        "\"max_request_bytes\":\(requestBytes)", "\"max_record_payload_bytes\":\(recordBytes)",
      ]
      if hasBatches { members += ["\"max_total_records\":\(totalRecords)", "\"max_total_bytes\":\(totalBytes)"] }
      return "{" + members.joined(separator: ",") + "}"
    }
  }

  /// An upload (Sync storage API 1.5, POST storage/collection).
  func post(_ name: String, _ query: [String: String], _ request: HTTPRequest) -> HTTPResponse {
    if let refused = conditional(collections[name]?.modified ?? 0, request) { return refused }
    let body = request.body?.exposedText() ?? ""
    guard body.utf8.count < limits.requestBytes else { return Self.answer(413, "17") }
    guard let list = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]] else {
      return Self.answer(400, "6")
    }
    var records: [(id: String, payload: String)] = []
    for object in list {
      guard let id = object["id"] as? String, let payload = object["payload"] as? String, object.count == 2 else {
        return Self.answer(400, "8")
      }
      records.append((id, payload))
    }
    let bytes = records.reduce(0) { $0 + $1.payload.utf8.count }
    var refused = refused
    if limits.failsSeparately {
      for (index, record) in records.enumerated() {
        let size = records.prefix(index + 1).reduce(0) { $0 + $1.payload.utf8.count }
        if size >= limits.postBytes { refused[record.id] = "retry bytes" }
        if index >= limits.postRecords { refused[record.id] = "retry bso" }
      }
    } else {
      guard records.count <= limits.postRecords, bytes < limits.postBytes,
        records.allSatisfy({ $0.payload.utf8.count < limits.recordBytes })
      else { return Self.answer(400, "17") }
    }
    let failed = records.filter { refused[$0.id] != nil }
    records.removeAll { refused[$0.id] != nil }
    let lists = [
      "\"success\":[\(records.map { "\"\($0.id)\"" }.joined(separator: ","))]",
      "\"failed\":{\(failed.map { "\"\($0.id)\":\"\(refused[$0.id] ?? "")\"" }.joined(separator: ","))}",
    ].joined(separator: ",")
    guard limits.hasBatches, let batch = query["batch"] else { return visible(records, in: name, lists) }
    let id = batch == "true" ? "b+/=\(batches.count)" : batch
    guard batch == "true" || batches[id] != nil else { return Self.answer(400, "0") }
    let all = (batches[id] ?? []) + records
    guard all.count <= limits.totalRecords, all.reduce(0, { $0 + $1.payload.utf8.count }) < limits.totalBytes else {
      return Self.answer(400, "17")
    }
    guard query["commit"] == "true" else {
      batches[id] = all
      return Self.answer(202, "{\"batch\":\"\(id)\",\(lists)}")
    }
    batches[id] = nil
    return visible(all, in: name, lists)
  }

  /// Removes records without a trace.
  func drop(_ ids: String, in name: String, _ request: HTTPRequest) -> HTTPResponse {
    guard collections[name] != nil else { return Self.answer(404, "0") }
    if let refused = conditional(collections[name]?.modified ?? 0, request) { return refused }
    for id in ids.split(separator: ",") { collections[name]?.items[String(id)] = nil }
    let time = tick()
    collections[name]?.modified = time
    return Self.answer(200, "{\"modified\":\(Self.decimal(time))}", [("x-last-modified", Self.decimal(time))])
  }

  private func visible(_ records: [(id: String, payload: String)], in name: String, _ lists: String) -> HTTPResponse {
    let time = tick()
    var collection = collections[name] ?? Collection(modified: 0)
    for record in records { collection.items[record.id] = Item(modified: time) { record.payload } }
    collection.modified = time
    collections[name] = collection
    return Self.answer(200, "{\"modified\":\(Self.decimal(time)),\(lists)}", [("x-last-modified", Self.decimal(time))])
  }
}
