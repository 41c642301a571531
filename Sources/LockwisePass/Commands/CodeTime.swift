import Glibc
import LockwiseCore

/// Times as users type them.
enum CodeTime {
  /// Returns the time that a text means: `1700000000` or `@1700000000`, `+30` or `-30` seconds
  /// from now, or `2026-12-28 15:04:05` in the time zone of the machine, with a `T` for the space, and with a `Z` at the
  /// end in UTC.
  ///
  /// - Parameter now: the present time.
  /// - Throws: `UserFacingError` if the text is not a time, or one before 1970.
  static func parse(_ text: String, now: Seconds) throws -> Seconds {
    guard let time = offset(text, now: now) ?? calendar(Array(text.utf8)), time >= 0, time != .max else {
      throw UserFacingError(
        "\(text) is not a time", hint: "type seconds since 1970, +SECONDS, -SECONDS or YYYY-MM-DD HH:MM:SS",
        exitCode: .usage)
    }
    return time
  }

  private static func offset(_ text: String, now: Seconds) -> Seconds? {
    let digits = text.dropFirst(["@", "+", "-"].contains(text.first) ? 1 : 0)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits) else {
      return nil
    }
    switch text.first {
    case "+": return now + Seconds(number)
    case "-": return now - Seconds(number)
    default: return Seconds(number)
    }
  }

  /// Returns the time of a date, with hours and minutes, and with seconds or without.
  private static func calendar(_ text: [UInt8]) -> Seconds? {
    let isUTC = text.last == UInt8(ascii: "Z")
    let text = isUTC ? text.dropLast() : text[...]
    let pattern = Array("0000-00-00 00:00:00".utf8.prefix(text.count))
    guard text.count == 16 || text.count == 19, zip(text, pattern).allSatisfy(matches) else { return nil }
    func number(_ range: Range<Int>) -> Int32 { Int32(String(decoding: text[range], as: UTF8.self)) ?? 0 }
    var parts = tm()
    parts.tm_year = number(0..<4) - 1900
    parts.tm_mon = number(5..<7) - 1
    parts.tm_mday = number(8..<10)
    parts.tm_hour = number(11..<13)
    parts.tm_min = number(14..<16)
    parts.tm_sec = text.count == 19 ? number(17..<19) : 0
    parts.tm_isdst = -1
    guard (0...11).contains(parts.tm_mon), (1...31).contains(parts.tm_mday), parts.tm_hour < 24, parts.tm_min < 60,
      parts.tm_sec <= 60
    else { return nil }
    return Seconds(Int64(isUTC ? timegm(&parts) : mktime(&parts)))
  }

  private static func matches(_ byte: UInt8, _ pattern: UInt8) -> Bool {
    switch pattern {
    case UInt8(ascii: "0"): (0x30...0x39).contains(byte)
    case UInt8(ascii: " "): byte == pattern || byte == UInt8(ascii: "T")
    default: byte == pattern
    }
  }
}
