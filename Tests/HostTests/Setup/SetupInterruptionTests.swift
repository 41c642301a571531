import Foundation
import Testing

@testable import LockwiseHostSupport

/// A setup that ends early leaves a state from which it goes on, and from which it is undone byte for byte.
@Suite struct SetupInterruptionTests {
  private let home: SetupTestHome
  private let before: [String: String]

  init() throws {
    home = try SetupTestHome()
    before = try home.tree()
  }

  /// Answers the questions before one with this index, and waits for that.
  private func terminal(before index: Int) throws -> PseudoTerminal {
    let terminal = try home.setup()
    for question in SetupTestHome.questions[..<index] {
      try terminal.expect(question.prompt)
      terminal.enter(question.answer)
    }
    try terminal.expect(SetupTestHome.questions[index].prompt)
    return terminal
  }

  /// The steps that were done before a question was asked.
  private func steps(before index: Int) -> ArraySlice<String> { SetupTestHome.steps.prefix(max(0, index - 3)) }

  @Test(arguments: SetupTestHome.questions.indices) func goesOnAfterCtrlC(at index: Int) throws {
    let terminal = try terminal(before: index)
    terminal.send("\u{3}")
    let outcome = try terminal.finish()
    #expect(outcome.status == 130 && outcome.isRestored, "\(outcome.shown)")
    #expect(outcome.shown.contains("lockwise-sync: error: cancelled"), "\(outcome.shown)")
    #expect(home.local.scratch.hasVault == (index > 2))
    let plan = try home.sync("setup", "--dry-run").expectSuccess()
    for step in SetupTestHome.steps {
      #expect(plan.output.contains("\(step): set up already") == steps(before: index).contains(step), "\(plan.output)")
    }
    try home.sync("setup", "--yes", "--sign-in", "none").expectSuccess()
    try home.sync("setup", "--sudo").expectSuccess()
    let done = try home.sync("setup", "--yes", "--sign-in", "none").expectSuccess()
    for step in SetupTestHome.steps { #expect(done.output.contains("\(step): set up already"), "\(done.output)") }
    try home.sync("unsetup").expectSuccess()
    #expect(try home.tree() == before)
  }

  @Test(arguments: SetupTestHome.questions.indices) func isUndoneAfterItWasKilled(at index: Int) throws {
    let terminal = try terminal(before: index)
    let program = try #require(terminal.program)
    kill(program, index % 2 == 0 ? SIGKILL : SIGTERM)
    let outcome = try terminal.finish()
    #expect(outcome.status == (index % 2 == 0 ? 137 : index > 2 ? 143 : outcome.status), "\(outcome.shown)")
    let plan = try home.sync("unsetup", "--dry-run").expectSuccess()
    for step in SetupTestHome.steps {
      #expect(plan.output.contains("\(step): ") == steps(before: index).contains(step), "\(plan.output)")
    }
    try home.sync("unsetup").expectSuccess()
    #expect(try home.tree() == before)
  }

  /// Kills it at each file that it replaces or removes and at each folder that it makes.
  @Test(arguments: ["rename", "unlink", "mkdir"]) func isUndoneAfterItWasKilledAnywhere(call: String) throws {
    for number in 1... {
      let home = try SetupTestHome()
      let before = try home.tree()
      let run = try Self.run(["setup", "--yes", "--sign-in", "none"], in: home, killedAt: number, of: call)
      if run.ending == .exited(0) {
        #expect(number > 5, "\(run.error)")
        return
      }
      #expect(run.ending == .killed(signal: SIGKILL), "\(run.ending): \(run.error)")
      if number % 2 == 0 { try home.sync("setup", "--yes", "--sign-in", "none").expectSuccess() }
      try home.sync("unsetup").expectSuccess()
      let after = try home.tree()
      #expect(after == before, "\(call) \(number): \(Set(after.keys).symmetricDifference(before.keys))")
    }
  }

  /// The same while it is undone.
  @Test(arguments: ["rename", "unlink", "rmdir"]) func isUndoneAfterUndoingWasKilledAnywhere(call: String) throws {
    for number in 1... {
      let home = try SetupTestHome()
      let before = try home.tree()
      try home.sync("setup", "--yes", "--sign-in", "none").expectSuccess()
      let run = try Self.run(["unsetup"], in: home, killedAt: number, of: call)
      if run.ending != .exited(0) {
        #expect(run.ending == .killed(signal: SIGKILL), "\(run.ending): \(run.error)")
        try home.sync("unsetup").expectSuccess()
      }
      let after = try home.tree()
      #expect(after == before, "\(call) \(number): \(Set(after.keys).symmetricDifference(before.keys))")
      if run.ending == .exited(0) {
        #expect(number > 2, "\(run.error)")
        return
      }
    }
  }

  /// Runs `lockwise-sync`, and kills it when it makes a system call for this time. Programs that it runs are not killed.
  private static func run(
    _ arguments: [String], in home: SetupTestHome, killedAt number: Int, of call: String
  ) throws -> Run {
    try Run.program(
      Executables.ofSystem("strace"),
      [
        "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(number)",
        Executables.path("lockwise-sync"),
      ] + arguments, environment: home.environment)
  }
}
