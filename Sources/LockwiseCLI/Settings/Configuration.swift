import LockwiseCore

/// The settings that a program runs with: those of the environment, else those of the configuration file.
///
/// A setting is called by its variable here; `Setting.name` is its name in the file. A variable that is set, even if it is
/// empty, takes precedence, except for the unlock command, which is read from the file alone.
public struct Configuration: Sendable {
  /// Where a setting comes from.
  public enum Source: Equatable, Sendable {
    /// A variable of the environment.
    case environment
    /// A line of the configuration file.
    case file(path: String, line: Int)
    /// It is not set.
    case fallback
  }

  /// The environment.
  public let environment: Environment
  /// The configuration file as it was when the program began.
  public let file: ConfigurationFile

  /// Reads the configuration file, once.
  public init(_ environment: Environment) {
    self.environment = environment
    file = ConfigurationFile(environment)
  }

  /// The setting called `variable`, even if it is empty; `nil` if it is not set.
  public func value(_ variable: String) -> String? {
    if variable != Setting.unlockCommand, let value = environment.value(variable) { return value }
    return file.entries[variable]?.value
  }

  /// The setting called `variable`; `nil` if it is not set or empty.
  public subscript(variable: String) -> String? { value(variable).flatMap { $0.isEmpty ? nil : $0 } }

  /// Whether the setting called `variable` means yes.
  public func isOn(_ variable: String) -> Bool { Environment.isYes(self[variable]) }

  /// A whole number of seconds out of the setting called `variable`, at most `limit`; `fallback` if it holds none.
  public func seconds(_ variable: String, fallback: UInt32, limit: UInt32 = 31_536_000) -> UInt32 {
    self[variable].flatMap { UInt32($0) }.map { min($0, limit) } ?? fallback
  }

  /// The shell command that unlocks the vault. Only the file may name it.
  public var unlockCommand: String? { self[Setting.unlockCommand] }

  /// Where the setting called `variable` comes from.
  public func source(_ variable: String) -> Source {
    if variable != Setting.unlockCommand, environment.value(variable) != nil { return .environment }
    guard let path = file.path, let entry = file.entries[variable] else { return .fallback }
    return .file(path: path, line: entry.line)
  }

  /// Reports in one line what is wrong with the file, if something is. Nothing of it stops the program.
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
