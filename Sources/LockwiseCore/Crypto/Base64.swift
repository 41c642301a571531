/// Base 64 (RFC 4648), strict: no white space, no foreign characters, no stray bits.
public enum Base64: Sendable {
  /// The alphabet with `+` and `/`, padded (section 4).
  case standard
  /// The alphabet with `-` and `_`, without padding (section 5).
  case urlSafe

  /// The text of `bytes`.
  public func encode(_ bytes: some Collection<UInt8>) -> String {
    encode(SecretBytes(copying: bytes)).exposedText() ?? ""
  }

  /// The text of a secret, itself secret.
  public func encode(_ secret: SecretBytes) -> SecretBytes {
    let full = secret.count / 3 * 4
    let rest = secret.count % 3
    let tail = rest == 0 ? 0 : (self == .standard ? 4 : rest + 1)
    return SecretBytes(count: full + tail) { output in
      secret.withUnsafeBytes { input in
        var position = 0
        var index = 0
        while index < input.count {
          // No array here: its storage would hold the secret and not be wiped.
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

  /// The bytes of a text; `nil` if it is not exactly what `encode` would have written.
  public func decode(_ text: String) -> [UInt8]? {
    decode(SecretBytes(utf8: text)).map { $0.withUnsafeBytes { Array($0) } }
  }

  /// The bytes of a text; `nil` if it is not exactly what `encode` would have written.
  public func decode(_ text: SecretBytes) -> SecretBytes? { text.withUnsafeBytes { decode($0) } }

  /// The bytes of a text; `nil` if it is not exactly what `encode` would have written.
  public func decode(_ text: UnsafeRawBufferPointer) -> SecretBytes? {
    guard let count = decodedCount(of: text) else { return nil }
    var isValid = false
    let decoded = SecretBytes(count: count) { isValid = decode(text, into: $0) }
    return isValid ? decoded : nil
  }

  /// How many bytes a text stands for; `nil` if none that `encode` writes has its length and padding.
  public func decodedCount(of text: UnsafeRawBufferPointer) -> Int? {
    let digits = text.count - paddingCount(of: text)
    guard self == .urlSafe || text.count % 4 == 0, digits % 4 != 1 else { return nil }
    return digits * 3 / 4
  }

  /// At most two, and only of texts that are padded.
  private func paddingCount(of text: UnsafeRawBufferPointer) -> Int {
    guard self == .standard else { return 0 }
    return text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
  }

  /// Decodes a text into a buffer of its `decodedCount`.
  ///
  /// - Returns: whether the text is exactly what `encode` would have written.
  public func decode(_ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
    let digits = UnsafeRawBufferPointer(rebasing: text.dropLast(paddingCount(of: text)))
    return values.withUnsafeBufferPointer { Self.decode(digits, into: output, $0) }
  }

  /// Three bytes of each four digits, and what the last two or three digits make.
  ///
  /// - Parameter values: the value of each byte as a digit.
  /// - Returns: whether all of them are digits and no bit is left over.
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
    return seen < foreign && rest & ((1 << spare) - 1) == 0
  }

  /// The value of a byte that is no digit.
  private static let foreign: UInt8 = 0x80

  private static let standardValues = table(.standard)
  private static let urlSafeValues = table(.urlSafe)
  /// The value of each byte as a digit.
  private var values: [UInt8] { self == .standard ? Self.standardValues : Self.urlSafeValues }

  private static func table(_ alphabet: Base64) -> [UInt8] {
    var values = [UInt8](repeating: foreign, count: 256)
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
