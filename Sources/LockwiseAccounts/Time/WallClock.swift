import Glibc

/// Where the time comes from; handed in, so that a test can say what it is.
public struct WallClock: Sendable {
  /// The time in milliseconds since 1970 UTC.
  public let now: @Sendable () -> Int64

  /// Makes a clock of a function that returns milliseconds since 1970 UTC.
  public init(_ now: @escaping @Sendable () -> Int64) { self.now = now }

  /// The system's clock (clock_gettime(2), CLOCK_REALTIME).
  public static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
