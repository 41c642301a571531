import Glibc

/// Times in the time zone of the user.
package enum LocalTime {
  /// Returns hours and minutes, with the date if it is not `now`'s.
  ///
  /// - Parameters:
  ///   - milliseconds: since 1970.
  ///   - now: milliseconds since 1970.
  package static func text(_ milliseconds: Int64, now: Int64) -> String {
    let day = format(milliseconds, "%Y-%m-%d")
    // Rounded up, so that the next try is not too early.
    let time = format(milliseconds + 59_999, "%H:%M")
    return day == format(now, "%Y-%m-%d") ? time : "\(time) on \(day)"
  }

  /// Returns date, hours, minutes and seconds.
  ///
  /// - Parameter milliseconds: since 1970.
  package static func full(_ milliseconds: Int64) -> String { format(milliseconds, "%Y-%m-%d %H:%M:%S") }

  private static func format(_ milliseconds: Int64, _ pattern: String) -> String {
    var time = time_t(milliseconds / 1000)
    var local = tm()
    localtime_r(&time, &local)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, pattern, &local)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
