import LockwiseCore

/// What became of the prompts for the vault's passphrase, by git command. One fetch of many submodules runs the helper
/// many times: they ask once, and `store` and `erase` need to know whether `get` was given a key that could not be kept.
public struct DeclinedPrompts: Equatable {
  /// The outcome of a prompt.
  public enum Outcome: Character, Sendable {
    /// The user cancelled.
    case cancelled = "c"
    /// No passphrase was correct.
    case wrong = "w"
    /// The vault was unlocked for one run only, and had all logins that git has requested since.
    case answered = "a"
    /// The vault was unlocked for one run only, and lacks a login that git has requested.
    case missed = "m"

    /// The time for which it applies. The last two apply as long as the git command can run.
    var lifetime: Seconds {
      switch self {
      case .cancelled, .wrong: 300
      case .answered, .missed: 86_400
      }
    }
  }

  /// The outcome of a prompt.
  struct Entry: Equatable {
    /// The topmost git command.
    let command: ProcessIdentity
    /// The time.
    let time: Seconds
    let outcome: Outcome

    /// Returns whether it still applies. An entry from the future was written while the clock was wrong and does not
    /// apply.
    func isFresh(_ now: Seconds) -> Bool { time <= now && now - time < outcome.lifetime }
  }

  private(set) var entries: [Entry] = []

  /// Parses the file. Each line consists of a process id, its start time, the time and the outcome. Other lines are
  /// ignored.
  init(text: [UInt8]) {
    entries = text.split(separator: 0x0A).compactMap { line in
      let fields = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 4, let id = Int(fields[0]), let start = UInt64(fields[1]),
        let time = Int64(fields[2]).map({ Seconds($0) }),
        fields[3].count == 1, let outcome = fields[3].first.flatMap(Outcome.init(rawValue:))
      else { return nil }
      return Entry(command: ProcessIdentity(id: id, start: start), time: time, outcome: outcome)
    }
  }

  /// The file's text.
  var text: String {
    entries.map { "\($0.command.id) \($0.command.start) \($0.time) \($0.outcome.rawValue)\n" }.joined()
  }

  /// Returns the last outcome of a command if it still applies.
  func outcome(of command: ProcessIdentity, now: Seconds) -> Outcome? {
    entries.last { $0.command == command && $0.isFresh(now) }?.outcome
  }

  /// Returns whether the user cancelled a prompt of any command in the last minutes.
  func wasCancelled(now: Seconds) -> Bool { entries.contains { $0.outcome == .cancelled && $0.isFresh(now) } }

  /// Records an outcome and removes those that no longer apply.
  mutating func record(_ outcome: Outcome, of command: ProcessIdentity, now: Seconds) {
    entries = entries.filter { $0.isFresh(now) && $0.command != command }.suffix(15)
    entries.append(Entry(command: command, time: now, outcome: outcome))
  }
}
