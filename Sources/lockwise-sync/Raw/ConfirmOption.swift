import ArgumentParser
import LockwiseCore
import LockwiseSync

/// Asks for the name of what is to be deleted for good.
struct ConfirmOption: ParsableArguments {
  @Option(help: ArgumentHelp("Do not prompt; the value must be the name to type.", valueName: "name"))
  var yes: String?

  /// Gets the confirmation.
  ///
  /// - Parameters:
  ///   - name: what has to be typed.
  ///   - warning: what is going to be deleted.
  /// - Throws: `UserFacingError` if something else was typed, or there is nobody to ask; `PromptError.cancelled`.
  func confirmation(of name: String, warning: String) throws -> Confirmation {
    if let yes {
      guard let confirmation = Confirmation(of: name, typed: yes) else {
        throw UserFacingError("--yes has the wrong name; nothing was deleted", exitCode: .usage)
      }
      return confirmation
    }
    guard let terminal = TerminalPrompt() else {
      throw UserFacingError(
        "cannot ask for confirmation without a terminal; nothing was deleted",
        hints: ["in a script, name it with --yes"],
        exitCode: .usage)
    }
    defer { terminal.finish() }
    terminal.show(warning)
    guard let confirmation = Confirmation(of: name, typed: try terminal.ask("Type \(name) to confirm: ")) else {
      throw UserFacingError("something else was typed; nothing was deleted", exitCode: .failure)
    }
    return confirmation
  }
}
