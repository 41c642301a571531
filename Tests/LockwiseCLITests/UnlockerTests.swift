import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore

@Suite struct UnlockerTests {
  private let purpose = UnlockPurpose("a test asks")
  private let quiet = Configuration(
    Environment(["LOCKWISE_NO_PROMPT": "1", "LOCKWISE_UNLOCK_TIME": "0", "PATH": "/usr/bin:/bin"]))

  /// An unlocker whose configuration file names a command, and the folder of that file.
  private func unlocker(_ command: String?) throws -> (Unlocker, home: String) {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("config-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: home + "/lockwise", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    _ = FileManager.default.createFile(
      atPath: home + "/lockwise/config", contents: Data((command.map { "unlock-command = \($0)\n" } ?? "").utf8),
      attributes: [.posixPermissions: 0o600])
    let environment = Environment([
      "LOCKWISE_NO_PROMPT": "1", "LOCKWISE_UNLOCK_TIME": "0", "PATH": "/usr/bin:/bin", "XDG_CONFIG_HOME": home,
    ])
    return (Unlocker(configuration: Configuration(environment)), home)
  }

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

  @Test func aKeyFileUnlocks() throws {
    let content = Data((0..<32).map { UInt8($0) })
    let path = keyFile(content)
    let file = try vault(NewKeySlot(source: .keyFile(path: path), credential: SecretBytes(copying: content)))
    defer { try? FileManager.default.removeItem(atPath: file.directory.path) }
    #expect(try Unlocker(configuration: quiet).unlock(file, for: purpose).loginCount() == 0)

    try Data(repeating: 9, count: 32).write(to: URL(fileURLWithPath: path))
    #expect(throws: VaultError.wrongKey) {
      try Unlocker(configuration: quiet).unlock(file, for: purpose, prompting: .anywhere)
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: VaultError.self) {
      try Unlocker(configuration: quiet).unlock(file, for: purpose, prompting: .anywhere)
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: VaultError.self) {
      try Unlocker(configuration: quiet).unlock(file, for: purpose, prompting: .anywhere)
    }
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
  func aCommandUnlocks(command: String, opens: Bool) throws {
    let slot = NewKeySlot(
      source: try .command(running: command), credential: SecretBytes(utf8: "pass word"), cost: TestVault.cost)
    let file = try vault(slot)
    defer { try? FileManager.default.removeItem(atPath: file.directory.path) }
    let (unlocker, home) = try unlocker(command)
    defer { try? FileManager.default.removeItem(atPath: home) }
    if opens {
      #expect(try unlocker.unlock(file, for: purpose).loginCount() == 0)
    } else {
      #expect(throws: VaultError.self) { try unlocker.unlock(file, for: purpose) }
    }
  }

  @Test(arguments: [nil, "", "printf pass", "printf 'pass word' "])
  func onlyTheConfiguredCommandIsRun(configured: String?) throws {
    let marker = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)").path
    let command = "touch \(marker); printf 'pass word'"
    let slot = NewKeySlot(
      source: try .command(running: command), credential: SecretBytes(utf8: "pass word"), cost: TestVault.cost)
    let file = try vault(slot)
    defer { try? FileManager.default.removeItem(atPath: file.directory.path) }
    let (other, otherHome) = try unlocker(configured)
    defer { try? FileManager.default.removeItem(atPath: otherHome) }
    #expect(throws: VaultError.unlockCommandDiffers) { try other.unlock(file, for: purpose) }
    #expect(!FileManager.default.fileExists(atPath: marker))
    let (same, sameHome) = try unlocker(command)
    defer { try? FileManager.default.removeItem(atPath: sameHome) }
    _ = try same.unlock(file, for: purpose)
    #expect(FileManager.default.fileExists(atPath: marker))
  }

  @Test func withoutATerminalThePassphraseSlotStaysLocked() throws {
    let test = try TestVault()
    let file = try VaultFile(in: test.directory, access: .reading)
    #expect(throws: VaultError.locked) {
      try Unlocker(configuration: quiet).unlock(file, for: purpose, prompting: .anywhere)
    }
    #expect(throws: VaultError.locked) {
      try Unlocker(configuration: Configuration(Environment([:]))).unlock(file, for: purpose)
    }
  }

  @Test func limitsComeFromTheConfiguration() {
    #expect(SessionLimits(Configuration(Environment([:]))) == SessionLimits(idle: 3600, longest: 28_800))
    let variables = ["LOCKWISE_UNLOCK_TIME": "5", "LOCKWISE_UNLOCK_MAX": "7"]
    let limits = SessionLimits(Configuration(Environment(variables)))
    #expect(limits == SessionLimits(idle: 5, longest: 7))
  }
}
