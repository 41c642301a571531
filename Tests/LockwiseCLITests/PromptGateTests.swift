import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import git_credential_lockwise

/// The decision whether and where to prompt for the passphrase.
@Suite struct PromptGateTests {
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
    // Another process with the same id; another command.
    #expect(read.outcome(of: ProcessIdentity(id: 100, start: 6), now: 1001) == nil)
    #expect(read.outcome(of: ProcessIdentity(id: 101, start: 5), now: 1001) == nil)
  }

  /// A folder for the file of outcomes, with a clock.
  private final class Desk {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gate-\(UUID().uuidString)")
    var now: Int64 = 1000

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func gate(_ command: ProcessIdentity?, _ permitted: PromptScope = .anywhere) -> PromptGate {
      PromptGate(
        permitted: permitted, directory: VaultDirectory(path: folder.path),
        clock: { [unowned self] in now }, command: { command })
    }
  }

  /// A prompt may be open for a long time before the user cancels it.
  @Test func theFiveMinutesBeginAtTheCancelling() throws {
    let desk = try Desk()
    do {
      let first = fixture.gate(fetch)
      #expect(first.scope() == .anywhere)
      fixture.now = 1100
      first.recordDeclined(wasCancelled: true)
    }
    fixture.now = 1399
    let second = fixture.gate(fetch)
    #expect(second.scope() == .nowhere && second.isDeclined)
    #expect(desk.gate(ProcessIdentity(id: 101, start: 7)).scope() == .anywhere, "another command must prompt")
    desk.now = 1400
    #expect(second.scope() == .anywhere)
  }

  /// An editor that fetches every few minutes does not open a window each time.
  @Test func aCancelledPromptSuppressesPromptsOfAllCommands() throws {
    let desk = try Desk()
    let window = ["GIT_ASKPASS": "x", "DISPLAY": ":0"]
    let other = ProcessIdentity(id: 101, start: 7)
    #expect(fixture.gate(other, .window).scope() == .window)
    fixture.gate(fetch, .window).recordDeclined(wasCancelled: true)
    fixture.now = 1299
    do {
      // Another command waits until this prompt ends.
      let gate = desk.gate(other, window)
      #expect(gate.scope() == .nowhere && !gate.isDeclined)
    }
    #expect(fixture.gate(nil, .window).scope() == .nowhere)
    fixture.now = 1300
    #expect(fixture.gate(other, .window).scope() == .window)
    fixture.gate(nil, .window).recordDeclined(wasCancelled: true)
    #expect(fixture.gate(other, .window).scope() == .nowhere)
  }

  @Test func wrongPassphrasesSuppressOnlyTheirCommandsPrompts() throws {
    let desk = try Desk()
    let window = ["GIT_ASKPASS": "x", "DISPLAY": ":0"]
    desk.gate(fetch, window).recordDeclined(wasCancelled: false)
    let gate = desk.gate(fetch, window)
    #expect(gate.scope() == .nowhere && !gate.isDeclined)
    #expect(fixture.gate(ProcessIdentity(id: 101, start: 7), .window).scope() == .window)
  }

  /// The outcome of `get` that `store` and `erase` of the same git command read.
  @Test func anUnstorableKeyIsRememberedForItsCommandOnly() throws {
    let desk = try Desk()
    #expect(desk.gate(fetch).unkept == nil)
    desk.gate(fetch).recordUnkept(isAnswered: true)
    #expect(desk.gate(fetch).unkept == .answered)
    #expect(desk.gate(ProcessIdentity(id: 101, start: 7)).unkept == nil)
    desk.gate(fetch).recordUnkept(isAnswered: false)
    #expect(desk.gate(fetch).unkept == .missed)
    // A login that was missing before may be the one stored now.
    desk.gate(fetch).recordUnkept(isAnswered: true)
    #expect(desk.gate(fetch).unkept == .missed)
    #expect(desk.gate(fetch).scope() == .anywhere)
    desk.gate(nil).recordUnkept(isAnswered: true)
    #expect(desk.gate(nil).unkept == nil)
    desk.gate(fetch).recordDeclined(wasCancelled: true)
    #expect(desk.gate(fetch).unkept == nil)
  }

  @Test func sizeIsBounded() {
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
