import Foundation
import LockwiseTestSupport

@testable import LockwiseCore

/// A vault with rows in every table, and its rows before the last changes.
final class EventfulVault {
  /// The directory of the copy that `restore` or `afterwards` made last. A file must not change under an open
  /// connection, so each call makes a new copy.
  private(set) var directory: VaultDirectory
  /// The rows and results of the earlier state.
  let earlierRows: [RawVault.Row]
  let earlier: VaultSurvey
  /// The rows and results of the present state.
  let rows: [RawVault.Row]
  let present: VaultSurvey
  /// The content of the file.
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

  /// Makes a round of changes to every table.
  private static func change(_ vault: Vault, round: Int) throws {
    let update = try vault.beginMirrorUpdate()
    try update.store(TestVault.login(0, password: "round \(round)"))
    var named = LoginChanges()
    named.members = [("lockwise", SecretBytes(utf8: "{\"name\":\"name\(round)\"}"))]
    try update.store(TestVault.login(1).changed(by: named, now: Milliseconds(Int64(round))))
    if round == 2 { try update.remove(guid: "{guid-7}") }
    for name in [DocumentName.syncState, DocumentName("git-memory"), DocumentName("further")] {
      try update.setDocument(name, to: SecretBytes(utf8: "{\"round\":\(round)}"))
    }
    let record = SetAsideRecord(id: "bad", reason: "round \(round)", modified: 5)
    try update.setAside(record, replacesLogin: false)
    try update.setAside(SetAsideRecord(id: "bad \(round)", reason: "r", modified: 5), replacesLogin: false)
    try update.addDeleted(TestVault.login(20), reason: "round \(round)", at: 7)
    try update.addDeleted(TestVault.login(20 + round), reason: "deleted elsewhere", at: 7)
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

  /// Restores the file and lets `body` change it.
  func afterwards(_ body: (RawVault) throws -> Void) throws {
    try restore(file)
    try body(RawVault(directory))
    // SQLite has created the log's files with the mode of the process.
    for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: directory.vaultFile + suffix) {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: directory.vaultFile + suffix)
    }
  }

  /// Writes a vault file with this content.
  func restore(_ content: Data) throws {
    try? FileManager.default.removeItem(atPath: directory.path)
    directory = TestVault.freshDirectory()
    try directory.create()
    _ = FileManager.default.createFile(
      atPath: directory.vaultFile, contents: content, attributes: [.posixPermissions: 0o600])
  }

  /// Opens the vault with its passphrase.
  func reopen(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: directory, access: access)
    return try Self.unlock(file)
  }

  private static func unlock(_ file: VaultFile) throws -> Vault {
    try file.unlock(file.slots()[0], with: TestVault.passphrase)
  }

  /// Queries the changed vault; see `VaultSurvey.check`.
  func check(_ what: String, or other: VaultSurvey? = nil) throws -> Int? {
    try present.check(directory, what, or: other, unlock: Self.unlock)
  }

  /// Queries the changed vault for the earlier results; see `VaultSurvey.check`.
  func checkEarlier(_ what: String) throws -> Int? { try earlier.check(directory, what, unlock: Self.unlock) }

  /// Returns whether rows from the earlier state were detected: a query fails, and each other result is from one of the
  /// two states.
  func isNoticed(_ what: String) throws -> Bool { try check(what, or: earlier) != 0 }
}
