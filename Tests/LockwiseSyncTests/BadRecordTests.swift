import LockwiseCore
import LockwiseSync
import Testing

/// Records that are no logins: skipped, counted, kept apart, never fatal.
@Suite struct BadRecordTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: String
    let payload: @Sendable (World) throws -> String
    var testDescription: String { name }
  }

  private static func clear(_ name: String, _ reason: String, _ cleartext: String) -> Row {
    Row(name: name, reason: reason) { try $0.encrypt(cleartext) }
  }

  static let rows: [Row] = [
    Row(name: "empty payload", reason: "not an encrypted record") { _ in "" },
    Row(name: "no JSON", reason: "not an encrypted record") { _ in "<html>" },
    Row(name: "other keys", reason: "encrypted with other keys, or tampered with") { world in
      try world.encrypt(World.login("bad"), with: SyncKeyBundle(syncKey: world.random.secret(64)))
    },
    Row(name: "bad IV", reason: "its encryption is damaged") { world in
      let payload = try world.encrypt(World.login("bad"))
      return payload.replacing(#"=="#, with: "=")
    },
    clear("cleartext no JSON", "not a JSON object", "hello"),
    clear("cleartext list", "not a JSON object", "[]"),
    clear("cleartext empty", "not a JSON object", ""),
    clear("another id", "its id is not the id it is stored under", World.login("other")),
    clear(
      "tombstone with another id", "its id is not the id it is stored under",
      #"{"id":"good","deleted":true}"#),
    clear("no password", "no password", #"{"id":"bad","hostname":"https://a","httpRealm":""}"#),
    clear(
      "no target", "neither a form nor a realm to use it for",
      #"{"id":"bad","hostname":"https://a","password":"p"}"#),
    clear(
      "both targets", "both a form and a realm to use it for",
      #"{"id":"bad","hostname":"https://a","password":"p","formSubmitURL":"","httpRealm":"x"}"#),
    clear(
      "wrong type", "member username has the wrong type",
      #"{"id":"bad","hostname":"https://a","password":"p","username":1,"httpRealm":"x"}"#),
  ]

  @Test(arguments: rows) func isSetAside(row: Row) throws {
    let world = try World()
    try world.putLogin("good")
    let time = try world.server.put("bad", in: "passwords", row.payload(world))
    try world.putLogin("good-too")
    let result = try world.pull()
    #expect(result.added == 2 && result.setAside == 1 && result.keptOlder == 0 && result.totalSetAside == 1)
    #expect(world.guids == ["good", "good-too"])
    #expect(
      world.mirror.contents.setAside["bad"] == SetAsideRecord(id: "bad", reason: row.reason, modified: time))
    #expect(try world.state().setAsideCount == 1)
    #expect(try world.pull().requests == 1)
    // A good version ends it.
    world.clock.now += 1000
    try world.putLogin("bad")
    #expect(try world.pull().totalSetAside == 0)
    #expect(world.guids.count == 3)
  }

  @Test(arguments: rows) func theOlderCopyIsKept(row: Row) throws {
    let world = try World()
    try world.putLogin("good")
    try world.putLogin("bad", password: "older")
    _ = try world.pull()
    world.clock.now += 1000
    try world.server.put("bad", in: "passwords", row.payload(world))
    let result = try world.pull()
    #expect(result.setAside == 1 && result.keptOlder == 1 && world.password("bad") == "older")
    #expect(world.guids == ["bad", "good"])
    world.clock.now += 1000
    try world.putTombstone("bad")
    let last = try world.pull()
    #expect(last.removed == 1 && last.totalSetAside == 0 && world.guids == ["good"])
  }

  @Test func aTombstoneEndsARecordSetAside() throws {
    let world = try World()
    world.server.put("bad", in: "passwords", "x")
    _ = try world.pull()
    try world.putTombstone("bad")
    let result = try world.pull()
    #expect(result.removed == 0 && result.totalSetAside == 0 && result.totalLogins == 0)
  }

  /// crypto/keys is read again for the first wrong HMAC of a pull and then no more.
  @Test func keysAreReadAgainOnce() throws {
    let world = try World()
    world.server.pageLimit = 2
    let other = try SyncKeyBundle(syncKey: world.random.secret(64))
    for number in 0..<5 {
      try world.server.put("bad-\(number)", in: "passwords", world.encrypt("{}", with: other))
    }
    try world.putLogin("good")
    let result = try world.pull()
    #expect(result.setAside == 5 && result.added == 1)
    #expect(world.server.paths.filter { $0 == "/storage/crypto/keys" }.count == 2)
    try world.server.put("bad-0", in: "passwords", world.encrypt("{}", with: other))
    world.server.clearLog()
    _ = try world.pull()
    #expect(world.server.paths.filter { $0 == "/storage/crypto/keys" }.count == 1)
  }

  @Test func idsThatNoClientMakes() throws {
    let world = try World()
    let id = "a,b"
    try world.server.put(id, in: "passwords", world.encrypt(World.login(id)))
    _ = try world.pull()
    #expect(world.mirror.contents.setAside[id]?.reason == "its id cannot be a record's id")
  }

  @Test func firefoxOwnSessionIsIgnored() throws {
    let world = try World()
    let text =
      #"{"id":"fxa","hostname":"chrome://FirefoxAccounts","formSubmitURL":null,"password":"{}","#
      + #""httpRealm":"Firefox Accounts credentials","username":"u"}"#
    try world.server.put("fxa", in: "passwords", world.encrypt(text))
    let result = try world.pull()
    #expect(result.added == 0 && result.setAside == 0 && world.guids.isEmpty)
  }

  @Test func payloadsThatAreNoStrings() throws {
    let world = try World()
    try world.putLogin("good")
    world.server.decorate = { _, request, response in
      guard request.url.contains("/storage/passwords") else { return }
      response.body = SecretBytes(
        utf8: #"[{"id":"a"},{"id":"b","payload":7},{"id":"c","payload":null,"modified":"x"}]"#)
    }
    let result = try world.pull()
    #expect(result.setAside == 3 && result.totalLogins == 0)
    let time = try #require(try world.state().passwordsTime).hundredths
    for id in ["a", "b", "c"] {
      #expect(
        world.mirror.contents.setAside[id] == SetAsideRecord(id: id, reason: "no payload", modified: time))
    }
  }

  /// Nothing that was decrypted, no key and no header shows up in what is said about a record.
  @Test func reasonsHoldNothingOutOfTheRecord() throws {
    let world = try World()
    try world.server.put(
      "bad", in: "passwords",
      world.encrypt(
        #"{"id":"bad","hostname":"https://hush.example","password":"hush","username":"hush\u0000"}"#))
    _ = try world.pull()
    #expect(world.mirror.contents.setAside["bad"]?.reason.contains("hush") == false)
  }
}
