/// A record of a collection (BSO, basic storage object).
struct StoredRecord {
  let id: String
  var modified: SyncTime
  /// The payload as a JSON string with its quotes, ready for responses.
  var payload: [UInt8]
  /// The length of the payload itself, which limits count, in bytes.
  var payloadBytes: Int
  var sortindex: Int?
  /// The time at which the record expires, in microseconds since 1970; nil: never.
  var expires: Int64?
  /// The position in the order of writes.
  var sequence: Int

  /// Returns whether an id has 1 to 64 printable ASCII characters.
  static func isValidID(_ id: String) -> Bool {
    1...64 ~= id.utf8.count && id.utf8.allSatisfy { 0x20...0x7e ~= $0 }
  }

  /// Appends the record as responses contain it.
  func write(to writer: inout JSONWriter) {
    writer.raw("{\"id\":")
    writer.string(id)
    writer.raw(",\"modified\":")
    writer.raw(modified.description)
    writer.raw(",\"payload\":")
    writer.raw(payload)
    if let sortindex {
      writer.raw(",\"sortindex\":")
      writer.raw(String(sortindex))
    }
    writer.raw("}")
  }

  /// The payload, decoded from its JSON string.
  var payloadText: String { (try? JSON(parsing: payload))?.text ?? "" }
}

/// An upload of one record; nil leaves the stored member unchanged.
struct RecordChange {
  let id: String
  var payload: [UInt8]?
  var payloadBytes = 0
  var sortindex: Int?
  /// The time to live, in seconds.
  var ttl: Int?

  init(id: String, payload: String? = nil, sortindex: Int? = nil, ttl: Int? = nil) {
    self.id = id
    self.sortindex = sortindex
    self.ttl = ttl
    setPayload(payload)
  }

  /// Sets the payload; nil changes nothing.
  mutating func setPayload(_ text: String?) {
    guard let text else { return }
    var writer = JSONWriter(capacity: text.utf8.count + text.utf8.count / 32 + 2)
    writer.string(text)
    payload = writer.bytes
    payloadBytes = text.utf8.count
  }
}
