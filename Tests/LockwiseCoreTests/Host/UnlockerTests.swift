import Foundation
import Testing

@testable import LockwiseCore

@Suite struct UnlockerTests {
  private let quiet = Configuration(
    Environment(["LOCKWISE_NO_PROMPT": "1", "LOCKWISE_UNLOCK_TIME": "0", "PATH": "/usr/bin:/bin"]))

  private func vault(_ slot: NewKeySlot) throws -> VaultFile {
    let directory = TestVault.freshDirectory()
    _ = try VaultFile.create(in: directory, slots: [slot], documents: [:], random: SystemRandom())
    return try VaultFile(in: directory, access: .reading)
  }

  private func keyFile(_ content: Data, mode: Int = 0o600) -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString)").path
    _ = FileManager.default.createFile(atPath: path, contents: content, attributes: [.posixPermissions: mode])
    return path
  }

  @Test func byKeyFile() throws {
    let content = Data((0..<32).map { UInt8($0) })
    let path = keyFile(content)
    let file = try vault(NewKeySlot(source: .keyFile(path: path), credential: SecretBytes(copying: content)))
    defer { try? FileManager.default.removeItem(atPath: file.directory.path) }
    #expect(try Unlocker(configuration: quiet, mayPrompt: false).unlock(file).loginCount() == 0)

    try Data(repeating: 9, count: 32).write(to: URL(fileURLWithPath: path))
    #expect(throws: VaultError.wrongKey) { try Unlocker(configuration: quiet, mayPrompt: true).unlock(file) }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: VaultError.self) { try Unlocker(configuration: quiet, mayPrompt: true).unlock(file) }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: VaultError.self) { try Unlocker(configuration: quiet, mayPrompt: true).unlock(file) }
  }

  @Test func aShortKeyFileIsRefused() throws {
    #expect {
      try vault(NewKeySlot(source: .keyFile(path: "/x"), credential: SecretBytes(utf8: "short")))
    } throws: { error in
      if case VaultError.badKeySource = error { true } else { false }
    }
  }

  @Test(arguments: [
    ("printf 'pass word\\nsecond line\\n'", true), ("printf 'pass word'", true), ("echo other", false),
    ("printf 'pass word\\n'; exit 3", false), ("printf ''", false), ("head -c 100000 /dev/zero", false),
    ("echo", false), ("kill $$", false),
  ])
  func byCommand(command: String, opens: Bool) throws {
    let slot = NewKeySlot(
      source: .command(command), credential: SecretBytes(utf8: "pass word"), cost: TestVault.cost)
    let file = try vault(slot)
    defer { try? FileManager.default.removeItem(atPath: file.directory.path) }
    let unlocker = Unlocker(configuration: quiet, mayPrompt: false)
    if opens {
      #expect(try unlocker.unlock(file).loginCount() == 0)
    } else {
      #expect(throws: VaultError.self) { try unlocker.unlock(file) }
    }
  }

  @Test func aPassphraseWithNobodyToAskStaysLocked() throws {
    let test = try TestVault()
    let file = try VaultFile(in: test.directory, access: .reading)
    #expect(throws: VaultError.locked) { try Unlocker(configuration: quiet, mayPrompt: true).unlock(file) }
    #expect(throws: VaultError.locked) {
      try Unlocker(configuration: Configuration(Environment([:])), mayPrompt: false).unlock(file)
    }
  }

  @Test func aSessionKeepsTheKeysUntilTheyExpire() throws {
    let test = try TestVault(logins: 1)
    let session = KeyringSession(vaultID: test.vault.file.id, timeToLive: 60)
    // Where there is no kernel keyring (some containers), saving says so and nothing is kept.
    guard session.save(test.vault) else {
      #expect(session.load() == nil)
      return
    }
    let file = try VaultFile(in: test.directory, access: .reading)
    #expect(try file.unlock(with: try #require(session.load())).loginCount() == 1)
    #expect(KeyringSession(vaultID: [UInt8](repeating: 7, count: 16)).load() == nil)
    session.clear()
    #expect(session.load() == nil && !session.isOpen)
    #expect(!KeyringSession(vaultID: test.vault.file.id, timeToLive: 0).save(test.vault))
    #expect(session.load() == nil)
  }
}
