import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// All values of vaults that an independent program made (`Tests/Fixtures/vaults/vault.py`).
@Suite struct GoldenVaultTests {
  @Test(arguments: GoldenVault.names) func goldenLoginsAreFoundByEveryToken(name: String) throws {
    let golden = try GoldenVault(name)
    let vault = try golden.unlock()
    var found: [String: String] = [:]
    try vault.forEachLogin { found[$0.guid] = $0.json.exposedText() }
    #expect(found.values.sorted() == golden.expected.logins.values.sorted() && found.count == 3)
    let origin = try #require(Origin("https://host1.example"))
    let first = try #require(try vault.logins(at: origin).first)
    #expect(first.password.exposedText() == "pass wörd 1" && first.username == "user1")
    #expect(try vault.logins(at: #require(Origin("https://host2.example"))).isEmpty)
    #expect(try vault.logins(atHost: "host2.example").map(\.username) == ["user2"])
    #expect(try vault.login(guid: first.guid)?.json == first.json)
    #expect(try vault.logins(named: "work/ключ").map(\.username) == ["user5"])
    #expect(try vault.loginCount() == 3)
  }

  @Test(arguments: GoldenVault.names) func goldenListsAndDocuments(name: String) throws {
    let golden = try GoldenVault(name)
    let vault = try golden.unlock()
    let outbox = try vault.outbox()
    #expect(try vault.outboxCount() == 2)
    #expect(outbox.map(\.revision) == [7, 8] && outbox.map(\.isDeletion) == [false, true])
    #expect(outbox.map(\.wasSent) == [false, true] && outbox[1].guid == "{gone}" && outbox[1].base == nil)
    #expect(outbox[1].sent.map { $0.exposedText() } == [#"{"id": "{gone}", "deleted": true}"#])
    #expect(outbox.map(\.refusal) == [nil, "too large"])
    let base = try #require(outbox[0].base)
    #expect(try LoginRecord(json: base, bsoID: outbox[0].guid).password.exposedText() == "former")
    #expect(try vault.setAsideRecords() == [SetAsideRecord(id: "bad", reason: "no payload", modified: 170_000_000_012)])
    let deleted = try #require(try vault.deletedLogins().first)
    #expect(deleted.login.username == "user77" && deleted.reason == "deleted by another client")
    #expect(deleted.time == 1_700_000_000_003)
    #expect(try vault.documentNames().map(\.text) == golden.expected.documents.keys.sorted())
    for (key, text) in golden.expected.documents {
      #expect(try vault.document(DocumentName(key))?.exposedText() == text)
    }
    #expect(try vault.document(DocumentName("git-memory")) == nil)
    #expect(try vault.summary().counter == 42)
  }

  @Test(arguments: GoldenVault.names) func goldenKeysAndTokens(name: String) throws {
    let golden = try GoldenVault(name)
    let vault = try golden.unlock()
    #expect(Hex.encode(vault.file.id) == golden.own.id)
    let session = golden.own.id + golden.own.vaultKey + golden.own.sealKey + golden.own.tokenKey
    #expect(Hex.encode(vault.session.bytes) == session)
    var token = SecretBuilder()
    try vault.keys.token(.origin, "https://host1.example").append(to: &token)
    #expect(Hex.encode(token.finish().bytes) == golden.own.originToken)
    #expect(try vault.summary().layout.bits == golden.own.bits)
    let keys = try #require(VaultKeys(session: secret(hex: session)))
    #expect(try vault.file.unlock(with: keys).loginCount() == 3)
  }

  @Test func goldenSlots() throws {
    #expect(try GoldenVault("passphrase").unlock().slots().map(\.source) == [.passphrase])
    #expect(try GoldenVault("key-file").unlock().slots().map(\.source) == [.keyFile(path: "/keys/vault key")])
    let command = try GoldenVault("command")
    let slots = try command.unlock().slots()
    #expect(try slots.map(\.source) == [.command(running: command.expected.command)] && slots.map(\.id) == [7])
    #expect(throws: VaultError.wrongKey) {
      let file = try VaultFile(in: command.directory, access: .reading)
      _ = try file.unlock(file.slots()[0], with: SecretBytes(utf8: "line of the command "))
    }
  }

  /// `Vault` and the independent reader agree on a golden vault that `Vault` has changed.
  @Test(arguments: GoldenVault.names) func aChangedGoldenVaultIsReadIndependently(name: String) throws {
    let golden = try GoldenVault(name)
    let vault = try golden.unlock(.writing)
    let update = try vault.beginMirrorUpdate()
    try update.store(TestVault.login(9))
    try update.setDocument(DocumentName("further"), to: SecretBytes(utf8: "new"))
    try update.commit()
    let independent = try IndependentVault(golden.directory, credential: golden.credential.bytes)
    #expect(independent.rows["documents"]?["further"]?.plaintext == Array("new".utf8))
    #expect(independent.rows["logins"]?.count == 4)
    #expect(
      independent.rows["logins"]?["6"]?.plaintext.dropFirst(9).elementsEqual(try TestVault.login(9).json.bytes) == true)
  }
}
