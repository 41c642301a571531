/// The times for which unlocked keys stay in the kernel keyring.
public struct SessionLimits: Equatable, Sendable {
  /// The default idle time, seconds.
  public static let defaultIdle: UInt32 = 3600
  /// The default longest time, seconds.
  public static let defaultLongest: UInt32 = 28_800

  /// The idle time after the last use by a person, seconds; 0 keeps no keys.
  public var idle: UInt32
  /// The longest time after unlocking, however often the keys are used, seconds; 0 keeps no keys.
  public var longest: UInt32

  /// Makes limits.
  public init(idle: UInt32 = defaultIdle, longest: UInt32 = defaultLongest) {
    self.idle = idle
    self.longest = longest
  }

  /// Whether keys are kept at all.
  public var keepsKeys: Bool { idle > 0 && longest > 0 }
}
