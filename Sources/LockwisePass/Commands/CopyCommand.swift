import LockwiseCore

/// The command `cp`: copies an entry or a folder.
struct CopyCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let plan = try MovePlan(arguments, context, isCopy: true)
    try plan.confirmReplacing()
    try plan.store.change { editor in
      try editor.transaction { editor in for step in plan.steps { try copy(step, editor) } }
    }
    try context.out("\(PrintableText.of(plan.from))\n")
    if plan.isFolder {
      try context.out("\(ShellQuoting.quote(plan.from)) -> \(ShellQuoting.quote(plan.to))\n")
    }
    for step in plan.steps {
      try context.out("\(ShellQuoting.quote(step.from)) -> \(ShellQuoting.quote(step.to))\n")
    }
    return .success
  }

  private func copy(_ step: MovePlan.Step, _ editor: LoginEditor) throws {
    guard let login = try editor.login(guid: step.login.guid) else { throw MovePlan.deletedMeanwhile(step.from) }
    if let replaced = step.replaced {
      guard let present = try editor.login(guid: replaced.guid) else { throw MovePlan.deletedMeanwhile(step.to) }
      try editor.change(
        guid: present.guid,
        EntryMove.body(copying: login, over: present).changes(to: present, now: context.helper.clock()))
    } else {
      guard let placement = EntryPlacement(name: step.to) else { throw MovePlan.impossible(step.to) }
      try editor.addNew(EntryMove.body(copying: login, to: placement).draft(at: placement))
    }
  }
}
