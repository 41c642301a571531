import Foundation

/// A buffer of JSON text. Pieces that are JSON already are copied as they are.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// Appends JSON text.
  mutating func raw(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends JSON text in UTF-8.
  mutating func raw(_ json: [UInt8]) { bytes.append(contentsOf: json) }

  /// Appends JSON text.
  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a string, quoted and escaped.
  mutating func string(_ text: String) {
    bytes.append(0x22)
    var text = text
    text.withUTF8 { units in
      var start = 0
      for index in 0..<units.count {
        let unit = units[index]
        guard unit < 0x20 || unit == 0x22 || unit == 0x5c else { continue }
        bytes.append(contentsOf: units[start..<index])
        start = index + 1
        switch unit {
        case 0x22, 0x5c: bytes += [0x5c, unit]
        case 0x0a: bytes += [0x5c, 0x6e]
        default: bytes.append(contentsOf: Array("\\u00".utf8) + Array(Hex.encode([unit]).utf8))
        }
      }
      bytes.append(contentsOf: units[start...])
    }
    bytes.append(0x22)
  }

  /// Appends a value.
  mutating func value(_ json: JSON) {
    switch json {
    case .null: raw("null")
    case .bool(let value): raw(value ? "true" : "false" as StaticString)
    case .number(let text): raw(text)
    case .string(let text): string(text)
    case .array(let elements):
      raw("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { raw(",") }
        value(element)
      }
      raw("]")
    case .object(let members):
      raw("{")
      for (index, member) in members.enumerated() {
        if index > 0 { raw(",") }
        string(member.key)
        raw(":")
        value(member.value)
      }
      raw("}")
    }
  }
}

extension JSON {
  /// The JSON text in UTF-8, without white space.
  var encoded: Data { Data(bytes) }

  /// The JSON text, without white space.
  var encodedText: String { String(decoding: bytes, as: UTF8.self) }

  /// The JSON text in UTF-8, without white space.
  var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }
}
