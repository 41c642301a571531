import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Changes to a vault's logins and the outbox entries for them.
@Suite struct OutboxTests {
  private func draft(
    _ origin: String = "https://new.example", realm: String = "git", username: String = "u", password: String = "p"
  ) -> LoginDraft {
    LoginDraft(origin: origin, target: .realm(realm), username: username, password: SecretBytes(utf8: password))
  }

  private func editor(_ vault: Vault, now: Milliseconds = 1_800_000_000_000) -> LoginEditor {
    LoginEditor(vault: vault) { now }
  }

  @Test func anAddedLoginIsStoredAndPending() throws {
    let test = try TestVault(logins: 3)
    var wanted = draft()
    wanted.members = [("lockwise", SecretBytes(utf8: "{\"note\": 1}")), ("username", SecretBytes(utf8: "\"spoof\""))]
    let login = try editor(test.vault).add(wanted)
    #expect(try test.passwords(at: "https://new.example") == ["p"])
    let reopened = try test.reopen()
    #expect(try reopened.loginCount() == 4)
    let outbox = try reopened.outbox()
    #expect(outbox.map(\.guid) == [login.guid])
    #expect(outbox.first?.base == nil)
    #expect(outbox.first?.isDeletion == false && outbox.first?.wasSent == false)
    #expect(login.timeCreated == 1_800_000_000_000 && login.timePasswordChanged == 1_800_000_000_000)
    let pattern = /\{[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\}/
    #expect(login.guid.wholeMatch(of: pattern) != nil, "\(login.guid)")
    #expect(login.username == "u", "a member that Firefox knows was set as an unknown one")
    #expect(login.unknownMembers.map(\.name) == ["lockwise"])
  }

  @Test func aDuplicateIsChangedInstead() throws {
    let test = try TestVault(logins: 1)
    let known = try TestVault.login(0)
    let login = try editor(test.vault).add(
      draft(known.origin, realm: "r", username: known.username, password: "another"))
    #expect(login.guid == known.guid)
    #expect(try test.reopen().loginCount() == 1)
    #expect(try test.reopen().outbox().first?.base == known.json)
    #expect(login.unknownMembers.map(\.name) == ["somethingUnknown"])
  }

  @Test func anEqualLoginChangesNothing() throws {
    let test = try TestVault(logins: 1)
    let known = try TestVault.login(0)
    try editor(test.vault).add(draft(known.origin, realm: "r", username: known.username, password: "password 0"))
    #expect(try test.reopen().outbox().isEmpty)
  }

  @Test func aChangeKeepsEveryOtherByte() throws {
    let test = try TestVault(logins: 1)
    let known = try TestVault.login(0)
    var changes = LoginChanges()
    changes.username = "renamed"
    let login = try editor(test.vault).change(guid: known.guid, changes)
    let before = try #require(known.json.exposedText())
    #expect(login.json.exposedText() == before.replacingOccurrences(of: "\"user0\"", with: "\"renamed\""))
    changes = LoginChanges()
    changes.password = SecretBytes(utf8: "new")
    let again = try editor(test.vault, now: 5).change(guid: known.guid, changes)
    #expect(again.timePasswordChanged == 5)
    let entry = try #require(try test.reopen().outbox().first)
    #expect(entry.base == known.json, "the base must be the server's version")
    #expect(entry.changed == 5)
  }

  @Test func invalidLoginsAreNotStored() throws {
    let test = try TestVault(logins: 1)
    for bad in [draft("https://a (b"), draft(realm: "line\nfeed"), draft(password: ""), draft(username: "a\0")] {
      #expect(throws: LoginRecordError.self) { try editor(test.vault).add(bad) }
    }
    var changes = LoginChanges()
    changes.origin = ""
    #expect(throws: LoginRecordError.noOrigin) { try editor(test.vault).change(guid: "{guid-0}", changes) }
    #expect(try test.reopen().outbox().isEmpty)
    #expect(try test.reopen().loginCount() == 1)
  }

  @Test func aDuplicateForFirefoxIsRefused() throws {
    let test = try TestVault(logins: 2)
    var changes = LoginChanges()
    changes.origin = "https://host0.example"
    changes.username = "user0"
    #expect(throws: LoginEditor.Failure.duplicate(of: "{guid-0}")) {
      try editor(test.vault).change(guid: "{guid-1}", changes)
    }
    changes.target = .realm("another")
    try editor(test.vault).change(guid: "{guid-1}", changes)
    #expect(try test.passwords(at: "https://host0.example").count == 2)
  }

