import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct RawCipherTests {
  let world: World

  init() throws { world = try World() }

  private func cipher(_ collection: String) throws -> RawCipher {
    let client = world.client()
    let times = try #require(try client.collectionTimes().value)
    return try RawCipher(
      for: collection, times: times, state: world.state(), client: client, syncKey: world.syncKey)
  }

  private func open(_ collection: String, _ id: String) throws -> String? {
    let record = try #require(try world.client().record(id, in: collection).value)
    return try cipher(collection).open(record).exposedText()
  }

  @Test func eachCollectionHasItsKeys() throws {
    let own = try SyncKeyBundle(syncKey: world.random.secret(64))
    try world.putKeys(collections: "{\"things\":\(World.json(own))}")
    try world.server.put("a", in: "things", world.encrypt("{\"id\":\"a\"}", with: own))
    try world.server.put("a", in: "other", world.encrypt("{\"id\":\"a\"}"))
    try world.server.put("b", in: "other", world.encrypt("{\"id\":\"b\"}", with: own))
    #expect(try open("things", "a") == "{\"id\":\"a\"}")
    #expect(try open("other", "a") == "{\"id\":\"a\"}")
    #expect(throws: RawRecordError.encryption(.wrongMAC)) { try open("other", "b") }
    #expect(try open("crypto", "keys")?.contains("\"things\":") == true)
    #expect(try open("meta", "global")?.hasPrefix("{\"id\":\"global\",\"syncID\":") == true)
  }

  @Test func theKeysOfTheVaultAreUsedWhileTheyAreTheServers() throws {
    try world.putLogin("a")
    _ = try world.pull()
    world.server.clearLog()
    _ = try cipher("passwords")
    #expect(world.server.paths == ["/info/collections"])
    try world.putKeys()
    world.server.clearLog()
    _ = try cipher("passwords")
    #expect(world.server.paths == ["/info/collections", "/storage/meta/global", "/storage/crypto/keys"])
    // At another endpoint equal times mean nothing.
    _ = try world.pull()
    var state = try world.state()
    state.endpoint = "https://elsewhere.example/1.5/1"
    try world.mirror.setDocument(.syncState, to: state.document())
    world.server.clearLog()
    _ = try cipher("passwords")
    #expect(world.server.paths.count == 3)
  }

  @Test func withoutAStorageThatWeKnowNothingIsRead() throws {
    world.putMeta(version: "6")
    #expect(throws: PullError.storageTooNew(version: 6)) { try cipher("things") }
    world.server.collections["meta"] = nil
    #expect(throws: PullError.noSyncData) { try cipher("things") }
    #expect(throws: Never.self) { try cipher("meta") }
  }

  @Test(arguments: [
    ("{\"id\":\"b\"}", RawRecordError.otherID), ("{\"id\":null}", .otherID), ("[]", .notAnObject),
    ("{\"id\":", .notAnObject),
  ]) func refusesWhatIsNoRecord(cleartext: String, error: RawRecordError) throws {
    try world.server.put("a", in: "things", world.encrypt(cleartext))
    #expect(throws: error) { try open("things", "a") }
  }

  @Test func anIDIsAddedWhereItIsMissing() throws {
    try world.server.put("a", in: "things", world.encrypt("{ \"deleted\" : true }"))
    #expect(try open("things", "a") == "{\"id\":\"a\",\"deleted\":true}")
  }

  @Test func whatIsSealedOpensAgain() throws {
    let record = try #require(try RawInput.records(SecretBytes(utf8: "{\"x\": 1.50}"), id: "a").first)
    let payload = try #require(try cipher("things").seal(record, random: world.random).exposedText())
    world.server.put("a", in: "things", payload)
    #expect(!payload.contains("1.50"))
    #expect(try open("things", "a") == "{\"id\":\"a\",\"x\":1.50}")
    #expect(try cipher("meta").seal(record, random: world.random).exposedText() == "{\"x\": 1.50}")
  }
}
