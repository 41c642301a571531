extension UserStorage {
  /// Parses `{"collections": {NAME: {"modified": …, "items": {ID: {"modified", "payload", "sortindex", "ttl" or
  /// "expires"}}}}}`.
  ///
  /// Clients set their clocks by these times. If one is after `latest`, all are moved back by the same number of full
  /// seconds.
  ///
  /// - Throws: ``SandboxError`` for malformed JSON.
  convenience init(uid: Int, json: JSON, latest: SyncTime? = nil) throws {
    func time(_ value: JSON?) throws -> SyncTime {
      guard case .number(let text)? = value, let time = SyncTime(text) else {
        throw SandboxError("storage: invalid time: \(value?.encodedText ?? "missing")")
      }
      return time
    }
    func microseconds(_ value: JSON) throws -> Int64 {
      guard let seconds = value.double, 0...1e12 ~= seconds else {
        throw SandboxError("storage: invalid time: \(value.encodedText)")
      }
      return Int64((seconds * 1_000_000).rounded())
    }
    guard let members = json["collections"]?.members else { throw SandboxError("storage: collections are missing") }
    var last = try json["modified"].map { try time($0) } ?? .zero
    for member in members { last = max(last, try time(member.value["modified"])) }
    var shift: Int64 = 0
    if let latest, last > latest { shift = (last.hundredths - latest.hundredths) / 100 * 100 + 100 }
    self.init(uid: uid, modified: SyncTime(hundredths: last.hundredths - shift))
    for member in members {
      let collection = StoredCollection(
        modified: SyncTime(hundredths: try time(member.value["modified"]).hundredths - shift))
      let records = try (member.value["items"]?.members ?? []).map { item in
        let modified = SyncTime(hundredths: try time(item.value["modified"]).hundredths - shift)
        guard let payload = item.value["payload"]?.text else { throw SandboxError("storage: payload is missing") }
        var change = RecordChange(id: item.key)
        change.setPayload(payload)
        // The ttl of a fixture is the time that was left when it was recorded.
        let left = item.value["ttl"]?.double.map { Int64(min(max($0, 0), 1e10) * 1_000_000) }
        let ttl = left.map { (latest ?? modified).hundredths * 10_000 + $0 }
        return StoredRecord(
          id: item.key, modified: modified, payload: change.payload ?? [], payloadBytes: change.payloadBytes,
          sortindex: item.value["sortindex"]?.int,
          expires: try item.value["expires"].map { try microseconds($0) } ?? ttl,
          sequence: 0)
      }
      for record in records.sorted(by: { ($0.modified, $0.id) < ($1.modified, $1.id) }) {
        collection.load(record)
      }
      collections[member.key] = collection
    }
  }

  /// Appends the storage as the state file holds it, without pending batches.
  func write(to writer: inout JSONWriter) {
    writer.raw("{\"modified\":\(modified),\"collections\":{")
    for (index, (name, collection)) in collections.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { writer.raw(",") }
      writer.string(name)
      writer.raw(":{\"modified\":\(collection.modified),\"items\":{")
      for (place, record) in collection.records.values.enumerated() {
        if place > 0 { writer.raw(",\n") }
        writer.string(record.id)
        writer.raw(":{\"modified\":\(record.modified),\"payload\":")
        writer.raw(record.payload)
        if let sortindex = record.sortindex { writer.raw(",\"sortindex\":\(sortindex)") }
        if let expires = record.expires {
          let fraction = String(1_000_000 + expires % 1_000_000).dropFirst()
          writer.raw(",\"expires\":\(expires / 1_000_000).\(fraction)")
        }
        writer.raw("}")
      }
      writer.raw("}}")
    }
    writer.raw("}}")
  }
}
