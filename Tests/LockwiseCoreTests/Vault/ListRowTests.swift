import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Rows of the sealed lists that are added after removals, and a reader's cache of the index.
@Suite struct ListRowTests {
  @Test func aNewRowReplacesNoOther() throws {
    let test = try TestVault(logins: 3)
    let editor = LoginEditor(vault: test.vault) { 1_800_000_000_000 }
    for number in 0..<3 { try editor.delete(guid: "{guid-\(number)}") }
    let update = try test.vault.beginMirrorUpdate()
    try update.removeOutbox(guid: "{guid-0}")
    try update.commit()
    let login = try editor.add(
      LoginDraft(
        origin: "https://new.example", target: .realm("git"), username: "u", password: SecretBytes(utf8: "p")))
    let guids = try test.reopen().outbox().map(\.guid)
    #expect(guids.sorted() == ["{guid-1}", "{guid-2}", login.guid].sorted())
  }

  @Test func removeAllRemovesDeletedLogins() throws {
    let test = try TestVault(logins: 1)
    let update = try test.vault.beginMirrorUpdate()
    try update.addDeleted(TestVault.login(5), reason: "deleted on another device", at: 1)
    try update.commit()
    #expect(try test.reopen().deletedLogins().count == 1)
    let clearing = try test.vault.beginMirrorUpdate()
    try clearing.removeAll()
    try clearing.commit()
    #expect(try test.reopen().deletedLogins().isEmpty)
  }

  /// With more than 128 buckets, a reader caches the tags of groups.
  @Test func aReaderSeesChangesInGroupsOfBuckets() throws {
    let test = try TestVault(logins: 3000)
    #expect(try test.vault.summary().layout.hasGroups)
    let reader = try test.reopen()
    let origin = try #require(Origin("https://host0.example"))
    #expect(try reader.logins(at: origin).map { $0.password.exposedText() } == ["password 0"])
    let update = try test.vault.beginMirrorUpdate()
    try update.store(TestVault.login(0, password: "changed"))
    try update.commit()
    #expect(try reader.logins(at: origin).map { $0.password.exposedText() } == ["changed"])
  }
}
