import Foundation
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// A row from an older state is noticed, and a pull repairs the vault. No waiting change is lost.
@Suite final class HealingTests {
  private static let request = "protocol=https\nhost=github.com\n"
  private static let answer = "username=mcurie\npassword=ghp_webAndGit0123456789\n"

  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
  }

  private func vault() throws -> Vault {
    let file = try VaultFile(in: VaultDirectory(path: stage.scratch.vault), access: .writing)
    return try file.unlock(#require(file.slots().first), with: Unlocker.readKeyFile(stage.scratch.keyFile))
  }

  /// The bytes of each sealed row of a table.
  private func rows(_ table: String) throws -> [Int64: [UInt8]] {
    let statement = try vault().file.connection.prepare("SELECT id, sealed FROM \(table)")
    var rows: [Int64: [UInt8]] = [:]
    while try statement.step() { rows[statement.integer(0)] = statement.withBytes(1) { Array($0) } }
    return rows
  }

  /// Replaces the rows of a table by earlier ones.
  private func putBack(_ rows: [Int64: [UInt8]], in table: String) throws {
    let connection = try vault().file.connection
    for (row, bytes) in rows {
      let update = try connection.prepare("UPDATE \(table) SET sealed=? WHERE id=?")
      try update.bind(2, row)
      try update.run(binding: bytes, at: 1)
    }
  }

  /// A waiting login, created while the rows of all logins change.
  private func change() throws -> String {
    let vault = try vault()
    let update = try vault.beginMirrorUpdate()
    for guid in try update.earlierGUIDs() {
      if let login = try update.login(guid: guid) { try update.store(login) }
    }
    try update.commit()
    let draft = LoginDraft(
      origin: "https://waiting.example", target: .realm("git"), username: "u", password: SecretBytes(utf8: "waits"))
    return try LoginEditor(vault: vault) { 1_800_000_000_000 }.add(draft).guid
  }

  @Test(arguments: ["logins", "buckets"])
  func repairsAnOldRowByAPull(table: String) throws {
    let earlier = try rows(table)
    let waiting = try change()
    #expect(try stage.get(Self.request).output == Self.answer)
    try putBack(earlier, in: table)
    let refused = try stage.get(Self.request)
    #expect(refused.ending == .exited(0) && refused.outputBytes.isEmpty)
    #expect(refused.error.contains("error: the vault is damaged ("), "\(refused.error)")
    #expect(refused.error.contains("hint: repair it: lockwise-sync pull"), "\(refused.error)")

    let pull = try stage.sync("pull").expectSuccess()
    let words = "notice: the vault was damaged; all logins were fetched again; nothing was lost"
    #expect(pull.error.contains(words), "\(pull.error)")
    #expect(try stage.get(Self.request).output == Self.answer)
    let waiter = try stage.get("protocol=https\nhost=waiting.example\n")
    #expect(waiter.output.contains("password=waits\n"), "\(waiter.error)")
    #expect(try stage.sandbox.storedLogins()[waiting] != nil, "the change that waited was uploaded")
    let again = try stage.sync("pull").expectSuccess()
    #expect(!again.error.contains("damaged"), "\(again.error)")
    #expect(try stage.status()["waiting"] as? Int == 0)
  }

  /// A pull finds damage itself if it reads it.
  @Test func repairsDamageThatAPullFinds() throws {
    let connection = try vault().file.connection
    try connection.run("UPDATE documents SET sealed=zeroblob(200) WHERE name='sync-state'; DELETE FROM aside")
    let pull = try stage.sync("pull").expectSuccess()
    let words = "the vault was damaged; all logins were fetched again; nothing was lost"
    #expect(pull.error.contains(words), "\(pull.error)")
    #expect(try stage.get(Self.request).output == Self.answer)
    #expect(try stage.status()["logins"] as? Int == 46)
  }

  @Test func reportsADamagedAccount() throws {
    try vault().file.connection.run("UPDATE documents SET sealed=zeroblob(200) WHERE name='account'")
    try stage.sync("pull").expectRefusal(7, "the vault is damaged", "lockwise-sync logout --force")
  }
}
