import Foundation

/// Reads what clients upload.
enum RecordInput {
  /// Why one record of a POST is not stored; the text goes into `failed`.
  struct Invalid: Error {
    let reason: String
  }

  static func isValidID(_ id: String) -> Bool {
    1...64 ~= id.utf8.count && id.utf8.allSatisfy { 0x20...0x7e ~= $0 }
  }

  static func isValidCollection(_ name: String) -> Bool {
    1...32 ~= name.utf8.count
      && name.utf8.allSatisfy { byte in
        48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || [45, 46, 95].contains(byte)
      }
  }

  /// The records in the body of a POST, as JSON array or as one object a line.
  ///
  /// - Throws: ``StorageError`` 415 for another type, 400 code 8 for what is not a list of objects.
  static func objects(_ request: Request) throws -> [JSON] {
    switch mediaType(request) {
    case "application/json", "text/plain":
      guard let list = (try? JSON(parsing: request.body))?.list else { throw StorageError.invalidRecord }
      return list
    case "application/newlines":
      var lines = request.body.split(separator: 0x0a, omittingEmptySubsequences: false)
      // What follows the last line feed is no line; every other empty line is not an object.
      if lines.last?.isEmpty == true { lines.removeLast() }
      return try lines.map { line in
        guard let json = try? JSON(parsing: Data(line)) else { throw StorageError.invalidRecord }
        return json
      }
    default: throw StorageError.unsupportedType
    }
  }

  /// The record in the body of a PUT.
  static func object(_ request: Request) throws -> JSON {
    guard ["application/json", "text/plain"].contains(mediaType(request)) else {
      throw StorageError.unsupportedType
    }
    guard let json = try? JSON(parsing: request.body), json.members != nil else {
      throw StorageError.invalidRecord
    }
    return json
  }

  static func mediaType(_ request: Request) -> String {
    (request.header("content-type") ?? "").prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
      .lowercased()
  }

  /// Checks one record.
  ///
  /// - Throws: ``Invalid``.
  static func change(_ json: JSON, id: String) throws -> RecordChange {
    var change = RecordChange(id: id)
    for member in json.members ?? [] {
      switch (member.key, member.value) {
      case ("id", _), ("modified", _), ("collection", _), (_, .null): break
      case ("payload", .string(let text)): change.setPayload(text)
      case ("sortindex", .number(let text)):
        guard let value = Int(text), abs(value) <= 999_999_999 else {
          throw Invalid(reason: "invalid sortindex")
        }
        change.sortindex = value
      case ("ttl", .number(let text)):
        guard let value = Int(text), 0...999_999_999 ~= value else { throw Invalid(reason: "invalid ttl") }
        change.ttl = value
      default: throw Invalid(reason: "invalid \(member.key)")
      }
    }
    return change
  }

  /// Whether a record of `crypto` has an IV of 16 zero bytes, which came from a bug in an old client
  /// (syncstorage-rs, KNOWN_BAD_PAYLOAD_REGEX); elsewhere it is accepted.
  static func isKnownBad(_ record: JSON, in collection: String) -> Bool {
    guard collection == "crypto", let payload = record["payload"]?.text,
      payload.contains("AAAAAAAAAAAAAAAAAAAAAA==")
    else { return false }
    return (try? JSON(parsing: payload))?["IV"]?.text == "AAAAAAAAAAAAAAAAAAAAAA=="
  }
}
