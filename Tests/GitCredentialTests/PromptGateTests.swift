import Foundation
import LockwiseCore
import Testing

@testable import git_credential_lockwise

/// Whether a person may be asked.
@Suite struct PromptGateTests {
  @Test(
    arguments: [
      ([:], true), (["GIT_TERMINAL_PROMPT": "1"], true), (["GIT_TERMINAL_PROMPT": "true"], true),
      (["GIT_TERMINAL_PROMPT": "0"], false), (["GIT_TERMINAL_PROMPT": "false"], false),
      (["GIT_TERMINAL_PROMPT": ""], false),
      (["GIT_ASKPASS": "/usr/share/code/askpass.sh"], false), (["GIT_ASKPASS": ""], true),
      (["SSH_ASKPASS": "/usr/bin/ssh-askpass"], true), (["GIT_ASKPASS": "x", "GIT_TERMINAL_PROMPT": "1"], false),
    ] as [([String: String], Bool)])
  func isAPersonThere(variables: [String: String], expected: Bool) {
    #expect(PromptGate.isPersonThere(Environment(variables)) == expected)
  }

  private let fetch = ProcessIdentity(id: 100, start: 5)

  @Test func aNoIsGoodForAWhileAndForOneCommand() {
    var prompts = DeclinedPrompts(text: [])
    prompts.note(fetch, wasCancelled: true, now: 1000)
    let read = DeclinedPrompts(text: Array(prompts.text.utf8))
    #expect(read == prompts)
    #expect(read.entry(of: fetch, now: 1000)?.wasCancelled == true)
    #expect(read.entry(of: fetch, now: 1029) != nil)
    #expect(read.entry(of: fetch, now: 1030) == nil)
    #expect(read.entry(of: fetch, now: 999) == nil, "the clock was set back")
    // The same id, another process; another command.
    #expect(read.entry(of: ProcessIdentity(id: 100, start: 6), now: 1001) == nil)
    #expect(read.entry(of: ProcessIdentity(id: 101, start: 5), now: 1001) == nil)
  }

  /// A prompt may have been open for long before somebody said no.
  @Test func theWhileBeginsWithTheNo() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    var now: Int64 = 1000
    func gate(_ command: ProcessIdentity) -> PromptGate {
      PromptGate(
        environment: Environment([:]), directory: VaultDirectory(path: folder.path), clock: { now },
        command: { command })
    }
    do {
      let first = gate(fetch)
      #expect(first.mayAsk())
      now = 1100
      first.noteDeclined(wasCancelled: true)
    }
    now = 1129
    let second = gate(fetch)
    #expect(!second.mayAsk() && second.isDeclined)
    #expect(gate(ProcessIdentity(id: 101, start: 7)).mayAsk(), "another command waits for its own turn only")
    now = 1130
    #expect(second.mayAsk())
  }

  @Test func itDoesNotGrow() {
    var prompts = DeclinedPrompts(text: [])
    for id in 0..<100 { prompts.note(ProcessIdentity(id: id, start: 1), wasCancelled: false, now: 1000) }
    #expect(prompts.entries.count == 16)
    #expect(prompts.entry(of: ProcessIdentity(id: 99, start: 1), now: 1000)?.wasCancelled == false)
    prompts.note(fetch, wasCancelled: true, now: 2000)
    #expect(prompts.entries.count == 1)
  }

  @Test(arguments: [
    "", "\n\n", "100 5 1000", "100 5 1000 x", "a b c d", "100 -5 1000 c", "\u{0}\u{0}", "100 5 1000 c d",
  ])
  func nonsenseIsLeftOut(text: String) { #expect(DeclinedPrompts(text: Array(text.utf8)).entries.isEmpty) }
}
