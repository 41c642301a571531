import ArgumentParser
import LockwiseCLI
import LockwiseCore

/// Asks the user to confirm with yes or no.
struct YesOption: ParsableArguments {
  @Flag(help: "Do not ask for confirmation.")
  var yes = false

  /// Gets the confirmation.
  ///
  /// - Parameters:
  ///   - question: the question, which yes or no answers.
  ///   - undone: what an error says did not happen.
  ///   - reviewing: the hint how to see first what would happen; `nil` if there is no way.
  ///   - show: shows what the question is about, on the terminal; `nil` means that no question follows.
  /// - Throws: `UserFacingError` if the user declines, or there is no terminal; `PromptError.cancelled`.
  func confirm(
    _ question: String, undone: String, reviewing: String?, show: (TerminalPrompt?) -> Void
  ) throws {
    if yes { return show(nil) }
    guard let terminal = TerminalPrompt() else {
      throw UserFacingError(
        "cannot ask for confirmation without a terminal; \(undone)",
        hints: [reviewing, "in a script, confirm with --yes"].compactMap(\.self), exitCode: .usage)
    }
    defer { terminal.finish() }
    show(terminal)
    guard ["y", "yes"].contains(try terminal.ask("\(question) [y/N] ").lowercased()) else {
      throw UserFacingError(undone, exitCode: .failure)
    }
  }
}
