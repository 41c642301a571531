import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// `pass show` with names that are near others, in a pipe and at a terminal: it never prints another password.
@Suite(.serialized) struct PassLookupTests {
  @Test func nothingIsGuessedInAPipe() throws {
    let home = try PassHome(LookupTable.records())
    for (name, meaning) in LookupTable.rows {
      let run = try home.pass(["show", "--", name])
      check(run.output, run.status, name, meaning)
      if meaning == .none { #expect(run.output.isEmpty && !run.error.contains("pw-"), "\(name)") }
    }
  }

  @Test func nothingIsGuessedAtATerminal() throws {
    let home = try PassHome(LookupTable.records())
    for (name, meaning) in LookupTable.rows {
      let end = try home.terminal(["show", "--", name]).finish()
      check(end.shown, end.status, name, meaning)
    }
  }

  private func check(_ shown: String, _ status: Int32?, _ name: String, _ meaning: LookupTable.Meaning) {
    let lines = shown.split { $0.isNewline }.map(String.init)
    switch meaning {
    case .login(let key):
      #expect(status == 0 && lines.first == "pw-" + key, "\(name): \(shown)")
    case .folder:
      #expect(status == 0 && !shown.contains("pw-"), "\(name): \(shown)")
    case .none:
      #expect(status == 1 && !shown.contains("pw-"), "\(name): \(shown)")
    }
  }
}
