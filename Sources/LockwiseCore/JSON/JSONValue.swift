/// One value of a JSON text: a range of the text's bytes, decoded only when asked for.
public struct JSONValue: Sendable {
  private let document: SecretBytes
  private let range: Range<Int>

  /// Checks a whole text against RFC 8259 and takes its only value.
  ///
  /// - Parameter text: UTF-8; arrays and objects nest at most 64 deep.
  /// - Throws: `JSONError` with the first byte that is wrong.
  public init(parsing text: SecretBytes) throws {
    let range = try text.withUnsafeBytes { bytes throws -> Range<Int> in
      // validate() stops at the first bad byte but does not tell which.
      guard String.isValidUTF8(bytes) else { throw JSONError(position: 0) }
      var scanner = JSONScanner(bytes)
      scanner.skipWhitespace()
      let start = scanner.position
      try scanner.skipValue()
      let end = scanner.position
      scanner.skipWhitespace()
      guard scanner.position == bytes.count else { throw JSONError(position: scanner.position) }
      return start..<end
    }
    self.init(document: text, range: range)
  }

  fileprivate init(document: SecretBytes, range: Range<Int>) {
    self.document = document
    self.range = range
  }

  /// The value's bytes exactly as they stand in the text.
  public var raw: SecretBytes { document[range] }

  private var first: UInt8 { document.withUnsafeBytes { $0[range.lowerBound] } }

  /// Whether the value is `null`.
  public var isNull: Bool { first == UInt8(ascii: "n") }

  /// The value as a truth value; `nil` if it is something else.
  public var bool: Bool? {
    switch first {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// The value as a string in storage that is wiped; `nil` if it is something else.
  public var secret: SecretBytes? {
    guard first == UInt8(ascii: "\"") else { return nil }
    return document.withUnsafeBytes { text in
      let body = UnsafeRawBufferPointer(rebasing: text[range.lowerBound + 1..<range.upperBound - 1])
      guard body.contains(UInt8(ascii: "\\")) else { return SecretBytes(copying: body) }
      var builder = SecretBuilder(capacity: body.count)
      JSONString.decode(body, into: &builder)
      return builder.finish()
    }
  }

  /// The value as a string; `nil` if it is something else. For what is not secret.
  public var string: String? { secret?.exposedText() }

  /// The value as a whole number; a fraction is cut off. `nil` if it is not a number or does not fit.
  public var integer: Int64? {
    guard let number else { return nil }
    // Through Double only where there is an exponent: it holds 53 bits.
    guard number.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return Int64(number.prefix { $0 != "." })
    }
    return Double(number).flatMap { Int64(exactly: $0.rounded(.towardZero)) }
  }

  /// The text of a number exactly as written; `nil` if the value is something else.
  public var number: String? {
    switch first {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): raw.exposedText()
    default: nil
    }
  }

  /// The value as an object; `nil` if it is something else.
  public var object: JSONObject? {
    guard first == UInt8(ascii: "{") else { return nil }
    var members: [JSONObject.Member] = []
    items(closing: UInt8(ascii: "}")) { (scanner) throws(JSONError) in
      let nameStart = scanner.position
      try scanner.skipString()
      let name = JSONValue(document: document, range: nameStart..<scanner.position)
      scanner.skipWhitespace()
      try scanner.expect(UInt8(ascii: ":"))
      scanner.skipWhitespace()
      let start = scanner.position
      try scanner.skipValue()
      let value = JSONValue(document: document, range: start..<scanner.position)
      members.append(JSONObject.Member(name: name.string ?? "", value: value))
    }
    return JSONObject(members: members)
  }

  /// The value as an array; `nil` if it is something else.
  public var array: [JSONValue]? {
    guard first == UInt8(ascii: "[") else { return nil }
    var elements: [JSONValue] = []
    items(closing: UInt8(ascii: "]")) { (scanner) throws(JSONError) in
      let start = scanner.position
      try scanner.skipValue()
      elements.append(JSONValue(document: document, range: start..<scanner.position))
    }
    return elements
  }

  private func items(closing: UInt8, _ item: (inout JSONScanner) throws(JSONError) -> Void) {
    document.withUnsafeBytes { text in
      var scanner = JSONScanner(text, at: range.lowerBound)
      // The grammar was checked when the text was parsed, so this cannot fail again.
      try? scanner.skipItems(closing: closing, item)
    }
  }
}

/// The members of a JSON object, in the order of the text.
public struct JSONObject: Sendable {
  /// One member.
  public struct Member: Sendable {
    /// The member's name, decoded.
    public let name: String
    /// The member's value.
    public let value: JSONValue
  }

  /// All members, in the order of the text, repeated names included.
  public let members: [Member]

  /// The value of the member called `name`, the last one if there are several; `nil` if there is none.
  ///
  /// Names are compared by code points; `String` would take U+212A for `K`.
  public subscript(name: String) -> JSONValue? {
    members.last { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }
}
