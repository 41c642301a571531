import LockwiseCore

/// The escapes that programs write in the text of a JSON string (RFC 8259 section 7), without its quotes.
struct JSONEscapes {
  /// ASCII characters, apart from control characters, that become `\u00XX`.
  private var unicode: StaticString = ""
  /// Whether `/` becomes `\/`.
  private var escapesSlash = false
  /// Whether everything outside ASCII becomes `\uXXXX`.
  private var isASCII = false
  /// Whether U+2028 and U+2029 do, which end a line in JavaScript.
  private var escapesSeparators = false
  /// Whether U+007F does.
  private var escapesDelete = false
  /// Whether `\b` and `\f` are used.
  private var hasRareEscapes = true
  private var digits: StaticString = "0123456789abcdef"

  private static let upperCase: StaticString = "0123456789ABCDEF"

  /// The escapes of the common encoders.
  static let styles: [JSONEscapes] = [
    // JavaScript, Rust, Ruby; with upper-case digits; jq.
    JSONEscapes(),
    JSONEscapes(digits: upperCase),
    JSONEscapes(escapesDelete: true),
    JSONEscapes(hasRareEscapes: false),
    // PHP, with and without JSON_UNESCAPED_UNICODE and JSON_UNESCAPED_SLASHES.
    JSONEscapes(escapesSlash: true),
    JSONEscapes(escapesSlash: true, isASCII: true),
    JSONEscapes(isASCII: true),
    // Python; Jackson with ESCAPE_NON_ASCII.
    JSONEscapes(isASCII: true, escapesDelete: true),
    JSONEscapes(escapesSlash: true, isASCII: true, escapesDelete: true),
    JSONEscapes(isASCII: true, digits: upperCase),
    JSONEscapes(isASCII: true, escapesDelete: true, digits: upperCase),
    // Go since 1.22 and Rails, and Go before.
    JSONEscapes(unicode: "<>&", escapesSeparators: true),
    JSONEscapes(unicode: "<>&", escapesSeparators: true, hasRareEscapes: false),
    // Gson.
    JSONEscapes(unicode: "<>&='", escapesSeparators: true),
    // System.Text.Json of .NET.
    JSONEscapes(unicode: "<>&'+`\"", isASCII: true, escapesDelete: true, digits: upperCase),
    JSONEscapes(unicode: "<>&'+`\"", isASCII: true, digits: upperCase),
  ]

  /// Appends the escaped text to `output`.
  func write(_ bytes: UnsafeRawBufferPointer, to output: WipedArray<UInt8>) {
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x80 {
        writeASCII(byte, output)
        position += 1
        continue
      }
      let (scalar, count) = Self.scalar(bytes, position)
      if isASCII || (escapesSeparators && (scalar == 0x2028 || scalar == 0x2029)) {
        if scalar > 0xFFFF {
          writeUnit(0xD7C0 + (scalar >> 10), output)
          writeUnit(0xDC00 + (scalar & 0x3FF), output)
        } else {
          writeUnit(scalar, output)
        }
      } else {
        output.append(UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
      }
      position += count
    }
  }

  private func writeASCII(_ byte: UInt8, _ output: WipedArray<UInt8>) {
    if unicode.contains(byte) { return writeUnit(UInt32(byte), output) }
    switch byte {
    case UInt8(ascii: "\""): output.append("\\\"")
    case UInt8(ascii: "\\"): output.append("\\\\")
    case UInt8(ascii: "/") where escapesSlash: output.append("\\/")
    case 0x08 where hasRareEscapes: output.append("\\b")
    case 0x09: output.append("\\t")
    case 0x0A: output.append("\\n")
    case 0x0C where hasRareEscapes: output.append("\\f")
    case 0x0D: output.append("\\r")
    case 0..<0x20: writeUnit(UInt32(byte), output)
    case 0x7F where escapesDelete: writeUnit(UInt32(byte), output)
    default: output.append(byte)
    }
  }

  private func writeUnit(_ unit: UInt32, _ output: WipedArray<UInt8>) {
    output.append("\\u")
    for shift in [12, 8, 4, 0] as [UInt32] { output.append(digits.utf8Start[Int(unit >> shift & 15)]) }
  }

  /// Decodes a scalar that is not ASCII (RFC 3629 section 3). A byte that is not UTF-8 becomes the surrogate by which
  /// Python represents it (`surrogateescape`).
  private static func scalar(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> (scalar: UInt32, count: Int) {
    let first = bytes[position]
    let invalid = (UInt32(0xDC00) + UInt32(first), 1)
    let (count, least): (Int, UInt32) =
      switch first {
      case 0xC2...0xDF: (2, 0x80)
      case 0xE0...0xEF: (3, 0x800)
      case 0xF0...0xF4: (4, 0x10000)
      default: (0, 0)
      }
    guard count > 0, position + count <= bytes.count else { return invalid }
    var scalar = UInt32(first) & (0x7F >> UInt32(count))
    for next in bytes[position + 1..<position + count] {
      guard next & 0xC0 == 0x80 else { return invalid }
      scalar = scalar << 6 | UInt32(next & 0x3F)
    }
    guard scalar >= least, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else { return invalid }
    return (scalar, count)
  }
}
