import LockwiseCore

/// The settings that a program runs with: those of the environment, else those of the configuration file.
///
/// A setting is identified by its variable. `Setting.name` is its name in the file. A variable that is set, even if it
/// is empty, takes precedence. The unlock command is read from the file only.
public struct Configuration: Sendable {
  /// The source of a setting.
  public enum Source: Equatable, Sendable {
    /// An environment variable.
    case environment
    /// A line of the configuration file.
    case file(path: String, line: Int)
    /// No source: the default applies.
    case fallback
  }

  /// The environment.
  public let environment: Environment
  /// The configuration file as read at the start.
  public let file: ConfigurationFile

  /// Reads the configuration file.
  public init(_ environment: Environment) {
    self.environment = environment
    file = ConfigurationFile(environment)
  }

  /// Returns the setting called `variable`, even if it is empty; `nil` if it is not set.
  public func value(_ variable: String) -> String? {
    if variable != Setting.unlockCommand, let value = environment.value(variable) { return value }
    return file.entries[variable]?.value
  }

  /// Returns the setting called `variable`; `nil` if it is not set or empty.
  public subscript(variable: String) -> String? { value(variable).flatMap { $0.isEmpty ? nil : $0 } }

  /// Whether the setting called `variable` means yes.
  public func isOn(_ variable: String) -> Bool { Environment.isYes(self[variable]) }

  /// Returns the setting called `variable` as a number of seconds, at most `limit`; `fallback` if it is not a number.
  public func seconds(_ variable: String, fallback: Seconds, limit: Seconds = 31_536_000) -> Seconds {
    self[variable].flatMap { UInt32($0) }.map { min(Seconds(Int64($0)), limit) } ?? fallback
  }

  /// The shell command that unlocks the vault. Only the file can set it.
  public var unlockCommand: String? { self[Setting.unlockCommand] }

  /// Returns the source of the setting called `variable`.
  public func source(_ variable: String) -> Source {
    if variable != Setting.unlockCommand, environment.value(variable) != nil { return .environment }
    guard let path = file.path, let entry = file.entries[variable] else { return .fallback }
    return .file(path: path, line: entry.line)
  }

  /// Reports problems with the file in one line. They do not stop the program.
  public func reportProblems(to diagnostics: Diagnostics) {
    if let refusal = file.refusal {
      let error = refusal.userFacingError
      diagnostics.error(([error.message] + error.hints).joined(separator: "; "))
    } else if let first = file.problems.first {
      let rest = file.problems.count - 1
      diagnostics.notice("\(first)" + (rest > 0 ? " (and \(rest) more: lockwise-sync doctor)" : ""))
    }
  }
}
