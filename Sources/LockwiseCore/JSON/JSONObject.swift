/// A JSON object: its members in the order of the text.
public struct JSONObject: Sendable {
  /// A name with its value.
  public struct Member: Sendable {
    /// The member's name, decoded.
    public let name: String
    /// The member's value.
    public let value: JSONValue
  }

  /// The position of a member in the document: its name without the quotes, and its value.
  struct MemberRange: Sendable {
    let name: Range<Int>
    let isNameEscaped: Bool
    let value: Range<Int>
  }

  private let document: SecretBytes
  private let ranges: [MemberRange]

  /// An object without members.
  public static let empty = JSONObject(document: SecretBytes(copying: []), ranges: [])

  /// Parses a text that holds one object (RFC 8259).
  ///
  /// - Parameter text: UTF-8; arrays and objects nest at most 64 deep.
  /// - Throws: `JSONError` with the position of the first wrong byte, also if the value is not an object.
  public init(parsing text: SecretBytes) throws {
    ranges = try text.withUnsafeBytes { bytes in
      try JSONScanner.scan(bytes) { (scanner) throws(JSONError) in
        guard scanner.current == UInt8(ascii: "{") else { throw JSONError(position: scanner.position) }
        return try scanner.members()
      }
    }
    document = text
  }

  init(document: SecretBytes, ranges: [MemberRange]) {
    self.document = document
    self.ranges = ranges
  }

  /// All members, in the order of the text, repeated names included.
  public var members: [Member] {
    ranges.map { Member(name: name($0), value: JSONValue(document: document, range: $0.value)) }
  }

  private func name(_ range: MemberRange) -> String {
    let quoted = range.name.lowerBound - 1..<range.name.upperBound + 1
    return JSONValue(document: document, range: quoted).string ?? ""
  }

  /// Returns the value of the member called `name`, the last one if there are several; `nil` if there is none.
  ///
  /// Names are compared byte by byte. `String` would treat U+212A as `K`.
  public subscript(name: String) -> JSONValue? {
    var name = name
    let range = document.withUnsafeBytes { text in
      name.withUTF8 { wanted in
        ranges.last { range in
          if range.isNameEscaped { return self.name(range).utf8.elementsEqual(wanted) }
          return range.name.count == wanted.count && text[range.name].elementsEqual(wanted)
        }
      }
    }
    return range.map { JSONValue(document: document, range: $0.value) }
  }
}
