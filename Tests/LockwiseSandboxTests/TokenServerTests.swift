import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct TokenServerTests {
  private func word(_ response: RawHTTP.Response) throws -> String? {
    try JSON(parsing: response.body)["status"]?.text
  }

  @Test func issuesTokensThatStorageAccepts() async throws {
    try await TestSandbox.run { (test) async throws in
      let response = try await test.storageToken(try await test.accessToken(), query: "?duration=120")
      #expect(response.status == 200 && Int(response.header("X-Timestamp") ?? "") != nil)
      let token = try JSON(parsing: response.body)
      #expect(token["duration"] == 120 && token["hashalg"] == "sha256" && token["node_type"] == "mysql")
      let endpoint = try #require(token["api_endpoint"]?.text)
      #expect(endpoint == "\(test.base)/storage/1.5/\(token["uid"]?.int ?? 0)")
      let target = String(endpoint.dropFirst(test.base.count)) + "/info/collections"
      let hawk = Signing.Hawk(id: token["id"]?.text ?? "", key: Data((token["key"]?.text ?? "").utf8))
      let header = hawk.header(method: "GET", target: target, port: test.port)
      let info = try await test.send("GET", target, headers: [("Authorization", header)])
      #expect(try JSON(parsing: info.body)["passwords"] == .number("1795356040.71"))
    }
  }

  @Test func refusesInvalidRequests() async throws {
    try await TestSandbox.run { (test) async throws in
      let good = try await test.accessToken()
      let wide = try await test.accessToken(scope: SyncKey.scope + " profile")
      let profile = try await test.accessToken(scope: "profile")
      #expect(try word(await test.storageToken(["access_token": "x"])) == "invalid-credentials")
      #expect(try word(await test.storageToken(wide)) == "invalid-credentials")
      #expect(try word(await test.storageToken(profile)) == "invalid-credentials")
      let browserID = try await test.send(
        "GET", "/token/1.0/sync/1.5", headers: [("Authorization", "BrowserID a~b"), ("X-KeyID", test.kid)])
      #expect(try word(browserID) == "invalid-credentials")
      #expect(try word(await test.storageToken(good, keyID: "nonsense")) == "invalid-key-id")
      let state = [("X-Client-State", "00000000000000000000000000000000")]
      #expect(try word(await test.storageToken(good, headers: state)) == "invalid-client-state")
      let right = [("X-Client-State", "0758660ee61326d82072411998ed29d2")]
      #expect(try await test.storageToken(good, headers: right).status == 200)
      for (path, status) in [
        ("/token/1.0/other/1.5", 404), ("/token/1.0/sync/1.1", 404), ("/token/2.0", 404),
      ] {
        let response = try await test.send("GET", path)
        #expect(response.status == status)
        #expect(try word(response) == "error")
      }
      #expect(try await test.send("POST", "/token/1.0/sync/1.5", [:]).status == 405)
    }
  }

  @Test func refusesOldKeysAndGenerations() async throws {
    try await TestSandbox.run { (test) async throws in
      let access = try await test.accessToken()
      let parts = test.kid.split(separator: "-", maxSplits: 1)
      let time = try #require(Int(parts[0]))
      let other = "AAAAAAAAAAAAAAAAAAAAAA"
      func uid(_ keyID: String) async throws -> Int? {
        try JSON(parsing: try await test.storageToken(access, keyID: keyID).body)["uid"]?.int
      }
      func word(_ keyID: String) async throws -> String? {
        try self.word(await test.storageToken(access, keyID: keyID))
      }
      let first = try #require(try await uid(test.kid))
      #expect(try await word("\(time - 1)-\(parts[1])") == "invalid-keysChangedAt")
      #expect(try await word("\(time)-\(other)") == "invalid-client-state")
      #expect(try await word("\(time + 5)-") == "invalid-client-state")
      let second = try #require(try await uid("\(time + 5)-\(other)"))
      #expect(second != first)
      #expect(try await word("\(time + 9)-\(parts[1])") == "invalid-client-state")
      #expect(try await word(test.kid) == "invalid-keysChangedAt")
      let storage = StorageUser(test, uid: second)
      #expect(try await storage.call("GET", "/info/collections").text == "{}")
      #expect(try await StorageUser(test, uid: first).call("GET", "/info/collections").status == 401)
    }
  }

  @Test func movesAccountsAndAppliesSwitches() async throws {
    try await TestSandbox.run { (test) async throws in
      let access = try await test.accessToken()
      for (word, status) in [
        ("invalid-credentials", 401), ("invalid-key-id", 401), ("invalid-client-state", 401),
        ("invalid-generation", 401), ("invalid-keysChangedAt", 401), ("invalid-timestamp", 401),
        ("new-users-disabled", 403), ("error", 503), ("internal-error", 500),
      ] {
        try await test.set("token.error", .string(word))
        let response = try await test.storageToken(access)
        #expect(response.status == status, "\(word)")
        #expect(try self.word(response) == word)
        #expect(response.header("X-Timestamp") != nil)
        #expect((response.header("Retry-After") == "30") == (status == 503))
      }
      try await test.control("DELETE", "switches")
      try await test.set("token.duration", 7)
      let before = try JSON(parsing: try await test.storageToken(access).body)
      #expect(before["duration"] == 7)
      let moved = try await test.control("POST", "reassign", ["keepData": true])
      let after = try JSON(parsing: try await test.storageToken(access).body)
      #expect(
        after["api_endpoint"] == moved["api_endpoint"] && after["api_endpoint"] != before["api_endpoint"])
      #expect(after["api_endpoint"]?.text?.contains("/storage-2/1.5/") == true)
      let old = StorageUser(test, uid: try #require(before["uid"]?.int))
      #expect(try await old.call("GET", "/info/collections").status == 401)
      let new = StorageUser(test, uid: try #require(after["uid"]?.int))
      #expect(try await new.ids("passwords").count == 47)

      try await test.control("POST", "account", ["password": "new", "keepTokens": true])
      #expect(try word(await test.storageToken(access)) == "invalid-generation")
      try await test.control("POST", "account", ["create": "second@example.org", "password": "p"])
      try await test.set("token.new-users-disabled", true)
      let session = try JSON(parsing: try await test.login(email: "second@example.org", password: "p").body)
      let fresh = try await test.accessToken(session: test.bearer(session["sessionToken"]))
      #expect(try word(await test.storageToken(fresh)) == "new-users-disabled")
    }
  }
}
