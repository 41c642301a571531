import Foundation

extension StorageCall {
  /// What the parameters of a POST say about batches.
  private enum BatchStep {
    case plain, start, append(String), commit(String)
  }

  /// `POST storage/<collection>`, alone or as a part of a batch.
  func post(_ name: String) throws -> Response {
    try checkRequestSize()
    let step = try batchStep()
    try checkAnnouncements(step)
    let objects = try RecordInput.objects(request)
    let (changes, failed) = try sort(objects)
    let before = user.modified(of: name)
    try checkConditions(before)
    noteUnconditionalWrite()
    let result: [(String, JSON?)] = [
      ("success", .strings(changes.map(\.id))),
      ("failed", .object(failed.map { JSON.Member($0.id, .string($0.reason)) })),
    ]
    switch step {
    case .plain:
      try checkQuota(adding: changes.reduce(0) { $0 + $1.payloadBytes })
      let time = user.write(changes, to: name, now: now)
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
      let time = user.write(batch.changes, to: name, now: now)
      return response(.present([("modified", time.json)] + result), modified: time)
    }
  }

  private func batchStep() throws -> BatchStep {
    guard switches.flag("storage.batches") else { return .plain }
    let batch = request.queryValue("batch")
    let commit = request.queryValue("commit")
    guard commit == nil || commit?.lowercased() == "true" else { throw StorageError.badRequest }
    switch (batch, commit) {
    case (nil, nil): return .plain
    case (nil, _), ("", _): throw StorageError.badRequest
    case ("true", nil): return .start
    case ("true", _): return .plain
    case (let id?, nil): return .append(id)
    case (let id?, _): return .commit(id)
    }
  }

  /// Compares what the headers announce with the limits (`X-Weave-Records` and its kin).
  private func checkAnnouncements(_ step: BatchStep) throws {
    func check(_ header: String, _ limit: String) throws {
      guard let text = request.header(header) else { return }
      guard let count = Int(text), count >= 0 else { throw StorageError.badRequest }
      guard count <= switches.int(limit) else { throw StorageError.tooLarge }
    }
    try check("x-weave-records", "storage.max-post-records")
    try check("x-weave-bytes", "storage.max-post-bytes")
    if case .plain = step, request.queryValue("batch") == nil { return }
    try check("x-weave-total-records", "storage.max-total-records")
    try check("x-weave-total-bytes", "storage.max-total-bytes")
  }

  /// Parts the records that can be stored from those that can't; a record without an id, or two with the
  /// same, spoil the whole request (syncstorage-rs, BsoBodies).
  private func sort(_ objects: [JSON]) throws -> (
    valid: [RecordChange], failed: [(id: String, reason: String)]
  ) {
    var valid: [RecordChange] = []
    var failed: [(id: String, reason: String)] = []
    var seen: Set<String> = []
    var bytes = 0
    for object in objects {
      guard let id = object["id"]?.text, seen.insert(id).inserted else { throw StorageError.invalidRecord }
      guard RecordInput.isValidID(id) else {
        failed.append((id, "invalid id"))
        continue
      }
      do {
        let change = try RecordInput.change(object, id: id)
        if valid.count >= switches.int("storage.max-post-records") {
          failed.append((id, "retry bso"))
        } else if change.payloadBytes > switches.int("storage.max-record-payload-bytes")
          || bytes + change.payloadBytes > switches.int("storage.max-post-bytes")
        {
          failed.append((id, "retry bytes"))
        } else {
          bytes += change.payloadBytes
          valid.append(change)
        }
      } catch let invalid as RecordInput.Invalid {
        guard invalid.reason != "invalid payload" else { throw StorageError.invalidRecord }
        failed.append((id, invalid.reason))
      }
    }
    return (valid, failed)
  }

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
