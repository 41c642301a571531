import LockwiseCore

/// The command `mv`: renames an entry or a folder.
struct MoveCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let plan = try MovePlan(arguments, context, isCopy: false)
    try plan.confirmReplacing()
    try plan.store.change { editor in
      try editor.transaction { editor in for step in plan.steps { try move(step, editor) } }
    }
    try context.out("\(PrintableText.of(plan.from))\n")
    try context.out("renamed \(ShellQuoting.quote(plan.from)) -> \(ShellQuoting.quote(plan.to))\n")
    return .success
  }

  private func move(_ step: MovePlan.Step, _ editor: LoginEditor) throws {
    guard let login = try editor.login(guid: step.login.guid) else { throw MovePlan.deletedMeanwhile(step.from) }
    if let replaced = step.replaced { try editor.delete(guid: replaced.guid) }
    guard let changes = EntryMove.changes(to: login, name: step.to) else { throw MovePlan.impossible(step.to) }
    do {
      try editor.change(guid: login.guid, changes)
    } catch LoginEditor.Failure.duplicate {
      throw UserFacingError(
        "cannot rename \(step.from): the site and user of \(step.to) have another entry", exitCode: .failure)
    }
  }
}
