import LockwiseCLI
import LockwiseCore
import LockwiseSetup

/// The second part of `setup`: one question for each step that is not set up.
struct SetupSteps {
  let options: SetupCommand
  let context: SyncContext
  let setup: SetupContext
  let output: SetupOutput
  /// Asks the user; `nil` if there is no terminal.
  let terminal: TerminalPrompt?

  /// The results.
  struct Outcome {
    /// The steps that were done now.
    var done: [StepName] = []
    /// The steps that are set up, now or before.
    var setUp: [StepName] = []
    /// The programs that are not installed.
    var missing: [String] = []
    /// Whether a step failed.
    var hasFailed = false
  }

  /// Goes through all steps, or those that options name. A step that fails does not stop the others.
  ///
  /// - Parameter outcome: what was done so far, also after an interruption.
  /// - Throws: `PromptError.cancelled`.
  func run(_ outcome: inout Outcome) throws {
    let named = options.steps.named
    for name in StepName.allCases where named.isEmpty || named.contains(name) {
      guard options.steps.answer(name) != false else { continue }
      let step = setup.step(name)
      if try isWanted(step, isNamed: !named.isEmpty, &outcome) { apply(step, &outcome) }
    }
    if !outcome.missing.isEmpty { output.say("not installed: \(outcome.missing.joined(separator: ", "))") }
  }

  /// Whether a step is to be done now, by its state, the options and the user.
  private func isWanted(_ step: any SetupStep, isNamed: Bool, _ outcome: inout Outcome) throws -> Bool {
    let name = step.name.rawValue
    switch step.state() {
    case .setUp(let place):
      output.say("\(name): set up already (\(place))")
      outcome.setUp.append(step.name)
      return false
    case .missing(let program) where isNamed:
      fail(step, "\(program) is not installed", hint: nil, &outcome)
      return false
    case .missing(let program):
      if !outcome.missing.contains(program) { outcome.missing.append(program) }
      return false
    case .unavailable(let reason, let remedy) where isNamed:
      fail(step, reason, hint: remedy, &outcome)
      return false
    case .unavailable(let reason, let remedy):
      output.say("\(name): left out: \(reason)")
      if let remedy { context.diagnostics.hint(remedy) }
      return false
    case .other(let other) where isNamed && !step.replacesOther:
      fail(step, "something else is set: \(other)", hint: step.manualChange, &outcome)
      return false
    case .other(let other) where !isNamed:
      output.say("\(name): left as it is: \(other)")
      if step.replacesOther { context.diagnostics.hint("to replace it: lockwise-sync setup --\(name)") }
      return false
    case .other, .notSetUp:
      output.say("\(name): \(step.proposal())")
      return try isNamed ? !options.dryRun : isAgreed(step)
    }
  }

  private func isAgreed(_ step: any SetupStep) throws -> Bool {
    if options.dryRun { return false }
    guard !options.yes, let terminal else {
      if !step.isRecommended {
        output.say("\(step.name.rawValue): not set up")
        context.diagnostics.hint("to set it up all the same: lockwise-sync setup --\(step.name.rawValue)")
      }
      return step.isRecommended
    }
    let answer = try terminal.ask("Set up \(step.name.rawValue)? \(step.isRecommended ? "[Y/n]" : "[y/N]") ")
    return answer.isEmpty ? step.isRecommended : ["y", "yes"].contains(answer.lowercased())
  }

  private func apply(_ step: any SetupStep, _ outcome: inout Outcome) {
    do {
      for line in try step.apply() { Diagnostics.toStandardError(PrintableText.of(line) + "\n") }
      output.say("\(step.name.rawValue): set up")
      outcome.done.append(step.name)
      outcome.setUp.append(step.name)
    } catch {
      let shown = UserFacingError(error)
      context.diagnostics.error(shown.message)
      for hint in shown.hints { context.diagnostics.hint(hint) }
      context.diagnostics.hint(step.manualChange)
      outcome.hasFailed = true
    }
  }

  private func fail(_ step: any SetupStep, _ reason: String, hint: String?, _ outcome: inout Outcome) {
    context.diagnostics.error("cannot set up \(step.name.rawValue): \(reason)")
    if let hint { context.diagnostics.hint(hint) }
    outcome.hasFailed = true
  }
}
