/// Base32 (RFC 4648 section 6) as people copy it from a web page.
package enum Base32 {
  /// Decodes a secret in upper or lower case. Spaces, hyphens and padding at the end are ignored, and so are bits of
  /// the last character that do not fill a byte, as in oathtool(1).
  ///
  /// - Returns: `nil` if another character occurs, or if the number of characters cannot be an encoding.
  package static func decode(_ text: SecretBytes) -> SecretBytes? {
    text.withUnsafeBytes { bytes in
      guard let count = decodedCount(of: bytes) else { return nil }
      return SecretBytes(count: count) { decode(bytes, into: $0) }
    }
  }

  /// Returns the number of encoded bytes; `nil` if the text is not Base32.
  private static func decodedCount(of text: UnsafeRawBufferPointer) -> Int? {
    var characters = 0
    var isPadded = false
    for byte in text where !isSeparator(byte) {
      if byte == UInt8(ascii: "=") {
        isPadded = true
      } else {
        guard !isPadded, value(byte) != nil else { return nil }
        characters += 1
      }
    }
    // One, three or six characters more than whole groups of eight end within a byte's first five bits.
    guard ![1, 3, 6].contains(characters % 8) else { return nil }
    return characters * 5 / 8
  }

  private static func decode(_ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
    var bits: UInt32 = 0
    var bitCount = 0
    var position = 0
    for byte in text {
      guard let value = value(byte) else { continue }
      bits = (bits << 5 | UInt32(value)) & 0xFFFF
      bitCount += 5
      guard bitCount >= 8 else { continue }
      bitCount -= 8
      output[position] = UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
      position += 1
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a")
    case UInt8(ascii: "2")...UInt8(ascii: "7"): byte - UInt8(ascii: "2") + 26
    default: nil
    }
  }
}
