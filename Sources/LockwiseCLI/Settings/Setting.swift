import LockwiseCore

/// A setting of the suite: a variable of the environment and a line of the configuration file.
public struct Setting: Equatable, Sendable {
  /// The type of a setting's value.
  enum Kind: Equatable, Sendable {
    /// Any text.
    case text
    /// An absolute path. A leading `~/` means the home folder.
    case path
    /// The name or absolute path of a program, or empty.
    case program
    /// A number of seconds.
    case seconds
    /// `0`, `no`, `off` and `false` mean no, everything else yes.
    case flag
  }

  /// The variable: `LOCKWISE_` and the name in upper case.
  public let variable: String
  /// The type of its value.
  let kind: Kind
  /// The default, for messages.
  let fallback: String
  /// Whether the environment variable applies. If not, the setting is read from the file only.
  public let isInEnvironment: Bool

  /// The name in the configuration file, such as `pull-interval`.
  public var name: String {
    String(
      decoding: variable.utf8.dropFirst(Self.prefix.utf8.count).map { byte in
        byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte | 0x20
      }, as: UTF8.self)
  }

  /// The prefix of every variable.
  static let prefix = "LOCKWISE_"
  /// The setting for the command that unlocks the vault.
  static let unlockCommand = "LOCKWISE_UNLOCK_COMMAND"

  private init(_ variable: String, _ kind: Kind, _ fallback: String, isInEnvironment: Bool = true) {
    self.variable = variable
    self.kind = kind
    self.fallback = fallback
    self.isInEnvironment = isInEnvironment
  }

  /// All settings.
  public static let all = [
    Setting("LOCKWISE_HOME", .path, "lockwise under XDG_STATE_HOME or ~/.local/state"),
    Setting("LOCKWISE_UNLOCK_COMMAND", .text, "none", isInEnvironment: false),
    Setting("LOCKWISE_UNLOCK_TIME", .seconds, "3600"),
    Setting("LOCKWISE_UNLOCK_MAX", .seconds, "28800"),
    Setting("LOCKWISE_NO_PROMPT", .flag, "no"),
    Setting("LOCKWISE_PINENTRY", .program, "pinentry"),
    Setting("LOCKWISE_PULL_INTERVAL", .seconds, "900"),
    Setting("LOCKWISE_PULL_TIMEOUT", .seconds, "5"),
    Setting("LOCKWISE_CA_FILE", .path, "the system's"),
    Setting("LOCKWISE_PASS_CLIP", .text, "a program for the display, else the terminal"),
    Setting("LOCKWISE_PASS_MENU", .text, "a program for the display, or fzf"),
    Setting("LOCKWISE_ASKPASS_FALLBACK", .program, "none"),
    Setting("LOCKWISE_ASKPASS_SAVE", .text, "ask"),
    Setting("LOCKWISE_ASKPASS_KBDINT", .text, "answer"),
    Setting("LOCKWISE_SUDO_PROMPT", .text, "sudo's own"),
    Setting("LOCKWISE_STORE", .text, "true"),
    Setting("LOCKWISE_ERASE", .text, "own"),
    Setting("LOCKWISE_REFUSED_FOR", .text, "30 days"),
    Setting("LOCKWISE_ALIAS", .text, "none"),
    Setting("LOCKWISE_ENTRY", .text, "none"),
  ]

  /// Returns the problem with a value for this setting; `nil` if it is valid.
  public func complaint(about text: String) -> String? {
    guard !text.isEmpty else { return nil }
    switch kind {
    case .text, .flag: return nil
    case .path: return text.hasPrefix("/") ? nil : "\(name) must be an absolute path"
    case .program:
      return text.hasPrefix("/") || !text.contains("/") ? nil : "\(name) must be a name or an absolute path"
    case .seconds:
      return UInt32(text) == nil ? "\(name) must be a number of seconds" : nil
    }
  }
}
