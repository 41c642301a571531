import Foundation

/// The parser of uploaded records.
enum RecordInput {
  /// The reason why a record of a POST is not stored, as `failed` gives it.
  struct Invalid: Error {
    let reason: String
  }

  /// Parses the body of a POST: a JSON array of records, or one record a line.
  ///
  /// - Throws: ``StorageError`` 415 for another media type, 400 with code 8 for an invalid body.
  static func objects(_ request: Request) throws -> [JSON] {
    switch mediaType(request) {
    case "application/json", "text/plain":
      guard let list = (try? JSON(parsing: request.body))?.list else { throw StorageError.invalidRecord }
      return list
    case "application/newlines":
      var lines = request.body.split(separator: 0x0a, omittingEmptySubsequences: false)
      // Nothing follows the last line feed. Any other empty line is an error.
      if lines.last?.isEmpty == true { lines.removeLast() }
      return try lines.map { line in
        guard let json = try? JSON(parsing: Data(line)) else { throw StorageError.invalidRecord }
        return json
      }
    default: throw StorageError.unsupportedType
    }
  }

  /// Parses the body of a PUT: one record.
  ///
  /// - Throws: ``StorageError`` 415 for another media type, 400 with code 8 for an invalid body.
  static func object(_ request: Request) throws -> JSON {
    guard ["application/json", "text/plain"].contains(mediaType(request)) else {
      throw StorageError.unsupportedType
    }
    guard let json = try? JSON(parsing: request.body), json.members != nil else {
      throw StorageError.invalidRecord
    }
    return json
  }

  private static func mediaType(_ request: Request) -> String {
    (request.header("content-type") ?? "").prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
      .lowercased()
  }

  /// Parses one record.
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

  /// Returns whether a record of `crypto` has an IV of 16 zero bytes, the result of a bug in an old client
  /// (syncstorage-rs, KNOWN_BAD_PAYLOAD_REGEX). Other collections accept such an IV.
  static func isKnownBad(_ record: JSON, in collection: String) -> Bool {
    guard collection == "crypto", let payload = record["payload"]?.text,
      payload.contains("AAAAAAAAAAAAAAAAAAAAAA==")
    else { return false }
    return (try? JSON(parsing: payload))?["IV"]?.text == "AAAAAAAAAAAAAAAAAAAAAA=="
  }
}
