import LockwiseCore

/// A record to write: an id and the given JSON object.
public struct RawRecord: Sendable {
  /// Its id; `nil` if it gets a new one.
  public let id: String?
  private let object: JSONObject
  private let text: SecretBytes

  /// Creates a record from an object.
  ///
  /// - Parameters:
  ///   - value: the record.
  ///   - id: its id; if `nil`, the one in its member `id`.
  /// - Throws: `RawInputError`.
  init(_ value: JSONValue, id: String?, at place: RawInputError.Location) throws {
    guard let object = value.object else { throw RawInputError.notAnObject(place) }
    var own: String?
    if let member = object["id"] {
      guard let text = member.string, LoginRecord.isValidID(text) else { throw RawInputError.badID(place) }
      own = text
    }
    if let id, let own, !id.utf8.elementsEqual(own.utf8) { throw RawInputError.otherID(place) }
    self.id = id ?? own
    self.object = object
    text = value.raw
  }

  /// Whether it marks the record as deleted by JavaScript's rules: `false`, `null` and 0 do not.
  public var isTombstone: Bool { object["deleted"]?.isTruthy ?? false }

  /// Returns the record with an id.
  ///
  /// - Parameter id: 1 to 64 printable ASCII characters, the record's own if it has one.
  func named(_ id: String) -> RawRecord { RawRecord(id: id, object: object, text: text) }

  private init(id: String, object: JSONObject, text: SecretBytes) {
    self.id = id
    self.object = object
    self.text = text
  }

  /// The given text, with or without the id.
  ///
  /// - Parameter withID: whether to include the member `id`.
  public func json(withID: Bool) -> SecretBytes {
    guard let id, withID else {
      return object["id"] == nil ? text : JSONText.object(object.pairs.filter { $0.name != "id" })
    }
    guard object["id"] == nil else { return text }
    return JSONText.object([("id", JSONText.string(SecretBytes(utf8: id)))] + object.pairs)
  }

  /// The content of a tombstone (Sync storage format 5).
  static func tombstone(_ id: String) throws -> RawRecord {
    var writer = JSONObjectWriter()
    writer.member("id", id)
    writer.member("deleted", true)
    return try RawRecord(JSONValue(parsing: writer.finish()), id: id, at: .whole)
  }
}

extension JSONObject {
  /// The members with their values exactly as written.
  var pairs: [(name: String, json: SecretBytes)] { members.map { ($0.name, $0.value.raw) } }
}

extension JSONText {
  /// Creates an object from values that are already JSON.
  static func object(_ members: [(name: String, json: SecretBytes)]) -> SecretBytes {
    var writer = JSONObjectWriter()
    for member in members { writer.member(member.name, json: member.json) }
    return writer.finish()
  }
}
