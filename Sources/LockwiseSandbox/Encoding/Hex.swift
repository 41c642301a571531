import Foundation

/// Hexadecimal digits (RFC 4648, base 16).
enum Hex {
  /// Encodes bytes in lower case.
  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Decodes an even number of digits in either case; nil for anything else.
  static func decode(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// Decodes exactly `count` bytes in lower-case digits; nil for anything else.
  static func strict(_ text: String?, count: Int) -> [UInt8]? {
    guard let text, text.utf8.count == 2 * count,
      text.utf8.allSatisfy({ value($0) != nil && !(65...70 ~= $0) })
    else { return nil }
    return decode(text)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
  }
}
