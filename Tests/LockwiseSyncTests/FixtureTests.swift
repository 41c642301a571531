import Foundation
import LockwiseCore
import LockwiseSync
import LockwiseTestSupport
import Testing

/// The records of a real Firefox ESR 153, read by a pull and compared with Firefox's own list.
@Suite struct FixtureTests {
  private let folder = TestVectors.fixtures.appendingPathComponent("firefox-esr-153")

  private func json(_ name: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent(name)))
  }

  private func hundredths(_ value: Any?) -> Int64 { Int64((((value as? Double) ?? 0) * 100).rounded()) }

  private func load(into server: FakeStorage) throws {
    let root = try #require(try json("storage.json") as? [String: Any])
    for (name, value) in try #require(root["collections"] as? [String: [String: Any]]) {
      var collection = FakeStorage.Collection(modified: hundredths(value["modified"]))
      for (id, item) in try #require(value["items"] as? [String: [String: Any]]) {
        let payload = try #require(item["payload"] as? String)
        collection.items[id] = FakeStorage.Item(modified: hundredths(item["modified"])) { payload }
      }
      server.collections[name] = collection
    }
  }

  private func syncKey() throws -> SyncKeyBundle {
    let account = try #require(try json("account.json") as? [String: Any])
    let kB = try #require((account["kB"] as? String).flatMap { Hex.decode($0) })
    return try SyncKeyBundle(
      syncKey: HKDFSHA256.deriveKey(
        from: SecretBytes(copying: kB), info: "identity.mozilla.com/picl/v1/oldsync", count: 64))
  }

  @Test(arguments: [Int.max, 10, 1]) func readsEveryFieldOfEveryLogin(pageLimit: Int) throws {
    let fixture = try SyncFixture()
    try load(into: fixture.server)
    fixture.server.pageLimit = pageLimit
    let result = try Pull(client: fixture.client(), syncKey: syncKey(), mirror: fixture.mirror) {
      fixture.clock.now
    }
    .run()
    #expect(result.added == 46 && result.setAside == 0 && result.totalLogins == 46 && result.notices == [])
    #expect(try fixture.state().passwordsTime?.description == "1795356040.71")
    let expected = try #require(try json("expected-logins.json") as? [[String: Any]])
    #expect(expected.count == 46)
    #expect(Set(expected.compactMap { $0["guid"] as? String }) == Set(fixture.mirror.contents.logins.keys))
    for login in expected { try compare(login, in: fixture) }
  }

  private func compare(_ expected: [String: Any], in fixture: SyncFixture) throws {
    let guid = try #require(expected["guid"] as? String)
    let record = try LoginRecord(json: #require(fixture.mirror.contents.logins[guid]), bsoID: guid)
    func text(_ name: String) -> String? { expected[name] as? String }
    #expect(record.origin == text("origin"), "\(guid)")
    #expect(record.formActionOrigin == text("formActionOrigin"), "\(guid)")
    #expect(record.httpRealm == text("httpRealm"), "\(guid)")
    #expect(record.username == text("username"), "\(guid)")
    #expect(record.password.exposedText() == text("password"), "\(guid)")
    #expect(record.usernameField == text("usernameField"), "\(guid)")
    #expect(record.passwordField == text("passwordField"), "\(guid)")
    func time(_ name: String) -> Milliseconds? { (expected[name] as? NSNumber).map { Milliseconds($0.int64Value) } }
    #expect(record.timeCreated == time("timeCreated"), "\(guid)")
    #expect(record.timePasswordChanged == time("timePasswordChanged"), "\(guid)")
    let unknown = Dictionary(
      uniqueKeysWithValues: try record.unknownMembers.map { name, value in
        let data = Data((value.exposedText() ?? "").utf8)
        return (name, try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed))
      })
    let wanted: [String: Any]
    if let text = text("unknownFields") {
      wanted = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    } else {
      wanted = expected["unknownFields"] as? [String: Any] ?? [:]
    }
    #expect(NSDictionary(dictionary: unknown) == NSDictionary(dictionary: wanted), "\(guid)")
  }

  @Test func sendsOneRequestForASecondPull() throws {
    let fixture = try SyncFixture()
    try load(into: fixture.server)
    func pull() throws -> PullResult {
      try Pull(client: fixture.client(), syncKey: syncKey(), mirror: fixture.mirror) { fixture.clock.now }.run()
    }
    _ = try pull()
    fixture.server.clearLog()
    #expect(try pull().requests == 1)
    #expect(fixture.server.paths == ["/info/collections"])
  }
}
