/// One record of a collection (BSO, basic storage object).
struct StoredRecord {
  let id: String
  var modified: SyncTime
  /// The payload as a JSON string, quotes included, so that it goes into answers without work.
  var payload: [UInt8]
  /// Bytes of the payload itself, which the limits count.
  var payloadBytes: Int
  var sortindex: Int?
  /// The record is gone from this moment on, microseconds since 1970; nil: never.
  var expires: Int64?
  /// Place in the order of writes.
  var sequence: Int

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

  /// The payload itself.
  var payloadText: String { (try? JSON(parsing: payload))?.text ?? "" }
}

/// What an upload says about one record; an absent member leaves the stored one as it is.
struct RecordChange {
  let id: String
  var payload: [UInt8]?
  var payloadBytes = 0
  var sortindex: Int?
  /// Seconds to live.
  var ttl: Int?

  init(id: String, payload: String? = nil, sortindex: Int? = nil, ttl: Int? = nil) {
    self.id = id
    self.sortindex = sortindex
    self.ttl = ttl
    setPayload(payload)
  }

  mutating func setPayload(_ text: String?) {
    guard let text else { return }
    var writer = JSONWriter(capacity: text.utf8.count + text.utf8.count / 32 + 2)
    writer.string(text)
    payload = writer.bytes
    payloadBytes = text.utf8.count
  }
}
