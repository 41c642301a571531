import LockwiseCLI
import LockwiseCore

/// `git config` (git-config(1)), as every program of the suite runs it.
public enum GitConfigCommand {
  /// Runs it in the current folder, whose repository's settings it reads as well.
  ///
  /// - Parameters:
  ///   - arguments: without `config`.
  ///   - silent: an exit status that means that there is nothing to print. 1: nothing is set.
  ///   - timeout: how long it may take, milliseconds.
  /// - Returns: what it printed.
  /// - Throws: `ChildProcess.Failure`: git is not there, or cannot read its configuration.
  public static func output(
    _ arguments: [String], environment: Environment, silent: Int32 = 1, timeout: Int = 10_000
  ) throws -> [UInt8] {
    // `git config` reads the file that this variable names, and git itself does not.
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
