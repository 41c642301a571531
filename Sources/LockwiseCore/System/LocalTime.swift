import Glibc

// strftime(3) would link glibc's locales into every helper.

/// A time since 1970 in the machine's time zone.
extension Seconds {
  /// Date, hours and minutes, such as `2026-12-28 15:04`.
  public var localTime: String {
    var time = time_t(rawValue)
    var parts = tm()
    guard localtime_r(&time, &parts) != nil else { return "?" }
    return "\(parts.tm_year + 1900)-\(Self.twoDigits(parts.tm_mon + 1))-\(Self.twoDigits(parts.tm_mday)) "
      + "\(Self.twoDigits(parts.tm_hour)):\(Self.twoDigits(parts.tm_min))"
  }

  /// Date, hours, minutes and seconds, such as `2026-12-28 15:04:05`.
  public var localTimeWithSeconds: String {
    // No zone's difference from UTC has had seconds since 1972.
    localTime + ":" + Self.twoDigits(Int32((rawValue % 60 + 60) % 60))
  }

  /// Hours and minutes, rounded up, so that a try at that time is not too early; with the date if it is not that of `now`.
  public func localTimeOfDay(now: Seconds) -> String {
    let (day, hour) = (localTime.prefix(10), (self + 59).localTime.suffix(5))
    return String(day == now.localTime.prefix(10) ? hour : "\(hour) on \(day)")
  }

  private static func twoDigits(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
}
