import LockwiseCLI
import LockwiseCore

/// A shell command that the user gave as an option, which prints a secret.
struct OptionCommand {
  /// The option, for messages.
  let option: String
  let command: String

  /// Runs the command and returns the first line of its output, without the end of the line.
  ///
  /// - Parameter argument: the command's `$1`; `nil` for none.
  /// - Throws: `UserFacingError` if it fails or prints nothing; `PromptError.cancelled` after a signal.
  func firstLine(_ argument: String?, _ context: SyncContext) throws -> SecretBytes {
    let output: SecretBytes
    do {
      // The user typed it in this folder, which its file names refer to.
      output = try ChildProcess.output(
        of: "/bin/sh", ["-c", command, Program.name] + [argument].compactMap(\.self), environment: context.environment,
        in: .current)
    } catch is ChildProcess.Failure {
      try context.interruption.wait(milliseconds: 0)
      throw UserFacingError("the \(option) failed", exitCode: .failure)
    }
    let end = output.withUnsafeBytes { $0.firstIndex { $0 == 0x0A || $0 == 0x0D } } ?? output.count
    guard end > 0 else { throw UserFacingError("the \(option) printed nothing", exitCode: .failure) }
    return output[0..<end]
  }
}
