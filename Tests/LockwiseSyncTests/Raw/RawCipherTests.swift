import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct RawCipherTests {
  let fixture: SyncFixture

  init() throws { fixture = try SyncFixture() }

  private func cipher(_ collection: String) throws -> RawCipher {
    let client = fixture.client()
    let times = try #require(try client.collectionTimes().value)
    return try RawCipher(
      for: collection, times: times, state: fixture.state(), client: client, syncKey: fixture.syncKey)
  }

  private func open(_ collection: String, _ id: String) throws -> String? {
    let record = try #require(try fixture.client().record(id, in: collection).value)
    return try cipher(collection).open(record).exposedText()
  }

  @Test func usesTheKeysOfTheCollection() throws {
    let own = try SyncKeyBundle(syncKey: fixture.random.secret(64))
    try fixture.putKeys(collections: "{\"things\":\(SyncFixture.json(own))}")
    try fixture.server.put("a", in: "things", fixture.encrypt("{\"id\":\"a\"}", with: own))
    try fixture.server.put("a", in: "other", fixture.encrypt("{\"id\":\"a\"}"))
    try fixture.server.put("b", in: "other", fixture.encrypt("{\"id\":\"b\"}", with: own))
    #expect(try open("things", "a") == "{\"id\":\"a\"}")
    #expect(try open("other", "a") == "{\"id\":\"a\"}")
    #expect(throws: RawRecordError.encryption(.wrongMAC)) { try open("other", "b") }
    #expect(try open("crypto", "keys")?.contains("\"things\":") == true)
    #expect(try open("meta", "global")?.hasPrefix("{\"id\":\"global\",\"syncID\":") == true)
  }

  @Test func usesTheVaultsKeysWhileTheyAreCurrent() throws {
    try fixture.putLogin("a")
    _ = try fixture.pull()
    fixture.server.clearLog()
    _ = try cipher("passwords")
    #expect(fixture.server.paths == ["/info/collections"])
    try fixture.putKeys()
    fixture.server.clearLog()
    _ = try cipher("passwords")
    #expect(fixture.server.paths == ["/info/collections", "/storage/meta/global", "/storage/crypto/keys"])
    // Equal times at different endpoints do not mean equal keys.
    _ = try fixture.pull()
    var state = try fixture.state()
    state.endpoint = "https://elsewhere.example/1.5/1"
    try fixture.mirror.setDocument(.syncState, to: state.text)
    fixture.server.clearLog()
    _ = try cipher("passwords")
    #expect(fixture.server.paths.count == 3)
  }

  @Test func refusesAnUnsupportedStorage() throws {
    fixture.putMeta(version: "6")
    #expect(throws: PullError.storageTooNew(version: 6)) { try cipher("things") }
    fixture.server.collections["meta"] = nil
    #expect(throws: PullError.noSyncData) { try cipher("things") }
    #expect(throws: Never.self) { try cipher("meta") }
  }

  @Test(arguments: [
    ("{\"id\":\"b\"}", RawRecordError.otherID), ("{\"id\":null}", .otherID), ("[]", .notAnObject),
    ("{\"id\":", .notAnObject),
  ]) func refusesInvalidRecords(cleartext: String, error: RawRecordError) throws {
    try fixture.server.put("a", in: "things", fixture.encrypt(cleartext))
    #expect(throws: error) { try open("things", "a") }
  }

  @Test func addsAMissingID() throws {
    try fixture.server.put("a", in: "things", fixture.encrypt("{ \"deleted\" : true }"))
    #expect(try open("things", "a") == "{\"id\":\"a\",\"deleted\":true}")
  }

  @Test func opensASealedRecord() throws {
    let record = try #require(try RawInput.records(SecretBytes(utf8: "{\"x\": 1.50}"), id: "a").first)
    let payload = try #require(try cipher("things").seal(record, random: fixture.random).exposedText())
    fixture.server.put("a", in: "things", payload)
    #expect(!payload.contains("1.50"))
    #expect(try open("things", "a") == "{\"id\":\"a\",\"x\":1.50}")
    #expect(try cipher("meta").seal(record, random: fixture.random).exposedText() == "{\"x\": 1.50}")
  }
}
