import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSetup

struct UnsetupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unsetup", abstract: "Undo what setup changed.",
    discussion: """
      Restores each file that setup changed. If a file was edited since, only the lines of setup are removed. Files and \
      folders that setup made are removed unless something else is in them. The vault and the sign-in stay; logout \
      deletes them.
      """)

  @Flag(help: "Show what would be undone, and change nothing.")
  var dryRun = false

  func run() throws {
    let context = try SyncContext()
    let setup = try SetupContext(environment: context.environment, program: ExecutablePath.own)
    let changes = try setup.record.load().changes
    let output = SetupOutput()
    if changes.isEmpty {
      if !dryRun { setup.record.removeUnfinished() }
      context.diagnostics.notice("there is nothing to undo")
    }
    var hasFailed = false
    for change in changes.reversed() {
      if dryRun {
        let place = change.path.map(setup.shown) ?? change.units.joined(separator: " ")
        output.say("\(change.step): \(place)")
      } else if !undo(change, setup, context, output) {
        hasFailed = true
      }
    }
    if dryRun {
      context.diagnostics.notice("nothing was changed")
    } else if context.directory.hasVault {
      context.diagnostics.hint("the vault and the sign-in stay; to delete them: lockwise-sync logout")
    }
    if hasFailed { throw ArgumentParser.ExitCode(LockwiseCore.ExitCode.failure.rawValue) }
  }

  /// Undoes a change and removes it from the record.
  ///
  /// - Returns: `false` if the change stays.
  private func undo(
    _ change: SetupChange, _ setup: SetupContext, _ context: SyncContext, _ output: SetupOutput
  ) -> Bool {
    do {
      guard let name = StepName(rawValue: change.step) else {
        throw UserFacingError("a later version made this change", exitCode: .failure)
      }
      switch try setup.step(name).revert(change) {
      case .undone(let text): output.say("\(change.step): \(text)")
      case .gone(let text): output.say("\(change.step): nothing to undo: \(text)")
      }
      try setup.record.update { record in record.changes.removeAll { $0 == change } }
      return true
    } catch {
      let shown = UserFacingError(error)
      context.diagnostics.error("cannot undo \(change.step): \(shown.message)")
      for hint in shown.hints { context.diagnostics.hint(hint) }
      return false
    }
  }
}
