/// The rate limits of Mozilla's server (fxa-auth-server, `rate-limit-rules.txt`), which the switch `accounts.limits` turns
/// on.
final class RateLimits {
  /// An action with a limit.
  enum Action: String {
    case login, credentialsStatus, mailedCode, authenticatorCode, sendCode

    /// The limit: `count` actions within `window` seconds; after that, actions are refused for `block` seconds.
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

  /// Counts an action.
  ///
  /// - Parameters:
  ///   - subject: the address or account that is limited.
  ///   - now: the Unix time in seconds.
  /// - Returns: the seconds to wait if the limit is exceeded; otherwise nil.
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
