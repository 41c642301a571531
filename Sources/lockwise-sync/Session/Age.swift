import LockwiseCLI
import LockwiseCore

/// Ages in words.
enum Age {
  /// Returns an age in words, rounded down, also for a time in the future.
  static func text(_ age: Milliseconds) -> String {
    let seconds = Seconds(age).rawValue
    return switch seconds {
    case ..<(-60): "in the future (a clock was wrong)"
    case ..<1: "just now"
    case ..<120: Quantity.of(seconds, "second") + " ago"
    case ..<7200: Quantity.of(seconds / 60, "minute") + " ago"
    case ..<172_800: Quantity.of(seconds / 3600, "hour") + " ago"
    default: Quantity.of(seconds / 86_400, "day") + " ago"
    }
  }
}
