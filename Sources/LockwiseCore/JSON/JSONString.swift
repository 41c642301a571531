/// Encodes and decodes JSON strings (RFC 8259 section 7).
enum JSONString {
  /// Returns the UTF-16 code unit of four hexadecimal digits; `nil` if they are not.
  static func unit(in text: UnsafeRawBufferPointer, at position: Int) -> UInt16? {
    guard position + 4 <= text.count else { return nil }
    var value: UInt16 = 0
    for byte in text[position..<position + 4] {
      let digit: UInt16
      switch byte {
      case 48...57: digit = UInt16(byte) - 48
      case 97...102: digit = UInt16(byte) - 87
      case 65...70: digit = UInt16(byte) - 55
      default: return nil
      }
      value = value << 4 | digit
    }
    return value
  }

  /// Decodes a checked string, without its quotes, into `builder`. A lone surrogate becomes U+FFFD (Encoding Standard,
  /// "UTF-8 encode").
  static func decode(_ body: UnsafeRawBufferPointer, into builder: inout SecretBuilder) {
    var position = 0
    while position < body.count {
      guard body[position] == UInt8(ascii: "\\"), position + 1 < body.count else {
        let end = max(UTF8Text.endOfPlainText(in: body, from: position), position + 1)
        builder.append(UnsafeRawBufferPointer(rebasing: body[position..<end]))
        position = end
        continue
      }
      let escape = body[position + 1]
      position += 2
      switch escape {
      case UInt8(ascii: "b"): builder.append(0x08)
      case UInt8(ascii: "f"): builder.append(0x0C)
      case UInt8(ascii: "n"): builder.append(0x0A)
      case UInt8(ascii: "r"): builder.append(0x0D)
      case UInt8(ascii: "t"): builder.append(0x09)
      case UInt8(ascii: "u"):
        let high = unit(in: body, at: position) ?? 0xFFFD
        position += 4
        guard UTF16.isLeadSurrogate(high), position + 6 <= body.count, body[position] == UInt8(ascii: "\\"),
          body[position + 1] == UInt8(ascii: "u"), let low = unit(in: body, at: position + 2),
          UTF16.isTrailSurrogate(low)
        else {
          builder.append(Unicode.Scalar(high) ?? "\u{FFFD}")
          continue
        }
        position += 6
        let value = 0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(low & 0x3FF))
        builder.append(Unicode.Scalar(value) ?? "\u{FFFD}")
      default: builder.append(escape)
      }
    }
  }

  /// Writes UTF-8 text as a quoted string into `builder`. Only control characters, `"` and `\` are escaped.
  static func encode(_ bytes: UnsafeRawBufferPointer, into builder: inout SecretBuilder) {
    builder.append(UInt8(ascii: "\""))
    var position = 0
    while true {
      let end = UTF8Text.endOfPlainText(in: bytes, from: position)
      builder.append(UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
      guard end < bytes.count else { break }
      switch bytes[end] {
      case 0x0A: builder.append("\\n")
      case 0x0D: builder.append("\\r")
      case 0x09: builder.append("\\t")
      case 0..<0x20: builder.append("\\u00" + Hex.encode([bytes[end]]))
      case let escaped:
        builder.append(UInt8(ascii: "\\"))
        builder.append(escaped)
      }
      position = end + 1
    }
    builder.append(UInt8(ascii: "\""))
  }
}
