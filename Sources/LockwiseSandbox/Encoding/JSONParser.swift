import Foundation

/// A syntax error in a JSON text.
struct JSONError: Error, CustomStringConvertible {
  /// The error, such as `expected a colon`.
  let reason: String
  /// The position of the error, in bytes from the start of the text.
  let offset: Int
  /// The error and its position.
  var description: String { "\(reason) at byte \(offset)" }
}

extension JSON {
  /// Parses one JSON text in UTF-8 (RFC 8259), with nothing but white space around it.
  ///
  /// - Throws: ``JSONError`` for anything else, including more than 256 nested levels.
  init(parsing bytes: some ContiguousBytes) throws {
    self = try bytes.withUnsafeBytes { buffer in
      var parser = JSONParser(buffer)
      return try parser.document()
    }
  }

  /// Parses one JSON text.
  ///
  /// - Throws: ``JSONError``.
  init(parsing text: String) throws {
    try self.init(parsing: Array(text.utf8))
  }
}

/// A recursive-descent parser of JSON. It scans strings with memchr, because Sync payloads are long strings.
struct JSONParser {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var depth = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Parses the whole text as one value.
  mutating func document() throws -> JSON {
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw error("unexpected text after the value") }
    return value
  }

  private func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[position]) { position += 1 }
  }

  private mutating func value() throws -> JSON {
    skipSpace()
    guard position < bytes.count else { throw error("unexpected end") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(_ body: (inout JSONParser) throws -> JSON) throws -> JSON {
    depth += 1
    guard depth <= 256 else { throw error("more than 256 nested levels") }
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws -> JSON {
    var members: [JSON.Member] = []
    if try consumeEnd(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw error("expected a name")
      }
      let key = try string()
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
        throw error("expected a colon")
      }
      position += 1
      members.append(JSON.Member(key, try value()))
    } while try consumeComma(before: UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func array() throws -> JSON {
    var elements: [JSON] = []
    if try consumeEnd(UInt8(ascii: "]")) { return .array(elements) }
    repeat { elements.append(try value()) } while try consumeComma(before: UInt8(ascii: "]"))
    return .array(elements)
  }

  private mutating func consumeEnd(_ end: UInt8) throws -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == end else { return false }
    position += 1
    return true
  }

  private mutating func consumeComma(before end: UInt8) throws -> Bool {
    if try consumeEnd(end) { return false }
    guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else {
      throw error("expected a comma")
    }
    position += 1
    return true
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws -> JSON {
    let length = text.utf8CodeUnitCount
    guard position + length <= bytes.count,
      memcmp(bytes.baseAddress! + position, text.utf8Start, length) == 0
    else { throw error("not a value") }
    position += length
    return value
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
    return position - start
  }

  private mutating func number() throws -> JSON {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let leading = position
    let count = digits()
    guard count > 0, count == 1 || bytes[leading] != UInt8(ascii: "0") else { throw error("not a value") }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw error("no digits after the decimal point") }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, bytes[position] == 0x2b || bytes[position] == 0x2d { position += 1 }
      guard digits() > 0 else { throw error("no digits in the exponent") }
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private func find(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
    guard start < end, let base = bytes.baseAddress,
      let hit = memchr(base + start, Int32(byte), end - start)
    else { return nil }
    return UnsafeRawPointer(hit) - base
  }

  private mutating func string() throws -> String {
    position += 1
    guard var quote = find(UInt8(ascii: "\""), from: position, to: bytes.count) else {
      throw error("unterminated string")
    }
    guard find(UInt8(ascii: "\\"), from: position, to: quote) != nil else {
      let text = try validated(plain(position..<quote))
      position = quote + 1
      return text
    }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(quote - position + 256)
    while true {
      if let escape = find(UInt8(ascii: "\\"), from: position, to: quote) {
        decoded.append(contentsOf: try plain(position..<escape))
        position = escape + 1
        try self.escape(into: &decoded)
        if position > quote {
          guard let next = find(UInt8(ascii: "\""), from: position, to: bytes.count) else {
            throw error("unterminated string")
          }
          quote = next
        }
      } else {
        decoded.append(contentsOf: try plain(position..<quote))
        position = quote + 1
        return try validated(decoded)
      }
    }
  }

  private func plain(_ range: Range<Int>) throws -> Slice<UnsafeRawBufferPointer> {
    guard !bytes[range].contains(where: { $0 < 0x20 }) else { throw error("control character in a string") }
    return bytes[range]
  }

  private func validated(_ text: some Collection<UInt8>) throws -> String {
    guard let text = String(validating: text, as: UTF8.self) else { throw error("not UTF-8") }
    return text
  }

  private mutating func escape(into decoded: inout [UInt8]) throws {
    guard position < bytes.count else { throw error("unterminated string") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0c)
    case UInt8(ascii: "n"): decoded.append(0x0a)
    case UInt8(ascii: "r"): decoded.append(0x0d)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"):
      var unit = try hexUnit()
      if 0xd800..<0xdc00 ~= unit {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw error("unpaired surrogate") }
        position += 2
        let low = try hexUnit()
        guard 0xdc00..<0xe000 ~= low else { throw error("unpaired surrogate") }
        unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw error("unpaired surrogate") }
      decoded.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw error("unknown escape")
    }
  }

  private mutating func hexUnit() throws -> UInt32 {
    guard position + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
      bytes[position] != 0x2b, bytes[position] != 0x2d
    else { throw error("invalid escape") }
    position += 4
    return unit
  }
}
