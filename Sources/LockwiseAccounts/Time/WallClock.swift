import LockwiseCore

/// A clock; injected, so that tests can set the time.
public struct WallClock: Sendable {
  /// The time now.
  public let now: @Sendable () -> Milliseconds

  /// Creates a clock of a function that returns the time.
  public init(_ now: @escaping @Sendable () -> Milliseconds) { self.now = now }

  /// The system's clock.
  public static let system = WallClock { .now() }
}
