import Foundation

extension StorageCall {
  /// Responds to `GET storage/<collection>`. A collection that does not exist is an empty list.
  ///
  /// - Throws: ``StorageError`` for an error response.
  func list(_ name: String) throws -> Response {
    var query = try CollectionQuery(request)
    query.capLimit(switches["storage.page"].int)
    let newlines = try prefersNewlines()
    let modified = user.modified(of: name)
    try checkConditions(modified)
    let (records, next) = user.collections[name]?.select(query) ?? ([], nil)
    var writer = JSONWriter(capacity: records.reduce(16) { $0 + (query.full ? $1.payload.count : 0) + 128 })
    if !newlines { writer.raw("[") }
    for (index, record) in records.enumerated() {
      if index > 0, !newlines { writer.raw(",") }
      if query.full { record.write(to: &writer) } else { writer.string(record.id) }
      if newlines { writer.raw("\n") }
    }
    if !newlines { writer.raw("]") }
    var response = Response(status: 200, body: Data(writer.bytes))
    response.setHeader("Content-Type", newlines ? "application/newlines" : "application/json")
    response.setHeader("X-Last-Modified", modified.description)
    response.setHeader("X-Weave-Records", String(records.count))
    if let next { response.setHeader("X-Weave-Next-Offset", query.offset(at: next)) }
    return response
  }

  /// Returns whether `Accept` prefers `application/newlines` to JSON.
  ///
  /// - Throws: ``StorageError`` 406 if it allows neither.
  private func prefersNewlines() throws -> Bool {
    guard let accept = request.header("accept"), !accept.isEmpty else { return false }
    let ranges = accept.split(separator: ",").map { range -> (type: String, quality: Double) in
      let parts = range.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
      let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
      return (parts.first ?? "", quality)
    }
    func quality(_ types: [String]) -> Double {
      ranges.filter { types.contains($0.type) }.map(\.quality).max() ?? 0
    }
    let json = quality(["application/json", "application/*", "*/*"])
    let newlines = quality(["application/newlines"])
    guard max(json, newlines) > 0 else { throw StorageError.notAcceptable }
    return newlines > json || (newlines == json && quality(["application/json"]) == 0)
  }

  /// Responds to `GET storage/<collection>/<id>`.
  ///
  /// - Throws: ``StorageError`` for an error response.
  func get(_ id: String, in name: String) throws -> Response {
    let record = user.collections[name]?.records[id]
    try checkConditions(record?.modified ?? .zero)
    guard let record else { throw StorageError.notFound }
    var writer = JSONWriter(capacity: record.payload.count + 128)
    record.write(to: &writer)
    var response = Response(status: 200, body: Data(writer.bytes))
    response.setHeader("Content-Type", "application/json")
    response.setHeader("X-Last-Modified", record.modified.description)
    return response
  }
}
