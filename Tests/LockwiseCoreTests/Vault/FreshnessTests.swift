import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Rows from an older state of the same vault are detected.
@Suite struct FreshnessTests {
  @Test func anOlderRowIsDetected() throws {
    let vault = try EventfulVault()
    let present = Set(vault.rows)
    let stale = vault.earlierRows.filter { !present.contains($0) }
    // Header and first slot are equal in both states; all other rows differ.
    #expect(Set(stale.map(\.table)) == Set(RawVault.tables).subtracting(["header"]))
    for row in stale {
      try vault.afterwards { try $0.put(row) }
      #expect(try vault.isNoticed("\(row.table) \(row.key) put back"), "\(row.table) \(row.key) put back")
    }
  }

  @Test func anOlderTableIsDetected() throws {
    let vault = try EventfulVault()
    for table in RawVault.tables.dropFirst() {
      try vault.afterwards { raw in
        try raw.run("DELETE FROM \(table)")
        for row in vault.earlierRows where row.table == table { try raw.put(row) }
      }
      #expect(try vault.isNoticed("\(table) put back"), "\(table) put back")
    }
  }

  @Test func olderTablesButOneAreDetected() throws {
    let vault = try EventfulVault()
    for spared in RawVault.tables.dropFirst() {
      try vault.afterwards { raw in
        for table in RawVault.tables.dropFirst() where table != spared {
          try raw.run("DELETE FROM \(table)")
          for row in vault.earlierRows where row.table == table { try raw.put(row) }
        }
      }
      #expect(try vault.isNoticed("all but \(spared) put back"), "all but \(spared) put back")
    }
  }

  /// An older state of the whole file is not detected, as documented.
  @Test func anOlderFileIsAccepted() throws {
    let vault = try EventfulVault()
    #expect(vault.earlier.differs(from: vault.present))
    try vault.afterwards { raw in
      for table in RawVault.tables.dropFirst() { try raw.run("DELETE FROM \(table)") }
      for row in vault.earlierRows { try raw.put(row) }
    }
    #expect(try vault.checkEarlier("everything put back") == 0)
  }

  /// With more than 128 buckets, their tags are in groups below the summary.
  @Test func olderBucketsInGroupsAreDetected() throws {
    let test = try TestVault(logins: 3000)
    #expect(try test.vault.summary().layout.hasGroups)
    let raw = try RawVault(test.directory)
    let before = try raw.rows()
    let update = try test.vault.beginMirrorUpdate()
    try update.store(TestVault.login(0, password: "changed"))
    try update.commit()
    let survey = try VaultSurvey(test.reopen())
    let after = Set(try raw.rows())
    let stale = before.filter { !after.contains($0) && $0.table == "buckets" }
    #expect(stale.contains { $0.key.hasPrefix("-") } && stale.contains { !$0.key.hasPrefix("-") })
    for row in stale {
      let present = try #require(after.first { $0.table == row.table && $0.key == row.key })
      try raw.put(row)
      let refused = try survey.check(test.directory, "bucket \(row.key)") {
        try $0.unlock($0.slots()[0], with: TestVault.passphrase)
      }
      #expect(refused != 0, "bucket \(row.key) put back")
      try raw.put(present)
    }
    #expect(
      try survey.check(test.directory, "whole") { try $0.unlock($0.slots()[0], with: TestVault.passphrase) } == 0)
  }

  @Test func aRemovedLoginRowIsDetected() throws {
    let test = try TestVault(logins: 3)
    try RawVault(test.directory).run("DELETE FROM logins WHERE id=2")
    #expect(throws: VaultError.damaged(part: "logins")) { try test.passwords(at: "https://host1.example") }
    #expect(throws: VaultError.damaged(part: "logins")) { try test.reopen().forEachLogin { _ in } }
    #expect(throws: VaultError.damaged(part: "logins")) {
      let update = try test.vault.beginMirrorUpdate()
      _ = try update.earlierGUIDs()
      try update.store(TestVault.login(1, password: "new"))
    }
    #expect(try test.passwords(at: "https://host0.example") == ["password 0"])
  }

  @Test func damageLeavesAMarkerForTheNextPull() throws {
    let test = try TestVault(logins: 3)
    #expect(!test.vault.isKnownToBeDamaged)
    try RawVault(test.directory).run("DELETE FROM logins WHERE id=2")
    _ = try? test.passwords(at: "https://host1.example")
    #expect(test.vault.isKnownToBeDamaged)
    #expect(test.directory.allFiles.contains { $0.hasSuffix("/damaged") }, "logout must delete the marker")
  }
}
