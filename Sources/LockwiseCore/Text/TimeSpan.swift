import Glibc

/// Texts of time spans and times.
public enum TimeSpan {
  /// Returns a time span in its largest whole unit: `30 days`, `1 hour`, `90 seconds`.
  ///
  /// - Parameter seconds: the time span, not negative.
  public static func text(_ seconds: Int64) -> String {
    let units: [(Int64, String)] = [(86_400, "day"), (3600, "hour"), (60, "minute")]
    let (size, name) = units.first { seconds >= $0.0 && seconds % $0.0 == 0 } ?? (1, "second")
    return "\(seconds / size) \(name)\(seconds / size == 1 ? "" : "s")"
  }

  /// Returns a date and time in the machine's time zone, such as `2026-12-28 15:04`.
  ///
  /// - Parameter seconds: the time, seconds since 1970.
  public static func localTime(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = tm()
    guard localtime_r(&time, &parts) != nil else { return "?" }
    func digits(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
    return "\(parts.tm_year + 1900)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday)) "
      + "\(digits(parts.tm_hour)):\(digits(parts.tm_min))"
  }
}
