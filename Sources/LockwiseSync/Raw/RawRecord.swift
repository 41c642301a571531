import LockwiseCore

/// A record that is to be written: an id, and a JSON object as it was given.
public struct RawRecord: Sendable {
  /// Its id; `nil` if it is to get one.
  public let id: String?
  private let object: JSONObject
  private let text: SecretBytes

  /// Takes an object.
  ///
  /// - Parameters:
  ///   - value: the record.
  ///   - id: the id that it is to have; that of its member `id` if not given.
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

  /// Whether it says that the record is deleted, as JavaScript reads it: `false`, `null` and 0 do not.
  public var isTombstone: Bool { object["deleted"]?.isTruthy ?? false }

  /// The same record under an id.
  ///
  /// - Parameter id: 1 to 64 printable ASCII characters, the record's own if it has one.
  func named(_ id: String) -> RawRecord { RawRecord(id: id, object: object, text: text) }

  private init(id: String, object: JSONObject, text: SecretBytes) {
    self.id = id
    self.object = object
    self.text = text
  }

  /// The text as it was given, but for the id.
  ///
  /// - Parameter withID: whether the member `id` is there or not.
  public func json(withID: Bool) -> SecretBytes {
    guard let id, withID else {
      return object["id"] == nil ? text : JSONText.object(object.pairs.filter { $0.name != "id" })
    }
    guard object["id"] == nil else { return text }
    return JSONText.object([("id", JSONText.string(SecretBytes(utf8: id)))] + object.pairs)
  }

  /// What marks a record as deleted (Sync storage format 5).
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
  /// An object with values that are JSON already.
  static func object(_ members: [(name: String, json: SecretBytes)]) -> SecretBytes {
    var writer = JSONObjectWriter()
    for member in members { writer.member(member.name, json: member.json) }
    return writer.finish()
  }
}
