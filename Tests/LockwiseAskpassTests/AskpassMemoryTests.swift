import LockwiseCLI
import LockwiseTestSupport
import Testing

@testable import LockwiseAskpass
@testable import LockwiseCore

@Suite struct AskpassMemoryTests {
  private func digest(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 16) }

  private func saved(_ number: Int, previous: String? = nil) -> AskpassMemory.Saved {
    AskpassMemory.Saved(
      question: digest(number), guid: "{\(number)}", login: digest(number + 100),
      previous: previous.map { SecretBytes(utf8: $0) })
  }

  @Test func isStoredInTheVault() throws {
    let vault = try TestVault()
    let editor = LoginEditor(vault: try vault.reopen(.writing), now: { 0 })
    #expect(try vault.reopen().askpassMemory() == AskpassMemory())
    try editor.changeAskpassMemory {
      $0.record(saved(1, previous: "\u{1}old \"ü\""))
      $0.record(saved(2))
      $0.setNever(true, digest(3))
      $0.record(SSHVersion(major: 9, minor: 2), of: "1:2:3")
    }
    let memory = try vault.reopen().askpassMemory()
    #expect(memory.saved == [saved(2), saved(1, previous: "\u{1}old \"ü\"")])
    #expect(memory.isNever(digest(3)) && !memory.isNever(digest(1)))
    #expect(memory.version(of: "1:2:3") == SSHVersion(major: 9, minor: 2))
    #expect(memory.version(of: "1:2:4") == nil)
    try editor.changeAskpassMemory {
      $0.removeSaved(for: digest(1))
      $0.removeSaved(for: digest(2))
      $0.setNever(false, digest(3))
    }
    #expect(try vault.reopen().askpassMemory().saved.isEmpty)
    #expect(try !vault.reopen().askpassMemory().isNever(digest(3)))
  }

  @Test func isBounded() {
    var memory = AskpassMemory()
    for number in 0..<200 {
      memory.record(saved(number % 256))
      memory.record(SSHVersion(major: 9, minor: number), of: "\(number)")
    }
    #expect(memory.saved.count == AskpassMemory.limit)
    #expect(memory.saved.first == saved(199))
    #expect(memory.version(of: "199") != nil && memory.version(of: "0") == nil)
  }

  @Test func replacesAnEntryOfTheSameQuestion() {
    var memory = AskpassMemory()
    memory.record(saved(1))
    memory.record(saved(1, previous: "old"))
    #expect(memory.saved == [saved(1, previous: "old")])
  }

  /// A document of a later version, or a damaged one.
  @Test(arguments: ["", "{}", "[]", #"{"saved":[{}],"never":["zz"],"clients":[{"file":1}]}"#, #"{"saved":1}"#])
  func ignoresInvalidEntries(text: String) {
    let memory = AskpassMemory(text: SecretBytes(utf8: text)) ?? AskpassMemory()
    #expect(memory.saved.isEmpty && memory.version(of: "1") == nil)
  }

  @Test func identifiesAQuestionByProcessTextAndBoot() throws {
    let vault = try TestVault().vault
    let process = ProcessIdentity(id: 7, start: 100)
    let question = try vault.question(Array("a".utf8), of: process, boot: [])
    #expect(try vault.question(Array("a".utf8), of: process, boot: []) == question)
    for other in [ProcessIdentity(id: 8, start: 100), ProcessIdentity(id: 7, start: 101)] {
      #expect(try vault.question(Array("a".utf8), of: other, boot: []) != question)
    }
    #expect(try vault.question(Array("b".utf8), of: process, boot: []) != question)
    // After a restart another process may have the same id and start time.
    #expect(try vault.question(Array("a".utf8), of: process, boot: [1]) != question)
    #expect(try TestVault().vault.question(Array("a".utf8), of: process, boot: []) != question)
  }
}
