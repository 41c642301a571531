import Foundation

/// The clock of the servers, which a test can set.
struct SandboxClock {
  /// The difference to the machine's clock, in hundredths of a second.
  var offset: Int64 = 0
  /// Returns the machine's time in microseconds since 1970.
  var machine: @Sendable () -> Int64 = { Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down)) }

  /// The time in microseconds since 1970, for deadlines that must be exact.
  var microseconds: Int64 { machine() + offset * 10_000 }

  /// The time as Sync storage reports it.
  var now: SyncTime { SyncTime(hundredths: microseconds / 10_000) }

  /// The Unix time in whole seconds.
  var seconds: Int { Int(now.hundredths / 100) }

  /// The Unix time in milliseconds.
  var milliseconds: Int { Int(now.hundredths * 10) }

  /// The value of a `Date` header (RFC 9110 section 5.6.7).
  var httpDate: String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : String(value) }
    return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
      + "\(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
