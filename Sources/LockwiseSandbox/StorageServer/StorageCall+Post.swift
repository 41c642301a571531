import Foundation

extension StorageCall {
  /// The part of a POST in a batch.
  private enum BatchStep {
    case plain, start, append(String), commit(String)
  }

  /// Responds to `POST storage/<collection>`, alone or as part of a batch.
  ///
  /// - Throws: ``StorageError`` for an error response.
  func post(_ name: String) throws -> Response {
    try checkRequestSize()
    let step = try batchStep()
    try checkAnnouncements()
    let objects = try RecordInput.objects(request)
    let (changes, failed) = try sort(objects, in: name)
    let before = user.modified(of: name)
    try checkConditions(before)
    recordUnconditionalWrite()
    let result: [(String, JSON?)] = [
      ("success", .strings(changes.map(\.id))),
      ("failed", .object(failed.map { JSON.Member($0.id, .string($0.reason)) })),
    ]
    switch step {
    case .plain:
      try checkQuota(adding: changes.reduce(0) { $0 + $1.payloadBytes })
      let time = user.write(changes, to: name, state.clock)
      return response(.present([("modified", time.json)] + result), modified: time)
    case .start:
      let id = user.startBatch(UserStorage.Batch(collection: name, started: now))
      try extend(id, in: name, with: changes)
      return response(.present([("batch", .string(id))] + result), modified: before, status: 202)
    case .append(let id):
      try extend(id, in: name, with: changes)
      return response(.present([("batch", .string(id))] + result), modified: before, status: 202)
    case .commit(let id):
      try extend(id, in: name, with: changes)
      guard let batch = user.batches.removeValue(forKey: id) else { throw StorageError.badRequest }
      try checkQuota(adding: batch.bytes)
      let time = user.write(batch.changes, to: name, state.clock)
      return response(.present([("modified", time.json)] + result), modified: time)
    }
  }

  private func batchStep() throws -> BatchStep {
    guard switches.flag("storage.batches") else { return .plain }
    var batch = request.queryValue("batch")
    // An empty value starts a batch, and so does `true` in any letter case (syncstorage-rs, BatchRequestOpt).
    if batch?.isEmpty == true || batch?.lowercased() == "true" { batch = "true" }
    let commit = request.queryValue("commit")
    guard commit == nil || commit?.lowercased() == "true" else { throw StorageError.badRequest }
    switch (batch, commit) {
    case (nil, nil): return .plain
    case (nil, _): throw StorageError.badRequest
    case ("true", nil): return .start
    case ("true", _): return .plain
    case (let id?, nil): return .append(id)
    case (let id?, _): return .commit(id)
    }
  }

  /// Compares the sizes that headers such as `X-Weave-Records` announce with the limits, also without a batch.
  private func checkAnnouncements() throws {
    func check(_ header: String, _ limit: String) throws {
      guard let text = request.header(header) else { return }
      guard let count = Int(text), count >= 0 else { throw StorageError.badRequest }
      guard count <= switches.int(limit) else { throw StorageError.tooLarge }
    }
    try check("x-weave-records", "storage.max-post-records")
    try check("x-weave-bytes", "storage.max-post-bytes")
    try check("x-weave-total-records", "storage.max-total-records")
    try check("x-weave-total-bytes", "storage.max-total-bytes")
  }

  /// Separates the valid records from the invalid ones.
  ///
  /// The whole request is refused for a record that is not an object, has no id or the id of another one, or has a known
  /// bad payload. Any other error fails only its own record (syncstorage-rs, BsoBodies and CollectionPostRequest).
  private func sort(_ objects: [JSON], in name: String) throws -> (
    valid: [RecordChange], failed: [(id: String, reason: String)]
  ) {
    var valid: [RecordChange] = []
    var failed: [(id: String, reason: String)] = []
    var seen: Set<String> = []
    var bytes = 0
    for object in objects {
      guard let id = object["id"]?.text, seen.insert(id).inserted else { throw StorageError.invalidRecord }
      guard StoredRecord.isValidID(id) else {
        failed.append((id, "invalid id"))
        continue
      }
      do {
        let change = try RecordInput.change(object, id: id)
        // A record that is too large still counts towards the sum.
        bytes += change.payloadBytes
        if change.payloadBytes > switches.int("storage.max-record-payload-bytes")
          || bytes > switches.int("storage.max-post-bytes")
        {
          failed.append((id, "retry bytes"))
        } else {
          guard !RecordInput.isKnownBad(object, in: name) else { throw StorageError.invalidRecord }
          valid.append(change)
        }
      } catch let invalid as RecordInput.Invalid {
        failed.append((id, invalid.reason))
      }
    }
    let most = switches.int("storage.max-post-records")
    failed += valid.dropFirst(most).map { ($0.id, "retry bso") }
    return (Array(valid.prefix(most)), failed)
  }

  /// Adds changes to a batch.
  private func extend(_ id: String, in name: String, with changes: [RecordChange]) throws {
    guard var batch = user.batches[id], batch.collection == name else {
      throw StorageError(status: 400, note: "unknown-batch")
    }
    batch.bytes += changes.reduce(0) { $0 + $1.payloadBytes }
    batch.changes += changes
    guard batch.changes.count <= switches.int("storage.max-total-records"),
      batch.bytes <= switches.int("storage.max-total-bytes")
    else {
      throw StorageError.tooLarge
    }
    user.batches[id] = batch
  }
}
