import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct ControlTests {
  @Test func injectsFaults() async throws {
    try await TestSandbox.run { (test) async throws in
      let user = StorageUser(test)
      try await test.control(
        "POST", "faults",
        [
          [
            "match": ["method": "PUT", "path": "/storage/c/", "nth": 2],
            "action": ["status": 503, "headers": ["Retry-After": "7"], "body": "sorry"],
          ],
          ["match": ["path": "/storage/drop"], "action": ["dropBefore": true]],
          ["match": ["path": "/storage/late"], "action": ["dropAfter": true]],
          ["match": ["path": "info/quota", "count": 0], "action": ["truncateBody": 3]],
          [
            "match": ["path": "info/collections"],
            "action": ["headers": ["X-Weave-Backoff": 9], "delayMs": 30],
          ],
          ["match": ["path": "/storage/done"], "action": ["status": 500, "process": true]],
        ])
      let put = "{\"payload\":\"x\"}"
      #expect(try await user.call("PUT", "/storage/c/a", put).status == 200)
      let sorry = try await user.call("PUT", "/storage/c/b", put)
      #expect(sorry.status == 503 && sorry.text == "sorry" && sorry.header("Retry-After") == "7")
      #expect(try await user.call("PUT", "/storage/c/c", put).status == 200)
      #expect(try await user.ids("c?sort=oldest") == ["a", "c"])
      await #expect(throws: RawHTTP.Failure.noAnswer) { try await user.call("PUT", "/storage/drop/a", put) }
      #expect(try await user.ids("drop") == [])
      await #expect(throws: RawHTTP.Failure.noAnswer) { try await user.call("PUT", "/storage/late/a", put) }
      #expect(try await user.ids("late") == ["a"])
      for _ in 0..<2 {
        await #expect(throws: RawHTTP.Failure.truncated(3)) { try await user.call("GET", "/info/quota") }
      }
      let began = ContinuousClock.now
      let slow = try await user.call("GET", "/info/collections")
      #expect(slow.status == 200 && slow.header("X-Weave-Backoff") == "9" && slow.text.contains("late"))
      #expect(ContinuousClock.now - began >= .milliseconds(30))
      #expect(try await user.call("PUT", "/storage/done/a", put).status == 500)
      #expect(try await user.ids("done") == ["a"])
      let table = try await test.control("GET", "faults").list ?? []
      #expect(table.count == 6 && table[3]["matches"] == 2)
      try await test.control("DELETE", "faults")
      #expect(try await user.call("GET", "/info/quota").status == 200)
      let bad = try await test.send("POST", "/__sandbox__/faults", [["action": ["explode": true]]])
      #expect(bad.status == 400)
    }
  }

  @Test func logsNoSecrets() async throws {
    try await TestSandbox.run { (test) async throws in
      let access = try await test.accessToken()
      _ = try await test.storageToken(access)
      let user = StorageUser(test)
      try await user.put("c/a", ["payload": "very secret"])
      _ = try await test.send("GET", "/nowhere")
      let log = try await test.send("GET", "/__sandbox__/requests").text
      for secret in [
        "very secret", access["access_token"]?.text ?? "", "authPW", user.hawk.id, test.password,
      ] {
        #expect(!log.contains(secret))
      }
      let lines = try await test.log()
      #expect(
        lines.map { $0["auth"]?.text } == ["none", "bearer-session", "bearer-oauth", "hawk-storage", "none"])
      #expect(lines.last?["notes"] == ["unserved"] && lines.last?["status"] == 404)
      #expect(lines[3]["bytesIn"]?.int == 25 && lines[3]["headers"]?.list?.contains("Authorization") == true)
      let state = try await test.control("GET", "state")
      #expect(state["log"]?["unserved"] == 1 && state["log"]?["unconditionalWrites"] == 1)
      try await test.control("DELETE", "requests")
      #expect(try await test.log().isEmpty)
    }
  }

  @Test func checksSwitches() async throws {
    try await TestSandbox.run { (test) async throws in
      #expect(try await test.send("POST", "/__sandbox__/switches", ["no.such": 1]).status == 400)
      #expect(try await test.send("POST", "/__sandbox__/switches", ["hawk.skew": "x"]).status == 400)
      let half: JSON = ["hawk.skew": 5, "no.such": 1]
      #expect(try await test.send("POST", "/__sandbox__/switches", half).status == 400)
      #expect(try await test.control("GET", "switches")["hawk.skew"] == 60)
      #expect(try await test.control("POST", "switches", ["hawk.skew": 5]) == ["hawk.skew": 5])
      #expect(try await test.control("POST", "switches", ["hawk.skew": nil]) == [:])
    }
    var switches = Switches()
    #expect(throws: SandboxError.self) { try switches.set(assignment: "hawk.skew") }
    try switches.set(assignment: "accounts.verification=email-otp")
    try switches.set(assignment: "hawk.skew=12")
    #expect(switches["accounts.verification"] == "email-otp" && switches["hawk.skew"] == 12)
  }

  @Test func editsAndDecryptsRecords() async throws {
    try await TestSandbox.run { (test) async throws in
      func decrypted(_ id: String) async throws -> JSON? {
        try await test.control("GET", "decrypt?collection=passwords&id=\(id)").list?.first
      }
      let before = try await test.control("GET", "decrypt?collection=passwords").list ?? []
      #expect(before.count == 47 && before.filter { $0["cleartext"]?["deleted"] == true }.count == 1)
      try await test.control(
        "POST", "edit",
        [
          "collection": "passwords", "id": "new1",
          "cleartext": ["hostname": "https://x.example", "password": "pw"],
        ])
      #expect(try await decrypted("new1")?["cleartext"]?["id"] == "new1")
      try await test.control("POST", "edit", ["collection": "passwords", "id": "new1", "tombstone": true])
      #expect(try await decrypted("new1")?["cleartext"] == ["id": "new1", "deleted": true])
      for how in ["hmac", "ciphertext", "cleartext", "json", "iv", "key"] {
        try await test.control(
          "POST", "edit",
          ["collection": "passwords", "id": "bad", "cleartext": ["a": "b"], "corrupt": .string(how)])
        #expect(try await decrypted("bad")?["error"] != nil, "\(how)")
      }
      try await test.control(
        "POST", "edit", ["collection": "passwords", "id": "bad", "cleartext": ["a": "b"], "corrupt": "id"])
      #expect(try await decrypted("bad")?["cleartext"]?["id"] == "xad")
      let times = try await test.control(
        "POST", "edit",
        [
          "collection": "passwords",
          "edits": [
            ["id": "e1", "cleartext": [:]], ["id": "e2", "cleartext": [:]], ["id": "bad", "delete": true],
          ],
        ])
      #expect(try await decrypted("bad") == nil && times["modified"] != nil)
      #expect(try await decrypted("e1")?["modified"] == decrypted("e2")?["modified"])
      #expect(
        try await test.control("GET", "decrypt?collection=meta").list?.first?["cleartext"]?["storageVersion"]
          == 5)
      #expect(
        try await test.control("GET", "decrypt?collection=crypto").list?.first?["cleartext"]?["default"]
          != nil)
      #expect(
        try await test.send("POST", "/__sandbox__/edit", ["collection": "passwords", "id": "x"]).status == 400
      )
    }
  }

  @Test func changesAndResetsPasswords() async throws {
    try await TestSandbox.run { (test) async throws in
      let session = try await test.session()
      let changed = try await test.control("POST", "account", ["password": "second"])
      #expect(changed["kid"]?.text == test.kid)
      #expect(try await test.send("GET", "/auth/v1/session/status", headers: session).status == 401)
      let reset = try await test.control("POST", "account", ["password": "third", "newKeys": true])
      #expect(reset["kid"]?.text != test.kid)
      let login = try JSON(parsing: try await test.login(password: "third").body)
      let access = try await test.accessToken(session: test.bearer(login["sessionToken"]))
      let stale = try await test.storageToken(access)
      #expect(stale.status == 200)
      let fresh = try await test.storageToken(access, keyID: reset["kid"]?.text)
      #expect(try JSON(parsing: fresh.body)["uid"] != JSON(parsing: stale.body)["uid"])
    }
  }

  @Test func savesAndLoadsItsState() async throws {
    let path = NSTemporaryDirectory() + "sandbox-state-\(UUID().uuidString).json"
    defer { unlink(path) }
    var configuration = SandboxConfiguration()
    configuration.state = path
    configuration.tokenSecret = TestSandbox.secret
    configuration.account = .init(email: "new@example.org", password: "pw")
    configuration.generate = 250
    configuration.fastPasswords = true
    let (session, before) = try await TestSandbox.run(configuration) { (test) async throws in
      let login = try JSON(parsing: try await test.login(email: "new@example.org", password: "pw").body)
      let user = StorageUser(test, uid: 1001)
      try await user.put("c/a", ["payload": "é\"\\\n", "sortindex": -5, "ttl": 1000])
      try await test.control("POST", "save")
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
      let page = try await user.call("GET", "/storage/c/a")
      return (test.bearer(login["sessionToken"]), page.text)
    }
    try await TestSandbox.run(configuration) { (test) async throws in
      #expect(try await test.send("GET", "/auth/v1/session/status", headers: session).status == 200)
      let user = StorageUser(test, uid: 1001)
      #expect(try await user.call("GET", "/storage/c/a").text == before)
      #expect(try await user.ids("passwords").count == 250)
      let records = try await test.control("GET", "decrypt?collection=passwords").list ?? []
      let hosts = Set(records.compactMap { $0["cleartext"]?["hostname"]?.text })
      #expect(hosts.count == 250 && hosts.contains("https://host000123.example"))
      #expect(Set(records.compactMap { $0["cleartext"]?["password"]?.text }).count == 250)
      try await test.moveClock(1001)
      #expect(try await user.call("GET", "/storage/c/a").status == 404)
    }
    try Data("{}".utf8).write(to: URL(filePath: path))
    #expect(throws: SandboxError.self) { try Sandbox(configuration) }
  }

  @Test func servesManyRecordsQuickly() throws {
    let collection = StoredCollection(modified: .zero)
    for number in 0..<100_000 {
      collection.apply(
        RecordChange(id: "id\(number)", payload: "payload"), at: SyncTime(hundredths: Int64(number / 100 + 1)), now: 0)
    }
    let request = Request(method: "GET", target: "/c?full=1&limit=1000&newer=5", headers: [], body: Data())
    let query = try CollectionQuery(request)
    let clock = ContinuousClock()
    let elapsed = clock.measure { #expect(collection.select(query).records.count == 1000) }
    #expect(elapsed < .milliseconds(50))
    #expect(collection.records.count == 100_000 && collection.payloadBytes == 700_000)
  }
}
