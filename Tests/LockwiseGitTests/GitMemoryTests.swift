import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// The memory of `git-credential-lockwise`.
@Suite struct GitMemoryTests {
  private func digest(_ number: Int) -> [UInt8] {
    Array(repeating: UInt8(number & 255), count: 15) + [UInt8(number >> 8)]
  }

  private func refusal(_ number: Int, until: Seconds, since: Seconds) -> GitMemory.Refusal {
    .init(digest: digest(number), guid: "{\(number)}", origin: "https://h.example", since: since, until: until)
  }

  @Test func aRefusalExpires() {
    var memory = GitMemory()
    memory.recordRefusal(refusal(1, until: 200, since: 100))
    #expect(!memory.isRefused(digest(1), now: 99), "a refusal from the future applies")
    #expect(memory.isRefused(digest(1), now: 199))
    #expect(!memory.isRefused(digest(1), now: 200))
    #expect(!memory.isRefused(digest(2), now: 150))
    memory.removeRefusal(digest(1))
    #expect(memory.isEmpty)
  }

  @Test func theLastUseAtAPlaceApplies() {
    var memory = GitMemory()
    memory.recordUse("a", at: digest(1))
    memory.recordUse("b", at: digest(2))
    memory.recordUse("c", at: digest(1))
    #expect(memory.lastUsed(at: digest(1)) == "c")
    #expect(memory.lastUsed(at: digest(2)) == "b")
    #expect(memory.lastUsed(at: digest(3)) == nil)
  }

  @Test func sizeIsBounded() {
    var memory = GitMemory()
    for number in 0..<1000 {
      memory.recordRefusal(refusal(number, until: 200, since: 100))
      memory.setSingleSignOn(true, at: digest(number))
      memory.recordUse("login", at: digest(number))
    }
    #expect(memory.isRefused(digest(999), now: 150) && !memory.isRefused(digest(999 - GitMemory.limit), now: 150))
    #expect(memory.lastUsed(at: digest(0)) == nil)
    #expect(memory.text.count < 64 * 1024)
    // Expired entries are removed on the next write.
    memory.recordRefusal(refusal(1, until: 400, since: 300))
    #expect(memory.refusals.map(\.guid) == ["{1}"])
    #expect(memory.isSingleSignOn(at: digest(999)) && !memory.isSingleSignOn(at: digest(999 - GitMemory.limit)))
    #expect(!memory.isRefused(digest(999), now: 150))
  }

  @Test func valuesAreReadBack() {
    var memory = GitMemory()
    memory.recordRefusal(refusal(1, until: 200, since: 100))
    memory.recordUse("{guid}", at: digest(2))
    memory.setSingleSignOn(true, at: digest(3))
    #expect(GitMemory(text: memory.text) == memory)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"refused":5}"#, #"{"refused":[5,{},{"digest":"00","until":1}],"used":[{"place":"x"}]}"#,
    #"{"refused":[{"digest":"00112233445566778899aabbccddeeff","until":5}],"signOn":["00",5,{}]}"#,
  ])
  func nonsenseIsLeftOut(text: String) { #expect(GitMemory(text: SecretBytes(utf8: text))?.isEmpty ?? true) }

  @Test func singleSignOnCanBeRemoved() {
    var memory = GitMemory()
    memory.setSingleSignOn(true, at: digest(1))
    memory.setSingleSignOn(true, at: digest(1))
    #expect(memory.isSingleSignOn(at: digest(1)) && !memory.isSingleSignOn(at: digest(2)) && !memory.isEmpty)
    memory.setSingleSignOn(false, at: digest(1))
    #expect(!memory.isSingleSignOn(at: digest(1)) && memory.isEmpty)
  }

  @Test func theVaultSealsTheMemory() throws {
    let test = try TestVault(logins: 1)
    try test.vault.changeGitMemory { $0.recordUse("{guid-0}", at: digest(7)) }
    let vault = try test.reopen()
    #expect(try vault.gitMemory().lastUsed(at: digest(7)) == "{guid-0}")
    #expect(try vault.loginCount() == 1)
    // An empty memory has no document.
    try test.vault.setDocument(.gitMemory, to: nil)
    #expect(try test.reopen().gitMemory().isEmpty)
    #expect(try !test.reopen().documentNames().contains(.gitMemory))
  }

  @Test func nothingIsWrittenWithoutAChange() throws {
    let test = try TestVault(logins: 1)
    try test.vault.changeGitMemory { _ in }
    #expect(throws: VaultError.readOnly) {
      try test.reopen(.reading).changeGitMemory { $0.recordUse("a", at: digest(1)) }
    }
    #expect(try test.reopen().gitMemory().isEmpty)
  }

  @Test func digestsOfDifferentThingsDiffer() throws {
    let vault = try TestVault().vault
    func digest(_ purpose: KeyedDigest.Purpose, _ parts: String...) throws -> [UInt8] {
      try vault.digest(purpose, parts.map { SecretBytes(utf8: $0) })
    }
    let digests = [
      try digest(.answer, "ab", "c"), try digest(.answer, "a", "bc"), try digest(.answer, "abc"),
      try digest(.refusal, "abc"), try digest(.place, "abc"), try digest(.answer, "abc", ""),
      try TestVault().vault.digest(.answer, [SecretBytes(utf8: "abc")]),
    ]
    #expect(Set(digests).count == digests.count)
    #expect(try digest(.answer, "ab", "c") == digests[0] && digests[0].count == KeyedDigest.byteCount)
  }
}
