import Foundation
import LockwiseCore
import Testing

@testable import git_credential_lockwise

/// Where the user may be asked for the passphrase.
@Suite struct PromptGateTests {
  @Test(
    arguments: [
      ([:], .anywhere), (["GIT_TERMINAL_PROMPT": "1"], .anywhere), (["GIT_TERMINAL_PROMPT": "true"], .anywhere),
      (["GIT_TERMINAL_PROMPT": "0"], .nowhere), (["GIT_TERMINAL_PROMPT": "false"], .nowhere),
      (["GIT_TERMINAL_PROMPT": ""], .nowhere), (["GIT_ASKPASS": "/usr/share/code/askpass.sh"], .nowhere),
      (["GIT_ASKPASS": ""], .anywhere), (["SSH_ASKPASS": "/usr/bin/ssh-askpass"], .anywhere),
      (["GIT_ASKPASS": "x", "GIT_TERMINAL_PROMPT": "1"], .nowhere), (["DISPLAY": ":0"], .anywhere),
      (["GIT_ASKPASS": "x", "DISPLAY": ":0"], .window), (["GIT_TERMINAL_PROMPT": "0", "DISPLAY": ":0"], .window),
      (["GIT_TERMINAL_PROMPT": "0", "WAYLAND_DISPLAY": "wayland-0"], .window),
      (["GIT_TERMINAL_PROMPT": "0", "DISPLAY": ""], .nowhere),
    ] as [([String: String], PromptScope)])
  func gitsSettingsForbidTheTerminalOnly(variables: [String: String], expected: PromptScope) {
    #expect(PromptGate.scope(Environment(variables)) == expected)
  }

  private let fetch = ProcessIdentity(id: 100, start: 5)

  @Test func aCancelledPromptAppliesForFiveMinutes() {
    var prompts = DeclinedPrompts(text: [])
    prompts.record(.cancelled, of: fetch, now: 1000)
    let read = DeclinedPrompts(text: Array(prompts.text.utf8))
    #expect(read == prompts)
    #expect(read.outcome(of: fetch, now: 1000) == .cancelled)
    #expect(read.outcome(of: fetch, now: 1299) != nil && read.wasCancelled(now: 1299))
    #expect(read.outcome(of: fetch, now: 1300) == nil && !read.wasCancelled(now: 1300))
    #expect(read.outcome(of: fetch, now: 999) == nil && !read.wasCancelled(now: 999), "the clock was set back")
    // The same id, another process; another command.
    #expect(read.outcome(of: ProcessIdentity(id: 100, start: 6), now: 1001) == nil)
    #expect(read.outcome(of: ProcessIdentity(id: 101, start: 5), now: 1001) == nil)
  }

  /// A folder for the file of outcomes, and a clock.
  private final class Desk {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gate-\(UUID().uuidString)")
    var now: Int64 = 1000

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func gate(_ command: ProcessIdentity?, _ variables: [String: String] = [:]) -> PromptGate {
      PromptGate(
        environment: Environment(variables), directory: VaultDirectory(path: folder.path),
        clock: { [unowned self] in now }, command: { command })
    }
  }

  /// A prompt may have been open for long before the user cancelled.
  @Test func theFiveMinutesBeginWhenThePromptIsCancelled() throws {
    let desk = try Desk()
    do {
      let first = desk.gate(fetch)
      #expect(first.scope() == .anywhere)
      desk.now = 1100
      first.recordDeclined(wasCancelled: true)
    }
    desk.now = 1399
    let second = desk.gate(fetch)
    #expect(second.scope() == .nowhere && second.isDeclined)
    #expect(desk.gate(ProcessIdentity(id: 101, start: 7)).scope() == .anywhere, "another command has its own turn")
    desk.now = 1400
    #expect(second.scope() == .anywhere)
  }

  /// An editor that fetches every few minutes does not open a window each time.
  @Test func aCancelledPromptKeepsEveryCommandFromOpeningAWindow() throws {
    let desk = try Desk()
    let window = ["GIT_ASKPASS": "x", "DISPLAY": ":0"]
    let other = ProcessIdentity(id: 101, start: 7)
    #expect(desk.gate(other, window).scope() == .window)
    desk.gate(fetch, window).recordDeclined(wasCancelled: true)
    desk.now = 1299
    do {
      // It waits for its own turn while this one lasts.
      let gate = desk.gate(other, window)
      #expect(gate.scope() == .nowhere && !gate.isDeclined)
    }
    #expect(desk.gate(nil, window).scope() == .nowhere)
    desk.now = 1300
    #expect(desk.gate(other, window).scope() == .window)
    desk.gate(nil, window).recordDeclined(wasCancelled: true)
    #expect(desk.gate(other, window).scope() == .nowhere)
  }

  @Test func wrongPassphrasesOfOneCommandDoNotSilenceAnother() throws {
    let desk = try Desk()
    let window = ["GIT_ASKPASS": "x", "DISPLAY": ":0"]
    desk.gate(fetch, window).recordDeclined(wasCancelled: false)
    let gate = desk.gate(fetch, window)
    #expect(gate.scope() == .nowhere && !gate.isDeclined)
    #expect(desk.gate(ProcessIdentity(id: 101, start: 7), window).scope() == .window)
  }

  /// What `store` and `erase` find out about the `get` of their git command.
  @Test func anUnkeptKeyIsRememberedForItsCommandOnly() throws {
    let desk = try Desk()
    #expect(desk.gate(fetch).unkept == nil)
    desk.gate(fetch).recordUnkept(isAnswered: true)
    #expect(desk.gate(fetch).unkept == .answered)
    #expect(desk.gate(ProcessIdentity(id: 101, start: 7)).unkept == nil)
    desk.gate(fetch).recordUnkept(isAnswered: false)
    #expect(desk.gate(fetch).unkept == .missed)
    // What was missed once may be what is stored now.
    desk.gate(fetch).recordUnkept(isAnswered: true)
    #expect(desk.gate(fetch).unkept == .missed)
    #expect(desk.gate(fetch).scope() == .anywhere)
    desk.gate(nil).recordUnkept(isAnswered: true)
    #expect(desk.gate(nil).unkept == nil)
    desk.gate(fetch).recordDeclined(wasCancelled: true)
    #expect(desk.gate(fetch).unkept == nil)
  }

  @Test func itDoesNotGrow() {
    var prompts = DeclinedPrompts(text: [])
    for id in 0..<100 { prompts.record(.wrong, of: ProcessIdentity(id: id, start: 1), now: 1000) }
    #expect(prompts.entries.count == 16)
    #expect(prompts.outcome(of: ProcessIdentity(id: 99, start: 1), now: 1000) == .wrong)
    prompts.record(.cancelled, of: fetch, now: 2000)
    #expect(prompts.entries.count == 1)
  }

  @Test(arguments: [
    "", "\n\n", "100 5 1000", "100 5 1000 x", "a b c d", "100 -5 1000 c", "\u{0}\u{0}", "100 5 1000 c d",
  ])
  func nonsenseIsLeftOut(text: String) { #expect(DeclinedPrompts(text: Array(text.utf8)).entries.isEmpty) }
}
