/// Finds where the values of a JSON text (RFC 8259) begin and end, and checks the grammar.
///
/// It replaces Foundation's parser for three reasons. Decoded passwords must stay in memory that is wiped. Unknown
/// members must be returned byte for byte. Loading Foundation takes longer than a whole look-up.
struct JSONScanner {
  /// The deepest nesting of arrays and objects that is accepted.
  static let maximumDepth = 64

  let text: UnsafeRawBufferPointer
  var position: Int

  init(_ text: UnsafeRawBufferPointer, at position: Int = 0) {
    self.text = text
    self.position = position
  }

  /// Reads a whole text that holds one value.
  ///
  /// - Parameter value: moves past the value and checks its grammar.
  /// - Throws: `JSONError` with the position of the first wrong byte.
  static func scan<Result>(
    _ text: UnsafeRawBufferPointer, _ value: (inout JSONScanner) throws(JSONError) -> Result
  ) throws(JSONError) -> Result {
    guard UTF8Text.isValid(text) else { throw JSONError(position: 0) }
    var scanner = JSONScanner(text)
    scanner.skipWhitespace()
    let result = try value(&scanner)
    scanner.skipWhitespace()
    guard scanner.position == text.count else { throw JSONError(position: scanner.position) }
    return result
  }

  /// The byte at the position; 0 at the end, a byte that JSON text never contains.
  var current: UInt8 { position < text.count ? text[position] : 0 }

  mutating func skipWhitespace() {
    while position < text.count {
      switch text[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  /// Moves past one value and checks its grammar.
  mutating func skipValue(depth: Int = 0) throws(JSONError) {
    guard depth <= Self.maximumDepth else { throw JSONError(position: position) }
    switch current {
    case UInt8(ascii: "{"):
      try skipItems(closing: UInt8(ascii: "}")) { (scanner) throws(JSONError) in
        try scanner.skipString()
        scanner.skipWhitespace()
        try scanner.expect(UInt8(ascii: ":"))
        scanner.skipWhitespace()
        try scanner.skipValue(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      try skipItems(closing: UInt8(ascii: "]")) { (scanner) throws(JSONError) in
        try scanner.skipValue(depth: depth + 1)
      }
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "t"): try skip("true")
    case UInt8(ascii: "f"): try skip("false")
    case UInt8(ascii: "n"): try skip("null")
    default: try skipNumber()
    }
  }

  /// Moves past an object and returns the positions of its members. Starts at the opening brace.
  mutating func members() throws(JSONError) -> [JSONObject.MemberRange] {
    var ranges: [JSONObject.MemberRange] = []
    ranges.reserveCapacity(16)
    try skipItems(closing: UInt8(ascii: "}")) { (scanner) throws(JSONError) in
      let nameStart = scanner.position + 1
      let isNameEscaped = try scanner.skipString()
      let name = nameStart..<scanner.position - 1
      scanner.skipWhitespace()
      try scanner.expect(UInt8(ascii: ":"))
      scanner.skipWhitespace()
      let start = scanner.position
      try scanner.skipValue(depth: 1)
      ranges.append(JSONObject.MemberRange(name: name, isNameEscaped: isNameEscaped, value: start..<scanner.position))
    }
    return ranges
  }

  /// Moves past the items of an array or object. Starts at the opening bracket.
  mutating func skipItems(
    closing: UInt8, _ item: (inout JSONScanner) throws(JSONError) -> Void
  ) throws(JSONError) {
    position += 1
    skipWhitespace()
    if current == closing {
      position += 1
      return
    }
    while true {
      try item(&self)
      skipWhitespace()
      if current == closing {
        position += 1
        return
      }
      try expect(UInt8(ascii: ","))
      skipWhitespace()
    }
  }

  mutating func expect(_ byte: UInt8) throws(JSONError) {
    guard current == byte, position < text.count else { throw JSONError(position: position) }
    position += 1
  }

  /// Moves past a string. `scan` has checked the UTF-8 of the whole text.
  ///
  /// - Returns: whether the string contains escapes.
  @discardableResult
  mutating func skipString() throws(JSONError) -> Bool {
    try expect(UInt8(ascii: "\""))
    var isEscaped = false
    while true {
      position = UTF8Text.endOfPlainText(in: text, from: position)
      switch current {
      case UInt8(ascii: "\""):
        position += 1
        return isEscaped
      case UInt8(ascii: "\\"):
        isEscaped = true
        position += 1
        try skipEscape()
      default: throw JSONError(position: position)
      }
    }
  }

  private mutating func skipEscape() throws(JSONError) {
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      guard position + 4 < text.count, JSONString.unit(in: text, at: position + 1) != nil else {
        throw JSONError(position: position)
      }
      position += 5
    default: throw JSONError(position: position)
    }
  }

  private mutating func skip(_ word: StaticString) throws(JSONError) {
    let length = word.utf8CodeUnitCount
    guard position + length <= text.count else { throw JSONError(position: position) }
    for index in 0..<length where text[position + index] != word.utf8Start[index] {
      throw JSONError(position: position)
    }
    position += length
  }

  private mutating func skipNumber() throws(JSONError) {
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
    if current == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(JSONError) {
    let start = position
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current) { position += 1 }
    guard position > start else { throw JSONError(position: position) }
  }
}

/// The error for a text that is not JSON. It contains nothing of the text.
public struct JSONError: Error, Equatable, Sendable {
  /// The position of the first wrong byte.
  public let position: Int
}
