import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Key slots: adding, removing and replacing them, and changed slots.
@Suite struct SlotTests {
  private let keyFile = SecretBytes(copying: [UInt8](0..<32))

  private func slot(_ word: String) -> NewKeySlot {
    NewKeySlot(source: .passphrase, credential: SecretBytes(utf8: word), cost: TestVault.cost)
  }

  /// Returns whether any slot of the file opens with a credential.
  private func opens(_ test: TestVault, _ credential: SecretBytes) throws -> Bool {
    let file = try VaultFile(in: test.directory, access: .reading)
    for slot in try file.slots() where (try? file.unlock(slot, with: credential)) != nil { return true }
    return false
  }

  @Test func slotsAreAddedAndRemovedExceptTheLast() throws {
    let test = try TestVault(logins: 1)
    #expect(throws: VaultError.lastSlot) { try test.vault.removeSlot(id: 0) }
    let added = try test.vault.addSlot(NewKeySlot(source: .keyFile(path: "/key"), credential: keyFile))
    #expect(added.id == 1)
    #expect(try test.vault.slots().map(\.source) == [.passphrase, .keyFile(path: "/key")])
    #expect(try opens(test, keyFile))
    #expect(throws: VaultError.noSuchSlot(id: 7)) { try test.vault.removeSlot(id: 7) }
    try test.vault.removeSlot(id: 0)
    #expect(try !opens(test, TestVault.passphrase) && opens(test, keyFile))
    #expect(throws: VaultError.lastSlot) { try test.vault.removeSlot(id: 1) }
    #expect(try test.vault.loginCount() == 1)
  }

  @Test func replacingASlotIsOneChange() throws {
    let test = try TestVault()
    try test.vault.addSlot(slot("other"))
    let bad = NewKeySlot(source: .keyFile(path: "/short"), credential: SecretBytes(utf8: "short"))
    #expect(throws: VaultError.self) { try test.vault.replaceSlot(id: 0, with: bad) }
    #expect(try opens(test, TestVault.passphrase) && !opens(test, SecretBytes(utf8: "new")))
    #expect(throws: VaultError.noSuchSlot(id: 7)) { try test.vault.replaceSlot(id: 7, with: slot("new")) }
    let replaced = try test.vault.replaceSlot(id: 0, with: slot("new"))
    #expect(replaced.id == 2, "the number of an earlier slot was used again")
    #expect(try !opens(test, TestVault.passphrase) && opens(test, SecretBytes(utf8: "new")))
    #expect(try opens(test, SecretBytes(utf8: "other")))
  }

  /// A session's keys include the vault key, so they suffice.
  @Test func aSessionAddsSlots() throws {
    let test = try TestVault()
    let keys = try #require(VaultKeys(session: test.vault.session))
    try VaultFile(in: test.directory, access: .writing).unlock(with: keys).addSlot(slot("added"))
    #expect(try opens(test, SecretBytes(utf8: "added")))
  }

