import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// Commands that are killed at random points leave the old entry or the new one, never another, and a vault that opens.
///
/// `LOCKWISE_SWEEP=kills` sets the number of kills (80).
@Suite final class PassKillTests {
  private let home: PassHome

  init() throws { home = try PassHome() }

  /// A command, its input, and the names and bodies that it may leave.
  private struct Change {
    let arguments: [String]
    let input: String
    /// The name that the entry has before, and the one that it has after.
    let names: (old: String, new: String)
    let isDone: (String) -> Bool
  }

  private func change(_ kind: Int, _ number: Int, _ name: String, _ old: String) -> Change {
    switch kind {
    case 0:
      return Change(arguments: ["insert", "-mf", name], input: "pw \(number)\nnote \(number)\n", names: (name, name)) {
        $0 == "pw \(number)\nnote \(number)\n"
      }
    case 1:
      let notes = old.drop { $0 != "\n" }
      return Change(arguments: ["insert", "-ef", name], input: "line \(number)\n", names: (name, name)) {
        $0 == "line \(number)" + notes
      }
    case 2:
      let notes = old.drop { $0 != "\n" }
      return Change(arguments: ["generate", "-i", name, "12"], input: "", names: (name, name)) {
        $0 != old && $0.hasSuffix(notes) && $0.utf8.count == 12 + notes.utf8.count
      }
    default:
      return Change(
        arguments: ["mv", "-f", name, "Kill/moved \(number)"], input: "", names: (name, "Kill/moved \(number)")
      ) {
        $0 == old
      }
    }
  }

  @Test(.ownThread) func leavesTheOldEntryOrTheNewOne() throws {
    let wanted = ProcessInfo.processInfo.environment["LOCKWISE_SWEEP"].flatMap { Int($0) } ?? 80
    let seed = TestSeed.seed(for: "pass kills")
    var random = SeededGenerator(seed: seed)
    var (name, body) = ("Kill/entry", "first\nnote\n")
    try home.pass("insert", "-m", name, input: .text(body)).expectSuccess()
    var (kills, done, number) = (0, 0, 0)
    while kills < wanted, number < 20 * wanted {
      number += 1
      let change = change(Int.random(in: 0..<4, using: &random), number, name, body)
      let process = try RunningProgram(
        home.bin + "/pass", change.arguments, input: .text(change.input), environment: home.environment)
      usleep(UInt32.random(in: 0..<12_000, using: &random))
      if !process.hasEnded {
        process.signal(SIGKILL)
        kills += 1
      }
      _ = try process.finish()
      let logins = try home.logins()
      #expect(logins.count == 1, "seed \(seed), change \(number): \(change.arguments)")
      let now = try home.pass("show", change.names.new)
      if now.status == 0, change.isDone(now.output) {
        (name, body) = (change.names.new, now.output)
        done += 1
      } else {
        let before = try home.pass("show", change.names.old)
        #expect(before.output == body, "seed \(seed), change \(number): \(change.arguments)")
      }
    }
    print("pass: \(kills) kills, \(number) changes, \(done) done (seed \(seed))")
    #expect(kills == wanted && done > 0)
    #expect(try home.vault().outbox().count == 1)
  }
}
