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
    var digits = text.count
    if self == .standard {
      guard text.count % 4 == 0 else { return nil }
      while digits > 0, text.count - digits < 2, text[digits - 1] == UInt8(ascii: "=") { digits -= 1 }
    }
    guard digits % 4 != 1 else { return nil }
    var valid = true
    let decoded = SecretBytes(count: digits * 3 / 4) { output in
      var bits: UInt32 = 0
      var available = 0
      var position = 0
      for index in 0..<digits {
        guard let value = value(text[index]) else {
          valid = false
          return
        }
        bits = bits << 6 | UInt32(value)
        available += 6
        if available >= 8 {
          available -= 8
          output[position] = UInt8(truncatingIfNeeded: bits >> UInt32(available))
          position += 1
        }
        bits &= (1 << UInt32(available)) - 1
      }
      valid = bits == 0
    }
    return valid ? decoded : nil
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

  private func value(_ unit: UInt8) -> UInt8? {
    switch unit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): unit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): unit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): unit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+") where self == .standard, UInt8(ascii: "-") where self == .urlSafe: 62
    case UInt8(ascii: "/") where self == .standard, UInt8(ascii: "_") where self == .urlSafe: 63
    default: nil
    }
  }
}
