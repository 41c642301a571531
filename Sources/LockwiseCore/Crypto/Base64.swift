/// Strict Base64 (RFC 4648): no white space, no characters outside the alphabet, no non-zero spare bits.
public enum Base64: Sendable {
  /// The alphabet with `+` and `/`, with padding (section 4).
  case standard
  /// The alphabet with `-` and `_`, without padding (section 5).
  case urlSafe

  /// Encodes bytes.
  public func encode(_ bytes: some Collection<UInt8>) -> String {
    encode(SecretBytes(copying: bytes)).exposedText() ?? ""
  }

  /// Encodes a secret into a secret text.
  public func encode(_ secret: SecretBytes) -> SecretBytes {
    let full = secret.count / 3 * 4
    let rest = secret.count % 3
    let tail = rest == 0 ? 0 : (self == .standard ? 4 : rest + 1)
    return SecretBytes(count: full + tail) { output in
      secret.withUnsafeBytes { input in
        var position = 0
        var index = 0
        while index < input.count {
          // No array here: nothing would wipe its storage.
          var bits: UInt32 = 0
          for next in index..<index + 3 { bits = bits << 8 | (next < input.count ? UInt32(input[next]) : 0) }
          let digits = min(input.count - index, 3) + 1
          for digit in 0..<4 where position < output.count {
            output[position] =
              digit < digits ? character(UInt8(bits >> (18 - 6 * UInt32(digit)) & 63)) : UInt8(ascii: "=")
            position += 1
          }
          index += 3
        }
      }
    }
  }

  /// Decodes a text; `nil` unless it is exactly what `encode` writes.
  public func decode(_ text: String) -> [UInt8]? {
    decode(SecretBytes(utf8: text)).map { $0.withUnsafeBytes { Array($0) } }
  }

  /// Decodes a text; `nil` unless it is exactly what `encode` writes.
  public func decode(_ text: SecretBytes) -> SecretBytes? { text.withUnsafeBytes { decode($0) } }

  /// Decodes a text; `nil` unless it is exactly what `encode` writes.
  public func decode(_ text: UnsafeRawBufferPointer) -> SecretBytes? {
    guard let count = decodedCount(of: text) else { return nil }
    var isValid = false
    let decoded = SecretBytes(count: count) { isValid = decode(text, into: $0) }
    return isValid ? decoded : nil
  }

  /// The number of bytes that a text decodes to; `nil` if its length or padding is impossible.
  public func decodedCount(of text: UnsafeRawBufferPointer) -> Int? {
    let digits = text.count - paddingCount(of: text)
    guard self == .urlSafe || text.count % 4 == 0, digits % 4 != 1 else { return nil }
    return digits * 3 / 4
  }

  /// The number of `=` at the end, at most two; 0 in the alphabet without padding.
  private func paddingCount(of text: UnsafeRawBufferPointer) -> Int {
    guard self == .standard else { return 0 }
    return text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
  }

  /// Decodes a text into a buffer of `decodedCount` bytes.
  ///
  /// - Returns: whether the text is exactly what `encode` writes.
  public func decode(_ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
    let digits = UnsafeRawBufferPointer(rebasing: text.dropLast(paddingCount(of: text)))
    return values.withUnsafeBufferPointer { Self.decode(digits, into: output, $0) }
  }

  /// Decodes digits without padding: three bytes from each four digits, then the last two or three digits.
  ///
  /// - Parameter values: the digit value of each byte.
  /// - Returns: whether all bytes are digits and the spare bits are zero.
  private static func decode(
    _ digits: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, _ values: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var seen: UInt8 = 0
    func value(_ position: Int) -> UInt32 {
      let value = values[Int(digits[position])]
      seen |= value
      return UInt32(value)
    }
    var position = 0
    var written = 0
    while position + 4 <= digits.count {
      let bits =
        value(position) << 18 | value(position + 1) << 12 | value(position + 2) << 6 | value(position + 3)
      output[written] = UInt8(truncatingIfNeeded: bits >> 16)
      output[written + 1] = UInt8(truncatingIfNeeded: bits >> 8)
      output[written + 2] = UInt8(truncatingIfNeeded: bits)
      position += 4
      written += 3
    }
    var rest: UInt32 = 0
    for next in position..<digits.count { rest = rest << 6 | value(next) }
    // Two digits hold a byte and four bits, three hold two bytes and two bits.
    let spare = UInt32((digits.count - position) * 6 % 8)
    for index in stride(from: output.count - 1, through: written, by: -1) {
      output[index] = UInt8(truncatingIfNeeded: rest >> (spare + 8 * UInt32(output.count - 1 - index)))
    }
    return seen < invalid && rest & ((1 << spare) - 1) == 0
  }

  /// The table's value for a byte that is not a digit.
  private static let invalid: UInt8 = 0x80

  private static let standardValues = table(.standard)
  private static let urlSafeValues = table(.urlSafe)
  /// The digit value of each byte.
  private var values: [UInt8] { self == .standard ? Self.standardValues : Self.urlSafeValues }

  private static func table(_ alphabet: Base64) -> [UInt8] {
    var values = [UInt8](repeating: invalid, count: 256)
    for value in UInt8(0)..<64 { values[Int(alphabet.character(value))] = value }
    return values
  }

  private func character(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: self == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-")
    default: self == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_")
    }
  }
}
