import Glibc

/// A clock; injected, so that tests can set the time.
public struct WallClock: Sendable {
  /// The time in milliseconds since 1970 UTC.
  public let now: @Sendable () -> Int64

  /// Creates a clock of a function that returns milliseconds since 1970 UTC.
  public init(_ now: @escaping @Sendable () -> Int64) { self.now = now }

  /// The system's clock (clock_gettime(2), CLOCK_REALTIME).
  public static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
