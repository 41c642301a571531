/// How long unlocked keys stay in the kernel keyring.
public struct SessionLimits: Equatable, Sendable {
  /// The idle time where nothing else is set, seconds.
  public static let defaultIdle: UInt32 = 3600
  /// The longest time where nothing else is set, seconds.
  public static let defaultLongest: UInt32 = 28_800

  /// The idle time: seconds after the last use by a person. 0 keeps nothing.
  public var idle: UInt32
  /// The longest time: seconds after the unlocking, however often the keys are used. 0 keeps nothing.
  public var longest: UInt32

  /// Creates limits.
  public init(idle: UInt32 = defaultIdle, longest: UInt32 = defaultLongest) {
    self.idle = idle
    self.longest = longest
  }

  /// Whether keys are kept at all.
  public var keepsKeys: Bool { idle > 0 && longest > 0 }
}
