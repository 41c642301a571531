import LockwiseCLI
import LockwiseCore

/// `git config` (git-config(1)), as every program of the suite runs it.
public enum GitConfigCommand {
  /// Runs it in the current folder, so that it also reads the repository's settings.
  ///
  /// - Parameters:
  ///   - arguments: the arguments after `config`.
  ///   - silent: an exit status that means that there is no output, such as 1 if nothing is set.
  ///   - timeout: the time after which it is killed.
  /// - Returns: its output.
  /// - Throws: `ChildProcess.Failure` if git is missing or cannot read its configuration.
  public static func output(
    _ arguments: [String], environment: Environment, silent: Int32 = 1, timeout: Milliseconds = 10_000
  ) throws -> [UInt8] {
    // `git config` reads the file named by this variable, unlike git itself.
    let environment = environment.setting("GIT_CONFIG", to: nil)
    do {
      let output = try ChildProcess.output(
        of: "git", ["config"] + arguments, environment: environment, in: .current, limit: 1 << 20, timeout: timeout)
      return output.withUnsafeBytes { Array($0) }
    } catch ChildProcess.Failure.failed(_, let status) where status == silent {
      return []
    }
  }
}
