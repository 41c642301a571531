import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

@Suite struct VaultTests {
  @Test func storesFindsReplacesAndRemoves() throws {
    let test = try TestVault(logins: 200)
    #expect(try test.reopen().loginCount() == 200)
    #expect(try test.passwords(at: "https://host7.example/some/path") == ["password 7"])
    #expect(try test.passwords(at: "https://host200.example") == [])
    #expect(try test.reopen().logins(atHost: "host7.example").count == 1)
    #expect(try test.reopen().login(guid: "{guid-9}")?.username == "user9")

    let update = try test.vault.beginMirrorUpdate()
    try update.store(TestVault.login(7, password: "changed"))
    try update.store(TestVault.login(8, origin: "https://moved.example"))
    try update.remove(guid: "{guid-9}")
    try update.remove(guid: "{never-there}")
    #expect(try test.passwords(at: "https://host7.example") == ["password 7"], "seen before the commit")
    try update.commit()

    #expect(try test.reopen().loginCount() == 199)
    #expect(try test.passwords(at: "https://host7.example") == ["changed"])
    #expect(try test.passwords(at: "https://host8.example") == [])
    #expect(try test.passwords(at: "https://moved.example") == ["password 8"])
    #expect(try test.reopen().login(guid: "{guid-9}") == nil)
    #expect(try test.passwords(at: "https://host9.example") == [])
  }

  @Test func anUncommittedUpdateChangesNothing() throws {
    let test = try TestVault(logins: 3)
    do {
      let update = try test.vault.beginMirrorUpdate()
      try update.removeAll()
      try update.store(TestVault.login(50))
      try update.setDocument(.syncState, to: SecretBytes(utf8: "{}"))
    }
    #expect(try test.reopen().loginCount() == 3)
    #expect(try test.passwords(at: "https://host50.example") == [])
    #expect(try test.reopen().document(.syncState) == nil)
  }

  @Test func removeAllThenStoreKeepsOnlyTheNew() throws {
    let test = try TestVault(logins: 40)
    let update = try test.vault.beginMirrorUpdate()
    try update.removeAll()
    try update.store(TestVault.login(1, password: "again"))
    try update.commit()
    #expect(try test.reopen().loginCount() == 1)
    #expect(try test.passwords(at: "https://host1.example") == ["again"])
    #expect(try test.passwords(at: "https://host2.example") == [])
  }

  @Test func theIndexStaysCompleteWhenItGrows() throws {
    let test = try TestVault(logins: 3000)
    #expect(try test.vault.summary().layout.bits > BucketLayout.smallest.bits)
    for number in [0, 1, 1499, 2999] {
      #expect(try test.passwords(at: "https://host\(number).example") == ["password \(number)"])
    }
    var seen = 0
    try test.reopen().forEachLogin { _ in seen += 1 }
    #expect(seen == 3000)
  }

