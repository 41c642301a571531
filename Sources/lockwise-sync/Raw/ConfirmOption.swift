import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// Asks the user to confirm a deletion by typing a name.
struct ConfirmOption: ParsableArguments {
  @Option(help: ArgumentHelp("Do not ask for confirmation; repeat the name here.", valueName: "name"))
  var yes: String?

  /// Gets the confirmation.
  ///
  /// - Parameters:
  ///   - name: the name that the user has to type.
  ///   - warning: the text shown before, which names what will be deleted.
  /// - Throws: `UserFacingError` if the name does not match, or there is no terminal; `PromptError.cancelled`.
  func confirmation(of name: String, warning: String) throws -> Confirmation {
    if let yes {
      guard let confirmation = Confirmation(of: name, typed: yes) else {
        throw UserFacingError("the name after --yes is wrong; nothing was deleted", exitCode: .usage)
      }
      return confirmation
    }
    guard let terminal = TerminalPrompt() else {
      throw UserFacingError(
        "cannot ask for confirmation without a terminal; nothing was deleted",
        hints: ["in a script, give the name: --yes NAME"],
        exitCode: .usage)
    }
    defer { terminal.finish() }
    terminal.show(warning)
    guard let confirmation = Confirmation(of: name, typed: try terminal.ask("Type \(name) to confirm: ")) else {
      throw UserFacingError("the name does not match; nothing was deleted", exitCode: .failure)
    }
    return confirmation
  }
}
