import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

/// A vault with something in every table, and the rows that it had before its last changes.
final class EventfulVault {
  /// Where the vault is that `restore` and `afterwards` made last: a copy, for a file must not change under a connection.
  private(set) var directory: VaultDirectory
  /// The rows of the earlier state, and what the vault answered then.
  let earlierRows: [RawVault.Row]
  let earlier: VaultSurvey
  /// The present rows and answers.
  let rows: [RawVault.Row]
  let present: VaultSurvey
  /// The whole file.
  let file: Data

  init(logins: Int = 8) throws {
    let test = try TestVault(logins: logins)
    let vault = test.vault
    try Self.change(vault, round: 1)
    earlierRows = try RawVault(test.directory).rows()
    earlier = try VaultSurvey(test.reopen())
    try Self.change(vault, round: 2)
    rows = try RawVault(test.directory).rows()
    present = try VaultSurvey(test.reopen())
    try RawVault(test.directory).run("PRAGMA wal_checkpoint(TRUNCATE)")
    file = try Data(contentsOf: URL(fileURLWithPath: test.directory.vaultFile))
    directory = TestVault.freshDirectory()
    try restore(file)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory.path) }

  /// Makes a round of changes that touches every table.
  private static func change(_ vault: Vault, round: Int) throws {
    let update = try vault.beginMirrorUpdate()
    try update.store(TestVault.login(0, password: "round \(round)"))
    var named = LoginChanges()
    named.members = [("lockwise", SecretBytes(utf8: "{\"name\":\"name\(round)\"}"))]
    try update.store(TestVault.login(1).changed(by: named, now: Int64(round)))
    if round == 2 { try update.remove(guid: "{guid-7}") }
    for name in [DocumentName.syncState, DocumentName("git-memory"), DocumentName("further")] {
      try update.setDocument(name, to: SecretBytes(utf8: "{\"round\":\(round)}"))
    }
    let record = SetAsideRecord(id: "bad", reason: "round \(round)", modified: 5)
    try update.setAside(record, replacesLogin: false)
    try update.setAside(SetAsideRecord(id: "bad \(round)", reason: "r", modified: 5), replacesLogin: false)
    try update.keepDeleted(TestVault.login(20), reason: "round \(round)", at: 7)
    try update.keepDeleted(TestVault.login(20 + round), reason: "deleted elsewhere", at: 7)
    try update.setOutbox(OutboxEntry(guid: "{guid-0}", base: nil, changed: 1, revision: Int64(round)))
    try update.setOutbox(OutboxEntry(guid: "{gone-\(round)}", isDeletion: true, base: nil, changed: 1))
    if round == 2 { try update.removeOutbox(guid: "{gone-1}") }
    try update.commit()
    let slot = NewKeySlot(
      source: .command(digest: [UInt8](repeating: UInt8(round), count: 32)), credential: SecretBytes(utf8: "c\(round)"),
      cost: TestVault.cost)
    if round == 2 { try vault.removeSlot(id: 1) }
    try vault.addSlot(slot)
  }

  /// Makes the file whole again, then lets `body` change it.
  func afterwards(_ body: (RawVault) throws -> Void) throws {
    try restore(file)
    try body(RawVault(directory))
    // SQLite made the log's files with the modes of the process.
    for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: directory.vaultFile + suffix) {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: directory.vaultFile + suffix)
    }
  }

  /// Makes a vault with this content.
  func restore(_ content: Data) throws {
    try? FileManager.default.removeItem(atPath: directory.path)
    directory = TestVault.freshDirectory()
    try directory.create()
    _ = FileManager.default.createFile(
      atPath: directory.vaultFile, contents: content, attributes: [.posixPermissions: 0o600])
  }

  /// Opens the vault by its passphrase.
  func reopen(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: directory, access: access)
    return try Self.unlock(file)
  }

  private static func unlock(_ file: VaultFile) throws -> Vault {
    try file.unlock(file.slots()[0], with: TestVault.passphrase)
  }

  /// Asks the changed vault; see `VaultSurvey.check`.
  func check(_ what: String, or other: VaultSurvey? = nil) throws -> Int? {
    try present.check(directory, what, or: other, unlock: Self.unlock)
  }

  /// Asks the changed vault whether it answers as it did earlier; see `VaultSurvey.check`.
  func checkEarlier(_ what: String) throws -> Int? { try earlier.check(directory, what, unlock: Self.unlock) }

  /// Whether parts put back from the earlier state were noticed: something was refused, and no answer is of neither
  /// state.
  func isNoticed(_ what: String) throws -> Bool { try check(what, or: earlier) != 0 }
}