  @Test func aDeletedLoginIsRemovedAndPending() throws {
    let test = try TestVault(logins: 2)
    try editor(test.vault).delete(guid: "{guid-0}")
    #expect(try test.passwords(at: "https://host0.example") == [])
    #expect(try test.reopen().login(guid: "{guid-0}") == nil)
    let entry = try #require(try test.reopen().outbox().first)
    let known = try TestVault.login(0).json
    #expect(entry.isDeletion && entry.base == known)
    #expect(throws: LoginEditor.Failure.noSuchLogin) { try editor(test.vault).delete(guid: "{guid-0}") }
  }

  @Test func aLoginNeverUploadedLeavesNothing() throws {
    let test = try TestVault()
    let login = try editor(test.vault).add(draft())
    try editor(test.vault).delete(guid: login.guid)
    #expect(try test.reopen().outbox().isEmpty)
    // A login whose upload was begun must be deleted on the server.
    let second = try editor(test.vault).add(draft())
    let update = try test.vault.beginMirrorUpdate()
    var entry = try #require(try update.outbox()[second.guid])
    entry.wasSent = true
    try update.setOutbox(entry)
    try update.commit()
    try editor(test.vault).delete(guid: second.guid)
    #expect(try test.reopen().outbox().first?.isDeletion == true)
  }

  @Test func everyChangeHasItsOwnRevision() throws {
    let test = try TestVault(logins: 1)
    var seen: Set<Int64> = []
    for number in 0..<5 {
      var changes = LoginChanges()
      changes.password = SecretBytes(utf8: "new \(number)")
      try editor(test.vault).change(guid: "{guid-0}", changes)
      seen.insert(try #require(try test.vault.outbox().first).revision)
    }
    #expect(seen.count == 5)
    #expect(try test.vault.outboxCount() == 1)
  }

  /// More logins than an update collects before it writes index changes.
  @Test func aLargeUpdateIsAtomic() throws {
    let test = try TestVault(logins: 3)
    let update = try test.vault.beginMirrorUpdate()
    for number in 0..<11_000 { try update.store(TestVault.login(number)) }
    #expect(try test.reopen().loginCount() == 3, "an uncommitted change is visible")
    for number in [0, 5, 10_999] { #expect(try update.remove(guid: "{guid-\(number)}")) }
    #expect(try !update.remove(guid: "{guid-5}"))
    try update.store(TestVault.login(5, password: "again"))
    try update.commit()
    #expect(try test.reopen().loginCount() == 10_998)
    for number in [1, 2, 9999, 10_000, 10_998] {
      #expect(try test.passwords(at: "https://host\(number).example") == ["password \(number)"])
    }
    #expect(try test.passwords(at: "https://host5.example") == ["again"])
    for number in [0, 10_999] { #expect(try test.passwords(at: "https://host\(number).example") == []) }
  }

  @Test func aTransactionIsAtomic() throws {
    let test = try TestVault(logins: 1)
    try editor(test.vault).transaction { editor in
      let first = try editor.add(draft(username: "a"))
      #expect(try editor.login(guid: first.guid) != nil)
      // The same login again in the same update.
      #expect(try editor.add(draft(username: "a", password: "other")).guid == first.guid)
      try editor.add(draft(username: "b"))
      try editor.delete(guid: "{guid-0}")
    }
    #expect(try test.passwords(at: "https://new.example") == ["other", "p"])
    #expect(try test.reopen().outbox().count == 3)
    #expect(throws: LoginEditor.Failure.noSuchLogin) {
      try editor(test.vault).transaction { editor in
        try editor.add(draft(username: "c"))
        try editor.delete(guid: "{guid-0}")
      }
    }
    #expect(try test.passwords(at: "https://new.example").count == 2)
  }

  @Test func aRemovedRowIsDetected() throws {
    let test = try TestVault(logins: 1)
    try editor(test.vault).delete(guid: "{guid-0}")
    let connection = try SQLiteConnection(path: test.directory.vaultFile, mode: .readWrite)
    try connection.run("DELETE FROM outbox")
    #expect(throws: VaultError.damaged(part: "outbox")) { try test.reopen().outbox() }
  }
}
