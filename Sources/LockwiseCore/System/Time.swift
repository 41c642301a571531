import Glibc

/// A time since 1970 UTC, or a time span, in milliseconds.
public struct Milliseconds: TimeUnit {
  /// The number of milliseconds.
  public let rawValue: Int64

  /// Makes a time or span of this many milliseconds.
  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// Converts a time or span; one that is too long becomes the longest.
  public init(_ seconds: Seconds) { self = Milliseconds(1000) * seconds.rawValue }

  /// The time now by the system's clock (clock_gettime(2), `CLOCK_REALTIME`).
  public static func now() -> Milliseconds { Milliseconds(clock: CLOCK_REALTIME) }

  /// The time since some moment in the past, which no setting of the clock changes (clock_gettime(2),
  /// `CLOCK_MONOTONIC`).
  public static func monotonic() -> Milliseconds { Milliseconds(clock: CLOCK_MONOTONIC) }

  private init(clock: clockid_t) {
    var time = timespec()
    clock_gettime(clock, &time)
    self.init(Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}

/// A time since 1970 UTC, or a time span, in seconds.
public struct Seconds: TimeUnit {
  /// The number of seconds.
  public let rawValue: Int64

  /// Makes a time or span of this many seconds.
  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// Converts a time or span. A part of a second is cut off.
  public init(_ milliseconds: Milliseconds) { rawValue = milliseconds.rawValue / 1000 }
}

/// A unit of time. Its values are whole numbers. A result that is too large or too small becomes the largest or smallest
/// value: times may come from files and servers.
public protocol TimeUnit: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The number of units.
  var rawValue: Int64 { get }

  /// Makes a time or span of this many units.
  init(_ rawValue: Int64)
}

extension TimeUnit {
  /// The largest value.
  public static var max: Self { Self(.max) }

  /// The value without its sign.
  public var magnitude: Self { rawValue < 0 ? 0 - self : self }

  /// The number without its unit.
  public var description: String { String(rawValue) }

  /// Makes a time or span.
  public init(integerLiteral value: Int64) { self.init(value) }

  /// Returns whether a time is earlier or a span shorter than another.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Returns the sum.
  public static func + (left: Self, right: Self) -> Self {
    let (sum, overflows) = left.rawValue.addingReportingOverflow(right.rawValue)
    return overflows ? Self(right.rawValue > 0 ? .max : .min) : Self(sum)
  }

  /// Returns the difference.
  public static func - (left: Self, right: Self) -> Self {
    let (difference, overflows) = left.rawValue.subtractingReportingOverflow(right.rawValue)
    return overflows ? Self(right.rawValue > 0 ? .min : .max) : Self(difference)
  }

  /// Adds a span.
  public static func += (left: inout Self, right: Self) { left = left + right }

  /// Subtracts a span.
  public static func -= (left: inout Self, right: Self) { left = left - right }

  /// Returns a multiple.
  public static func * (left: Self, factor: Int64) -> Self {
    let (product, overflows) = left.rawValue.multipliedReportingOverflow(by: factor)
    return overflows ? Self((left.rawValue > 0) == (factor > 0) ? .max : .min) : Self(product)
  }
}

extension TimeUnit {
  /// Reads a number. A fraction is cut off.
  package init?(stored value: JSONValue) {
    guard let number = value.integer else { return nil }
    self.init(number)
  }

  /// The number as JSON.
  package var json: SecretBytes { rawValue.json }
}

extension Milliseconds: DocumentValue {}
extension Seconds: DocumentValue {}