  /// Random stores, moves and removals in several updates, compared with a dictionary.
  @Test func agreesWithADictionary() throws {
    let test = try TestVault()
    var generator = TestSeed.generator()
    var model: [Int: String] = [:]
    for round in 0..<12 {
      let update = try test.vault.beginMirrorUpdate()
      if round == 6 {
        try update.removeAll()
        model = [:]
      }
      for _ in 0..<150 {
        let number = Int.random(in: 0..<120, using: &generator)
        if Bool.random(using: &generator) {
          let origin = "https://shared\(Int.random(in: 0..<20, using: &generator)).example"
          try update.store(TestVault.login(number, origin: origin))
          model[number] = origin
        } else {
          try update.remove(guid: "{guid-\(number)}")
          model[number] = nil
        }
      }
      try update.commit()
      let vault = try test.reopen()
      #expect(try vault.loginCount() == model.count)
      for number in 0..<120 {
        #expect(try vault.login(guid: "{guid-\(number)}")?.origin == model[number])
      }
      for host in 0..<20 {
        let origin = "https://shared\(host).example"
        let found = try vault.logins(at: #require(Origin(origin))).map(\.guid).sorted()
        #expect(found == model.filter { $0.value == origin }.map { "{guid-\($0.key)}" }.sorted())
      }
      let summary = try vault.summary()
      #expect(summary.entries == model.count * 3)
    }
  }

  @Test func recordsAreKeptByteForByte() throws {
    let test = try TestVault()
    let text =
      #"{ "id":"x", "hostname":"https://a.example","httpRealm":"","password":"p","n":1.50e1,"o":{"b":[ ]}}"#
    let update = try test.vault.beginMirrorUpdate()
    try update.store(LoginRecord(json: SecretBytes(utf8: text), bsoID: "x"))
    try update.commit()
    #expect(try test.reopen().login(guid: "x")?.json.exposedText() == text)
  }

  @Test func recordsAreSetAsideAndRemoved() throws {
    let test = try TestVault(logins: 2)
    let update = try test.vault.beginMirrorUpdate()
    try update.setAside(SetAsideRecord(id: "{guid-0}", reason: "bad", modified: 12), replacesLogin: false)
    try update.setAside(SetAsideRecord(id: "{guid-1}", reason: "worse", modified: 13), replacesLogin: true)
    try update.setAside(
      SetAsideRecord(id: "{guid-0}", reason: "still bad", modified: 14), replacesLogin: false)
    try update.commit()
    #expect(try test.reopen().setAsideRecords().map(\.reason).sorted() == ["still bad", "worse"])
    #expect(try test.reopen().loginCount() == 1)
    let second = try test.vault.beginMirrorUpdate()
    try second.store(TestVault.login(0))
    try second.remove(guid: "{guid-1}")
    try second.commit()
    #expect(try test.reopen().setAsideRecords() == [])
  }

  @Test func aSlotOpensWithItsOwnCredentialOnly() throws {
    let test = try TestVault()
    let file = try VaultFile(in: test.directory, access: .reading)
    let slot = try file.slots()[0]
    #expect(throws: VaultError.wrongKey) { try file.unlock(slot, with: SecretBytes(utf8: "wrong")) }
    #expect(throws: VaultError.wrongKey) { try file.unlock(slot, with: SecretBytes(utf8: "")) }
    #expect(try file.unlock(slot, with: TestVault.passphrase).loginCount() == 0)
  }

  @Test func anExistingVaultIsNotReplaced() throws {
    let test = try TestVault(logins: 1)
    #expect(throws: VaultError.exists(directory: test.directory.path)) {
      try VaultFile.create(
        in: test.directory,
        slots: [NewKeySlot(source: .passphrase, credential: TestVault.passphrase, cost: TestVault.cost)],
        documents: [:], random: SystemRandom())
    }
    #expect(try test.reopen().loginCount() == 1)
  }

  @Test(arguments: [0o750, 0o701, 0o707])
  func aDirectoryThatOthersMayUseIsRefused(mode: Int) throws {
    let test = try TestVault()
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: test.directory.path)
    #expect {
      try VaultFile(in: test.directory, access: .reading)
    } throws: { error in
      if case VaultError.insecure = error { true } else { false }
    }
  }

  @Test(arguments: ["", "-wal", "-shm"])
  func aFileThatOthersMayReadIsRefused(suffix: String) throws {
    let test = try TestVault(logins: 1)
    let path = test.directory.vaultFile + suffix
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    #expect {
      try VaultFile(in: test.directory, access: .reading)
    } throws: { error in
      if case VaultError.insecure(path, _) = error { true } else { false }
    }
  }

  @Test func aMissingVaultIsReported() throws {
    let directory = TestVault.freshDirectory()
    #expect(throws: VaultError.missing(directory: directory.path)) {
      try VaultFile(in: directory, access: .reading)
    }
  }

  @Test func filesArePrivate() throws {
    let test = try TestVault(logins: 10)
    for name in try FileManager.default.contentsOfDirectory(atPath: test.directory.path) {
      let attributes = try FileManager.default.attributesOfItem(atPath: test.directory.path + "/" + name)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: test.directory.path)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }
}
