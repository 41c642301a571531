import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// The repair of damaged vaults.
@Suite struct RepairTests {
  private func repair(_ vault: EventfulVault) throws -> VaultRepair {
    let update = try vault.reopen(.writing).beginMirrorUpdate()
    let repair = try update.repair()
    try update.commit()
    return repair
  }

  /// Returns the numbers of logins by the key of the only bucket that has entries of them. They are lost with it, but for
  /// the login in the outbox.
  private func loneLogins(of vault: Vault) throws -> [String: Int] {
    let bits = try vault.summary().layout.bits
    var lone: [String: Int] = [:]
    try vault.forEachLogin { login in
      let buckets = try Set(LoginTokens(login, keys: vault.keys).all.map { $0.bucket(bits: bits) })
      if let bucket = buckets.first, buckets.count == 1, login.guid != "{guid-0}" { lone["\(bucket)", default: 0] += 1 }
    }
    return lone
  }

  @Test func anIntactVaultLosesNothing() throws {
    let vault = try EventfulVault()
    #expect(try repair(vault) == VaultRepair())
    var wanted = 0
    try vault.reopen().forEachLogin { _ in wanted += 1 }
    #expect(wanted == 7)
    #expect(try vault.reopen().outbox().count == 2)
    #expect(try vault.reopen().deletedLogins().count == 3)
    #expect(try vault.reopen().document(.syncState) == nil, "the sync state must be removed")
    #expect(try vault.reopen().document(DocumentName("git-memory")) != nil)
  }

  /// Each row other than the summary, slots and account is removed, replaced by an older one or damaged. After the
  /// repair, each result of the vault is as before or missing.
  @Test func everyRemovedRowIsRepaired() throws {
    let vault = try EventfulVault()
    let lone = try loneLogins(of: vault.reopen())
    for row in vault.rows where !["header", "slots"].contains(row.table) {
      try vault.afterwards { try $0.remove(row) }
      let place = "\(row.table) \(row.key)"
      if row.table == "documents", [".index", "account", ".outbox"].contains(row.key) {
        #expect(throws: VaultError.self, "\(place)") { try repair(vault) }
        continue
      }
      let lost = try repair(vault)
      let reopened = try vault.reopen()
      #expect(!reopened.isKnownToBeDamaged)
      var logins: [String] = []
      try reopened.forEachLogin { logins.append($0.guid) }
      let expected = row.table == "logins" ? 1 : row.table == "buckets" ? lone[row.key, default: 0] : 0
      #expect(logins.count == 7 - lost.logins && lost.logins == expected, "\(place)")
      let outbox = try reopened.outbox()
      #expect(outbox.count == 2 - lost.changes, "\(place)")
      // A change is lost with its row or its login.
      let losesChange = row.table == "outbox" || (row.table == "logins" && row.key == "1")
      #expect(losesChange == (lost.changes == 1), "\(place)")
      _ = try reopened.setAsideRecords()
      #expect(try reopened.deletedLogins().count == 3 - lost.deletedLogins, "\(place)")
      for name in try reopened.documentNames() { #expect(try reopened.document(name) != nil, "\(place)") }
      let update = try vault.reopen(.writing).beginMirrorUpdate()
      for number in 0..<7 { try update.store(TestVault.login(number)) }
      try update.commit()
      #expect(try vault.reopen().loginCount() == 7, "\(place): a download fills it again")
    }
  }

  @Test func anOlderRowIsNotKept() throws {
    let vault = try EventfulVault()
    let present = Set(vault.rows)
    for row in vault.earlierRows where !present.contains(row) && ["logins", "outbox", "deleted"].contains(row.table) {
      try vault.afterwards { try $0.put(row) }
      _ = try repair(vault)
      let reopened = try vault.reopen()
      #expect(try reopened.login(guid: "{guid-0}")?.password.exposedText() != "round 1")
      #expect(try reopened.login(guid: "{guid-7}") == nil)
      #expect(try !reopened.outbox().contains { $0.guid == "{gone-1}" || $0.guid == "{guid-0}" && $0.revision == 1 })
      #expect(try !reopened.deletedLogins().contains { $0.reason == "round 1" })
    }
  }

  /// The latest version of a login in the outbox is known even without the index.
  @Test func aLostIndexKeepsAllChanges() throws {
    let vault = try EventfulVault()
    let stale = try #require(vault.earlierRows.first { $0.table == "logins" && $0.key == "1" })
    try vault.afterwards { try $0.run("UPDATE buckets SET sealed=zeroblob(200)") }
    var lost = try repair(vault)
    #expect(lost.changes == 0 && lost.logins == 6)
    #expect(try vault.reopen().outbox().count == 2)
    #expect(try vault.reopen().login(guid: "{guid-0}")?.password.exposedText() == "round 2")
    try vault.afterwards { raw in
      try raw.run("UPDATE buckets SET sealed=zeroblob(200)")
      try raw.put(stale)
    }
    lost = try repair(vault)
    #expect(lost.changes == 1 && lost.logins == 7)
    #expect(try vault.reopen().login(guid: "{guid-0}") == nil)
  }
}
