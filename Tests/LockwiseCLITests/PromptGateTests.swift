import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

/// Prompts of several processes that work for one command of a host.
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

  /// A folder for the file of outcomes, and a clock.
  private final class GateFixture {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gate-\(UUID().uuidString)")
    var now: Seconds = 1000

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func gate(_ command: ProcessIdentity?, _ permitted: PromptScope = .anywhere) -> PromptGate {
      PromptGate(
        permitted: permitted, directory: VaultDirectory(path: folder.path),
        clock: { [unowned self] in now }, command: { command })
    }
  }

  /// A prompt may have been open for long before the user cancelled.
  @Test func theFiveMinutesBeginWhenThePromptIsCancelled() throws {
    let fixture = try GateFixture()
    do {
      let first = fixture.gate(fetch)
      #expect(first.scope() == .anywhere)
      fixture.now = 1100
      first.recordDeclined(wasCancelled: true)
    }
    fixture.now = 1399
    let second = fixture.gate(fetch)
    #expect(second.scope() == .nowhere && second.isDeclined)
    #expect(fixture.gate(ProcessIdentity(id: 101, start: 7)).scope() == .anywhere, "another command has its own turn")
    fixture.now = 1400
    #expect(second.scope() == .anywhere)
  }

  /// An editor that fetches every few minutes does not open a window each time.
  @Test func aCancelledPromptKeepsEveryCommandFromOpeningAWindow() throws {
    let fixture = try GateFixture()
    let other = ProcessIdentity(id: 101, start: 7)
    #expect(fixture.gate(other, .window).scope() == .window)
    fixture.gate(fetch, .window).recordDeclined(wasCancelled: true)
    fixture.now = 1299
    do {
      // It waits for its own turn while this one lasts.
      let gate = fixture.gate(other, .window)
      #expect(gate.scope() == .nowhere && !gate.isDeclined)
    }
    #expect(fixture.gate(nil, .window).scope() == .nowhere)
    fixture.now = 1300
    #expect(fixture.gate(other, .window).scope() == .window)
    fixture.gate(nil, .window).recordDeclined(wasCancelled: true)
    #expect(fixture.gate(other, .window).scope() == .nowhere)
  }

  @Test func wrongPassphrasesOfOneCommandDoNotSilenceAnother() throws {
    let fixture = try GateFixture()
    fixture.gate(fetch, .window).recordDeclined(wasCancelled: false)
    let gate = fixture.gate(fetch, .window)
    #expect(gate.scope() == .nowhere && !gate.isDeclined)
    #expect(fixture.gate(ProcessIdentity(id: 101, start: 7), .window).scope() == .window)
  }

  /// What `store` and `erase` find out about the `get` of their git command.
  @Test func anUnkeptKeyIsRememberedForItsCommandOnly() throws {
    let fixture = try GateFixture()
    #expect(fixture.gate(fetch).unkept == nil)
    fixture.gate(fetch).recordUnkept(isAnswered: true)
    #expect(fixture.gate(fetch).unkept == .answered)
    #expect(fixture.gate(ProcessIdentity(id: 101, start: 7)).unkept == nil)
    fixture.gate(fetch).recordUnkept(isAnswered: false)
    #expect(fixture.gate(fetch).unkept == .missed)
    // What was missed once may be what is stored now.
    fixture.gate(fetch).recordUnkept(isAnswered: true)
    #expect(fixture.gate(fetch).unkept == .missed)
    #expect(fixture.gate(fetch).scope() == .anywhere)
    fixture.gate(nil).recordUnkept(isAnswered: true)
    #expect(fixture.gate(nil).unkept == nil)
    fixture.gate(fetch).recordDeclined(wasCancelled: true)
    #expect(fixture.gate(fetch).unkept == nil)
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
