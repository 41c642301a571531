import LockwiseCore
import LockwiseSync
import LockwiseTestSupport
import Testing

/// Records that are not logins are skipped, counted and kept apart, and never stop a pull.
@Suite struct BadRecordTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: String
    let payload: @Sendable (SyncFixture) throws -> String
    var testDescription: String { name }
  }

  private static func clear(_ name: String, _ reason: String, _ cleartext: String) -> Row {
    Row(name: name, reason: reason) { try $0.encrypt(cleartext) }
  }

  static let rows: [Row] = [
    Row(name: "empty payload", reason: "not an encrypted record") { _ in "" },
    Row(name: "no JSON", reason: "not an encrypted record") { _ in "<html>" },
    Row(name: "other keys", reason: "encrypted with other keys, or tampered with") { fixture in
      try fixture.encrypt(SyncFixture.login("bad"), with: SyncKeyBundle(syncKey: fixture.random.secret(64)))
    },
    Row(name: "bad IV", reason: "its encryption is damaged") { fixture in
      let payload = try fixture.encrypt(SyncFixture.login("bad"))
      return payload.replacing(#"=="#, with: "=")
    },
    clear("cleartext no JSON", "not a JSON object", "hello"),
    clear("cleartext list", "not a JSON object", "[]"),
    clear("cleartext empty", "not a JSON object", ""),
    clear("another id", "its id differs from the id it is stored under", SyncFixture.login("other")),
    clear(
      "tombstone with another id", "its id differs from the id it is stored under",
      #"{"id":"good","deleted":true}"#),
    clear("no password", "no password", LoginJSON("bad", realm: "", username: nil, password: nil).text),
    clear(
      "no target", "neither a form nor a realm",
      #"{"id":"bad","hostname":"https://a","password":"p"}"#),
    clear(
      "both targets", "both a form and a realm",
      #"{"id":"bad","hostname":"https://a","password":"p","formSubmitURL":"","httpRealm":"x"}"#),
    clear(
      "wrong type", "member username has the wrong type",
      LoginJSON("bad", username: nil, more: ["username": "1"]).text),
  ]

  @Test(arguments: rows) func setsABadRecordAside(row: Row) throws {
    let fixture = try SyncFixture()
    try fixture.putLogin("good")
    let time = try fixture.server.put("bad", in: "passwords", row.payload(fixture))
    try fixture.putLogin("good-too")
    let result = try fixture.pull()
    #expect(result.added == 2 && result.setAside == 1 && result.keptOlder == 0 && result.totalSetAside == 1)
    #expect(fixture.guids == ["good", "good-too"])
    #expect(
      fixture.mirror.contents.setAside["bad"] == SetAsideRecord(id: "bad", reason: row.reason, modified: time))
    #expect(try fixture.state().setAsideCount == 1)
    #expect(try fixture.pull().requests == 1)
    // A valid version replaces it.
    fixture.clock.now += 1000
    try fixture.putLogin("bad")
    #expect(try fixture.pull().totalSetAside == 0)
    #expect(fixture.guids.count == 3)
  }

  @Test(arguments: rows) func keepsTheOlderVersion(row: Row) throws {
    let fixture = try SyncFixture()
    try fixture.putLogin("good")
    try fixture.putLogin("bad", password: "older")
    _ = try fixture.pull()
    fixture.clock.now += 1000
    try fixture.server.put("bad", in: "passwords", row.payload(fixture))
    let result = try fixture.pull()
    #expect(result.setAside == 1 && result.keptOlder == 1 && fixture.password("bad") == "older")
    #expect(fixture.guids == ["bad", "good"])
    fixture.clock.now += 1000
    try fixture.putTombstone("bad")
    let last = try fixture.pull()
    #expect(last.removed == 1 && last.totalSetAside == 0 && fixture.guids == ["good"])
  }

  @Test func removesARecordSetAsideAfterATombstone() throws {
    let fixture = try SyncFixture()
    fixture.server.put("bad", in: "passwords", "x")
    _ = try fixture.pull()
    try fixture.putTombstone("bad")
    let result = try fixture.pull()
    #expect(result.removed == 0 && result.totalSetAside == 0 && result.totalLogins == 0)
  }

  /// After the first wrong HMAC of a pull, crypto/keys is read once more.
  @Test func readsTheKeysAgainOnce() throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 2
    let other = try SyncKeyBundle(syncKey: fixture.random.secret(64))
    for number in 0..<5 {
      try fixture.server.put("bad-\(number)", in: "passwords", fixture.encrypt("{}", with: other))
    }
    try fixture.putLogin("good")
    let result = try fixture.pull()
    #expect(result.setAside == 5 && result.added == 1)
    #expect(fixture.server.paths.filter { $0 == "/storage/crypto/keys" }.count == 2)
    try fixture.server.put("bad-0", in: "passwords", fixture.encrypt("{}", with: other))
    fixture.server.clearLog()
    _ = try fixture.pull()
    #expect(fixture.server.paths.filter { $0 == "/storage/crypto/keys" }.count == 1)
  }

  @Test func acceptsUnusualIDs() throws {
    let fixture = try SyncFixture()
    let id = "a,b"
    try fixture.server.put(id, in: "passwords", fixture.encrypt(SyncFixture.login(id)))
    _ = try fixture.pull()
    #expect(fixture.mirror.contents.setAside[id]?.reason == "its id is invalid")
  }

  @Test func ignoresFirefoxsOwnSession() throws {
    let fixture = try SyncFixture()
    let text = LoginJSON(
      "fxa", origin: "chrome://FirefoxAccounts", realm: "Firefox Accounts credentials", password: "{}",
      more: ["formSubmitURL": "null"]
    ).text
    try fixture.server.put("fxa", in: "passwords", fixture.encrypt(text))
    let result = try fixture.pull()
    #expect(result.added == 0 && result.setAside == 0 && fixture.guids.isEmpty)
  }

  @Test func setsAsidePayloadsThatAreNotStrings() throws {
    let fixture = try SyncFixture()
    try fixture.putLogin("good")
    fixture.server.decorate = { _, request, response in
      guard request.url.contains("/storage/passwords") else { return }
      response.body = SecretBytes(
        utf8: #"[{"id":"a"},{"id":"b","payload":7},{"id":"c","payload":null,"modified":"x"}]"#)
    }
    let result = try fixture.pull()
    #expect(result.setAside == 3 && result.totalLogins == 0)
    let time = try #require(try fixture.state().passwordsTime).hundredths
    for id in ["a", "b", "c"] {
      #expect(
        fixture.mirror.contents.setAside[id] == SetAsideRecord(id: id, reason: "no payload", modified: time))
    }
  }

  /// The report about a record contains no decrypted text, key or header.
  @Test func keepsContentsOutOfReasons() throws {
    let fixture = try SyncFixture()
    try fixture.server.put(
      "bad", in: "passwords",
      fixture.encrypt(
        #"{"id":"bad","hostname":"https://hush.example","password":"hush","username":"hush\u0000"}"#))
    _ = try fixture.pull()
    #expect(fixture.mirror.contents.setAside["bad"]?.reason.contains("hush") == false)
  }
}