  @Test func aRestoredSlotDoesNotOpen() throws {
    let test = try TestVault()
    try test.vault.addSlot(slot("lost"))
    let removed = try RawVault(test.directory).rows().filter { $0.table == "slots" && $0.key == "1" }
    try test.vault.removeSlot(id: 1)
    for row in removed { try RawVault(test.directory).put(row) }
    let file = try VaultFile(in: test.directory, access: .reading)
    #expect(try file.slots().count == 2)
    #expect(throws: VaultError.damaged(part: "key slot 1")) {
      try file.unlock(file.slots()[1], with: SecretBytes(utf8: "lost"))
    }
    #expect(throws: VaultError.damaged(part: "key slots")) { try test.reopen().slots() }
  }

  /// The wrapped key of a removed slot is not left in the file or its log.
  @Test func aRemovedSlotLeavesNothing() throws {
    let test = try TestVault()
    try test.vault.addSlot(slot("lost"))
    let row = try #require(try RawVault(test.directory).rows().first { $0.table == "slots" && $0.key == "1" })
    let wrapped = Data(row.bytes[32..<92])
    func isFound() throws -> Bool {
      try ["", "-wal"].contains { suffix in
        try Data(contentsOf: URL(fileURLWithPath: test.directory.vaultFile + suffix)).range(of: wrapped) != nil
      }
    }
    #expect(try isFound())
    try test.vault.removeSlot(id: 1)
    #expect(try !isFound())
  }

  @Test func slotsAreFewAndTheirWorkIsBounded() throws {
    let test = try TestVault()
    for number in 1..<KeySlot.maximumCount { try test.vault.addSlot(slot("\(number)")) }
    #expect(throws: VaultError.tooManySlots) { try test.vault.addSlot(slot("one more")) }
    #expect(try test.vault.slots().count == 8)
    let half = Scrypt.Parameters(cost: 4, blockSize: 1 << 20, parallelism: 1)
    let costly = NewKeySlot(source: .passphrase, credential: SecretBytes(utf8: "b"), cost: half)
    #expect(half.isAcceptable, "each slot alone is within the bound")
    let directory = TestVault.freshDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory.path) }
    #expect(throws: VaultError.tooManySlots) {
      try VaultFile.create(in: directory, slots: [costly, costly, costly], documents: [:], random: SystemRandom())
    }
    #expect(!directory.hasVault)
  }

  /// A slot is not authenticated before unwrapping, and each attempt costs its work.
  @Test func theWorkOfAllSlotsInAFileIsBounded() throws {
    let test = try TestVault()
    let raw = try RawVault(test.directory)
    let row = try #require(try raw.rows().first { $0.table == "slots" })
    let text = String(decoding: row.bytes[92...], as: UTF8.self)
    for id in 1...3 {
      let costly = text.replacingOccurrences(of: #""id":0"#, with: #""id":\#(id)"#)
        .replacingOccurrences(
          of: #""cost":2,"block":1,"parallel":1"#, with: #""cost":131072,"block":8,"parallel":4"#)
      let bytes = try VaultSchema.withDigest(Array(row.bytes[32..<92]) + Array(costly.utf8))
      try raw.put(.init(table: "slots", key: "\(id)", bytes: bytes))
    }
    let slots = try VaultFile(in: test.directory, access: .reading).slots()
    #expect(slots.map(\.id) == [0, 1], "each alone is acceptable, but not all together")
    #expect(slots.map(\.work).reduce(0, +) <= KeySlot.maximumTotalWork)
  }

  @Test(arguments: [(31, false), (32, true)]) func aKeyFileHoldsAtLeast32Bytes(count: Int, isAccepted: Bool) throws {
    let test = try TestVault()
    let slot = NewKeySlot(
      source: .keyFile(path: "/key"), credential: SecretBytes(copying: [UInt8](repeating: 7, count: count)))
    if isAccepted {
      try test.vault.addSlot(slot)
    } else {
      #expect(throws: VaultError.badKeySource(reason: "the key file holds fewer than 32 bytes")) {
        try test.vault.addSlot(slot)
      }
    }
    #expect(try test.vault.slots().count == (isAccepted ? 2 : 1))
  }

  private static let refusedCosts: [[Int]] = [
    [1, 8, 1], [0, 8, 1], [3, 8, 1], [131_072, 8, 0], [131_072, 0, 1], [131_072, 8, 5], [1_048_576, 8, 1],
    [2, 1, 4_194_304], [2, 4_194_304, 1], [Int.max / 2 + 1, 4, 1], [Int.max / 2 + 1, Int.max, Int.max],
    [131_073, 8, 1],
  ]

  @Test(arguments: refusedCosts)
  func scryptBeyondItsBoundIsRefusedAtOnce(cost: [Int]) throws {
    let parameters = Scrypt.Parameters(
      cost: UInt64(cost[0]), blockSize: UInt64(cost[1]), parallelism: UInt64(cost[2]))
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(throws: CryptoError.invalidParameters) {
        try Scrypt.deriveKey(password: SecretBytes(utf8: "p"), salt: [1], parameters: parameters, count: 32)
      }
    }
    #expect(time < .milliseconds(200))
    #expect(!parameters.isAcceptable)
  }

  @Test func theDefaultCostIsAcceptable() {
    #expect(KeySlot.defaultCost == .init(cost: 131_072, blockSize: 8, parallelism: 1))
    #expect(KeySlot.defaultCost.isAcceptable)
    let most = Scrypt.Parameters(cost: 1 << 17, blockSize: 8, parallelism: 4)
    #expect(most.isAcceptable && most.work == 1 << 22)
  }

  /// A text in a slot and an attacker's replacement.
  private struct Change {
    let source: KeySlot.Source
    let from: String
    let to: String

    init(_ source: KeySlot.Source, _ from: String, _ to: String) {
      self.source = source
      self.from = from
      self.to = to
    }
  }

  /// All of a slot's text is authenticated with its wrapped key. Each change has a matching digest, as an attacker
  /// would make it.
  @Test func eachFieldOfASlotIsAuthenticated() throws {
    let digest = String(repeating: "01", count: 32)
    let (key, command) = (
      KeySlot.Source.keyFile(path: "/a/key"), KeySlot.Source.command(digest: Hex.decode(digest) ?? [])
    )
    let scrypt = #""cost":2,"block":1,"parallel":1"#
    let changes: [Change] = [
      Change(.passphrase, #""cost":2,"#, #""cost":4,"#),
      Change(.passphrase, #""block":1,"#, #""block":2,"#),
      Change(.passphrase, #""parallel":1,"#, #""parallel":2,"#),
      Change(.passphrase, #""kind":"passphrase""#, #""kind":"key-file","path":"/x""#),
      Change(.passphrase, #""salt":""#, #""salt" :""#),
      Change(.passphrase, "}", #","further":1}"#),
      Change(key, "/a/key", "/b/key"),
      Change(key, #""kind":"key-file","path":"/a/key""#, #""kind":"passphrase","# + scrypt),
      Change(command, "0101", "0102"),
      Change(command, #""kind":"command","digest":""# + digest + "\"", #""kind":"passphrase""#),
    ]
    for change in changes {
      let directory = TestVault.freshDirectory()
      defer { try? FileManager.default.removeItem(atPath: directory.path) }
      _ = try VaultFile.create(
        in: directory, slots: [NewKeySlot(source: change.source, credential: keyFile, cost: TestVault.cost)],
        documents: [:], random: SystemRandom())
      let raw = try RawVault(directory)
      let row = try #require(try raw.rows().first { $0.table == "slots" })
      let text = String(decoding: row.bytes[92...], as: UTF8.self)
      let changed = text.replacingOccurrences(of: change.from, with: change.to)
      #expect(changed != text, "\(change)")
      let bytes = try VaultSchema.withDigest(Array(row.bytes[32..<92]) + Array(changed.utf8))
      try raw.put(.init(table: "slots", key: "0", bytes: bytes))
      #expect {
        let file = try VaultFile(in: directory, access: .reading)
        for slot in try file.slots() { _ = try file.unlock(slot, with: keyFile) }
      } throws: { error in
        switch error as? VaultError {
        case .wrongKey, .damaged: true
        default: false
        }
      }
    }
  }
}
