import Glibc
import LockwiseCore

/// Times as users type them.
enum CodeTime {
  /// Returns the time that a text means, in seconds since 1970: `1700000000` or `@1700000000`, `+30` or `-30` seconds
  /// from now, or `2026-12-28 15:04:05` in the time zone of the machine, with a `T` for the space, and with a `Z` at the
  /// end in UTC.
  ///
  /// - Parameter now: the present time, seconds since 1970.
  /// - Throws: `UserFacingError` if the text is not a time, or one before 1970.
  static func seconds(_ text: String, now: Int64) throws -> Int64 {
    guard let seconds = offset(text, now: now) ?? calendar(Array(text.utf8)), seconds >= 0 else {
      throw UserFacingError(
        "\(text) is not a time", hint: "type seconds since 1970, +SECONDS, -SECONDS or YYYY-MM-DD HH:MM:SS",
        exitCode: .usage)
    }
    return seconds
  }

  private static func offset(_ text: String, now: Int64) -> Int64? {
    let digits = text.dropFirst(["@", "+", "-"].contains(text.first) ? 1 : 0)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits) else {
      return nil
    }
    let (sum, isOver) =
      switch text.first {
      case "+": now.addingReportingOverflow(number)
      case "-": now.subtractingReportingOverflow(number)
      default: (number, false)
      }
    return isOver ? nil : sum
  }

  /// Returns the time of a date, with hours and minutes, and with seconds or without.
  private static func calendar(_ text: [UInt8]) -> Int64? {
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
    return Int64(isUTC ? timegm(&parts) : mktime(&parts))
  }

  private static func matches(_ byte: UInt8, _ pattern: UInt8) -> Bool {
    switch pattern {
    case UInt8(ascii: "0"): (0x30...0x39).contains(byte)
    case UInt8(ascii: " "): byte == pattern || byte == UInt8(ascii: "T")
    default: byte == pattern
    }
  }
}
