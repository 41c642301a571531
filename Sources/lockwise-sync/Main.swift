import ArgumentParser
import Glibc
import LockwiseCLI
import LockwiseCore

/// Parses and runs the command line, and reports errors with an exit status.
@main
enum Main {
  static func main() {
    ProcessHardening.apply()
    let diagnostics = Diagnostics(program: Program.name)
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      if try Synchronization.runPlain(arguments) { return }
      try UnknownCommand.check(arguments)
      var command = try LockwiseSyncCommand.parseAsRoot()
      try command.run()
    } catch {
      exit(leave(error, diagnostics))
    }
  }

  private static func leave(_ error: any Error, _ diagnostics: Diagnostics) -> Int32 {
    let status = LockwiseSyncCommand.exitCode(for: error)
    // The command has reported everything itself.
    if error is ArgumentParser.ExitCode { return status.rawValue }
    if status.isSuccess {
      // Help or the version was requested.
      print(LockwiseSyncCommand.fullMessage(for: error))
      return LockwiseCore.ExitCode.success.rawValue
    }
    if status == .validationFailure {
      let message = UsageMessage(LockwiseSyncCommand.message(for: error))
      diagnostics.error(message.error)
      if let hint = message.hint { diagnostics.hint(hint) }
      diagnostics.hint("see lockwise-sync --help")
      return LockwiseCore.ExitCode.usage.rawValue
    }
    let shown = UserFacingError(error)
    diagnostics.report(shown)
    return shown.exitCode.rawValue
  }
}
