/// The times for which unlocked keys stay in the kernel keyring.
public struct SessionLimits: Equatable, Sendable {
  /// The default idle time.
  public static let defaultIdle: Seconds = 3600
  /// The default longest time.
  public static let defaultLongest: Seconds = 28_800

  /// The idle time after the last use by a person; 0 keeps no keys.
  public var idle: Seconds
  /// The longest time after unlocking, however often the keys are used; 0 keeps no keys.
  public var longest: Seconds

  /// Makes limits.
  public init(idle: Seconds = defaultIdle, longest: Seconds = defaultLongest) {
    self.idle = idle
    self.longest = longest
  }

  /// Whether keys are kept at all.
  public var keepsKeys: Bool { idle > 0 && longest > 0 }
}
