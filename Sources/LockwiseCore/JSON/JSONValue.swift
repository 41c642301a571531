/// A value of a JSON text: a range of the text's bytes, decoded on access.
public struct JSONValue: Sendable {
  private let document: SecretBytes
  private let range: Range<Int>

  /// Parses a text that holds one value (RFC 8259).
  ///
  /// - Parameter text: UTF-8; arrays and objects nest at most 64 deep.
  /// - Throws: `JSONError` with the position of the first wrong byte.
  public init(parsing text: SecretBytes) throws {
    let range = try text.withUnsafeBytes { bytes in
      try JSONScanner.scan(bytes) { (scanner) throws(JSONError) in
        let start = scanner.position
        try scanner.skipValue()
        return start..<scanner.position
      }
    }
    self.init(document: text, range: range)
  }

  init(document: SecretBytes, range: Range<Int>) {
    self.document = document
    self.range = range
  }

  /// The value's bytes exactly as in the text.
  public var raw: SecretBytes { document[range] }

  private var first: UInt8 { document.withUnsafeBytes { $0[range.lowerBound] } }

  /// Whether the value is `null`.
  public var isNull: Bool { first == UInt8(ascii: "n") }

  /// The value as a Boolean; `nil` if it is something else.
  public var bool: Bool? {
    switch first {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// The value as a string in memory that is wiped; `nil` if it is something else. A string without escapes shares the
  /// document's storage.
  public var secret: SecretBytes? {
    guard first == UInt8(ascii: "\"") else { return nil }
    let inside = range.lowerBound + 1..<range.upperBound - 1
    return document.withUnsafeBytes { text in
      let body = UnsafeRawBufferPointer(rebasing: text[inside])
      guard UTF8Text.endOfPlainText(in: body, from: 0) < body.count else { return document[inside] }
      var builder = SecretBuilder(capacity: body.count)
      JSONString.decode(body, into: &builder)
      return builder.finish()
    }
  }

  /// The value as a string in ordinary memory; `nil` if it is something else. Not for secrets.
  public var string: String? { secret?.exposedText() }

  /// The value as a whole number; a fraction is cut off. `nil` if it is not a number or does not fit.
  public var integer: Int64? {
    if let digits = plainInteger { return digits }
    guard let number else { return nil }
    // Double holds 53 bits only, so it is used only for numbers with an exponent.
    guard number.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return Int64(number.prefix { $0 != "." })
    }
    return Double(number).flatMap { Int64(exactly: $0.rounded(.towardZero)) }
  }

  /// The value if it consists of at most 18 digits, as times do.
  private var plainInteger: Int64? {
    guard range.count <= 18 else { return nil }
    return document.withUnsafeBytes { text in
      var value: Int64 = 0
      for byte in text[range] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      }
      return value
    }
  }

  /// The number exactly as written; `nil` if the value is something else.
  public var number: String? {
    switch first {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): raw.exposedText()
    default: nil
    }
  }

  /// The value as an object; `nil` if it is something else.
  public var object: JSONObject? {
    guard first == UInt8(ascii: "{") else { return nil }
    let ranges = document.withUnsafeBytes { text in
      var scanner = JSONScanner(text, at: range.lowerBound)
      return try? scanner.members()
    }
    // Parsing has checked the grammar, so this cannot fail.
    return JSONObject(document: document, ranges: ranges ?? [])
  }

  /// The value as an array; `nil` if it is something else.
  public var array: [JSONValue]? {
    guard first == UInt8(ascii: "[") else { return nil }
    var elements: [JSONValue] = []
    document.withUnsafeBytes { text in
      var scanner = JSONScanner(text, at: range.lowerBound)
      // Parsing has checked the grammar, so this cannot fail.
      try? scanner.skipItems(closing: UInt8(ascii: "]")) { (scanner) throws(JSONError) in
        let start = scanner.position
        try scanner.skipValue()
        elements.append(JSONValue(document: document, range: start..<scanner.position))
      }
    }
    return elements
  }
}
