import LockwiseCore

/// The input of records to write: one JSON object, an array of them, or one object per line.
public enum RawInput {
  /// Reads records.
  ///
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - id: the id of the only record; `nil` if the records have their own ids or get new ones.
  /// - Returns: at least one record, all with different ids.
  /// - Throws: `RawInputError`.
  public static func records(_ text: SecretBytes, id: String? = nil) throws -> [RawRecord] {
    let values = try values(text)
    guard !values.isEmpty else { throw RawInputError.empty }
    guard id == nil || values.count == 1 else { throw RawInputError.severalForOneID }
    var seen: Set<String> = []
    return try values.map { value, place in
      let record = try RawRecord(value, id: id, at: place)
      if let id = record.id, !seen.insert(id).inserted { throw RawInputError.repeatedID(place) }
      return record
    }
  }

  private static func values(_ text: SecretBytes) throws -> [(JSONValue, RawInputError.Location)] {
    let whole: JSONValue
    do {
      whole = try JSONValue(parsing: text)
    } catch let error as JSONError {
      return try lines(text) ?? { throw RawInputError.notJSON(byte: error.position) }()
    }
    guard let elements = whole.array else { return [(whole, .whole)] }
    return elements.enumerated().map { ($1, .record($0 + 1)) }
  }

  /// `nil` if not even the first line is JSON: the input is then not one object per line.
  private static func lines(_ text: SecretBytes) throws -> [(JSONValue, RawInputError.Location)]? {
    let ranges = text.withUnsafeBytes { bytes in
      var ranges: [Range<Int>] = []
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        ranges.append(start..<end)
        start = end + 1
      }
      return ranges
    }
    var values: [(JSONValue, RawInputError.Location)] = []
    for (index, range) in ranges.enumerated() {
      let isBlank = text.withUnsafeBytes { bytes in bytes[range].allSatisfy { [0x20, 0x09, 0x0D].contains($0) } }
      if isBlank { continue }
      guard let value = try? JSONValue(parsing: text[range]) else {
        if values.isEmpty, ranges.count == 1 || index == 0 { return nil }
        throw RawInputError.notJSONLine(index + 1)
      }
      values.append((value, .line(index + 1)))
    }
    return values
  }
}

/// Input that cannot be written. Holds nothing from it.
public enum RawInputError: Error, Equatable, Sendable {
  /// A position in the input.
  public enum Location: Equatable, Sendable {
    /// It is the only record.
    case whole
    /// The n-th record of an array, counted from 1.
    case record(Int)
    /// A line, counted from 1.
    case line(Int)
  }

  /// There is no record.
  case empty
  /// Not JSON from this byte on, counted from 0.
  case notJSON(byte: Int)
  /// This line is not JSON.
  case notJSONLine(Int)
  /// A record is not an object.
  case notAnObject(Location)
  /// A record's member `id` is invalid.
  case badID(Location)
  /// A record's member `id` is not the id given.
  case otherID(Location)
  /// A record repeats an earlier id.
  case repeatedID(Location)
  /// There is one id for several records.
  case severalForOneID
}

extension RawInputError.Location: CustomStringConvertible {
  /// The text to show.
  public var description: String {
    switch self {
    case .whole: "the record"
    case .record(let number): "record \(number)"
    case .line(let number): "the record in line \(number)"
    }
  }
}

extension RawInputError: CustomStringConvertible {
  /// The text to show.
  public var description: String {
    switch self {
    case .empty: "the input has no record"
    case .notJSON(let byte): "the input is not JSON (byte \(byte + 1))"
    case .notJSONLine(let line): "line \(line) of the input is not JSON"
    case .notAnObject(let place): "\(place) is not a JSON object"
    case .badID(let place): "the id of \(place) is invalid: use 1 to 64 printable ASCII characters without commas"
    case .otherID(let place): "\(place) has a different id inside"
    case .repeatedID(let place): "\(place) repeats an earlier id"
    case .severalForOneID: "the input has several records, but the command line names one id"
    }
  }
}
