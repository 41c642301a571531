/// How often things may be done, as Mozilla's server counts (fxa-auth-server, `rate-limit-rules.txt`); in use while the
/// switch `accounts.limits` is on.
final class RateLimits {
  /// What is counted.
  enum Action: String {
    case login, credentialsStatus, mailedCode, authenticatorCode, sendCode

    /// How many in how many seconds, and for how many seconds the next one is refused.
    var rule: (count: Int, window: Int, block: Int) {
      switch self {
      case .login: (5, 900, 900)
      case .credentialsStatus: (100, 900, 900)
      case .mailedCode: (10, 900, 900)
      case .authenticatorCode: (10, 30, 30)
      case .sendCode: (5, 900, 900)
      }
    }
  }

  private var times: [String: [Int]] = [:]
  private var blockedUntil: [String: Int] = [:]

  /// Counts one.
  ///
  /// - Parameters:
  ///   - subject: whose it is: an address or an account.
  ///   - now: Unix seconds.
  /// - Returns: the seconds to wait if it is one too many; nil if it is fine.
  func count(_ action: Action, of subject: String, now: Int) -> Int? {
    let key = "\(action.rawValue) \(subject.lowercased())"
    if let end = blockedUntil[key], end > now { return end - now }
    let rule = action.rule
    let recent = (times[key] ?? []).filter { $0 > now - rule.window } + [now]
    times[key] = recent
    guard recent.count > rule.count else { return nil }
    blockedUntil[key] = now + rule.block
    times[key] = []
    return rule.block
  }
}
