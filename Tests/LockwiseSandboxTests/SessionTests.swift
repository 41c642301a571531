import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct SessionTests {
  @Test func checksTheFormOfBearerTokens() async throws {
    try await TestSandbox.run { (test) async throws in
      let token = try JSON(parsing: try await test.login().body)["sessionToken"]
      let id = Signing.token(token?.text ?? "", kind: "sessionToken").id
      func status(_ authorization: String) async throws -> Int {
        try await test.send("GET", "/auth/v1/session/status", headers: [("Authorization", authorization)])
          .status
      }
      #expect(try await status("Bearer fxs_\(id)") == 200)
      for bad in [
        "bearer fxs_\(id)", "Bearer  fxs_\(id)", "Bearer fxs_\(id.uppercased())", "Bearer fxk_\(id)",
        "Bearer \(id)",
        "Bearer fxs_\(id)0", "Bearer fxs_\(id.dropLast())", "Bearer fxs_\(id) x", "fxs_\(id)",
        "Bearer fxs_" + String(repeating: "0", count: 64),
      ] {
        #expect(try await status(bad) == 401, "\(bad)")
      }
      #expect(try await test.control("GET", "state")["log"]?["rejected"]?.int == 10)
    }
  }

  @Test func checksHawkHeaders() async throws {
    try await TestSandbox.run { (test) async throws in
      let token = try #require(JSON(parsing: try await test.login().body)["sessionToken"]?.text)
      let derived = Signing.token(token, kind: "sessionToken")
      let target = "/auth/v1/session/destroy"
      func errno(_ change: (inout Signing.Hawk) -> Void, body: JSON = ["customSessionToken": "x"])
        async throws
        -> Int?
      {
        var hawk = Signing.Hawk(id: derived.id, key: derived.hawkKey)
        hawk.hash = HawkHeader.payloadHash(contentType: "application/json", body: body.encoded)
        change(&hawk)
        let header = hawk.header(method: "POST", target: target, port: test.port)
        let response = try await test.send("POST", target, body, headers: [("Authorization", header)])
        return try JSON(parsing: response.body)["errno"]?.int
      }
      // Error 107 is about the body, so the header was accepted.
      #expect(try await errno { _ in } == 107)
      #expect(try await errno { $0.hash = "" } == 107)
      #expect(try await errno { $0.key = Data("wrong".utf8) } == 109)
      #expect(try await errno { $0.hash = "AAAA" } == 109)
      #expect(try await errno { $0.timestamp -= 300 } == 111)
      let now = Int(Date().timeIntervalSince1970)
      #expect(try await errno { ($0.nonce, $0.timestamp) = ("same", now) } == 107)
      #expect(try await errno { ($0.nonce, $0.timestamp) = ("same", now) } == 115)
      #expect(try await errno { $0.id = String(repeating: "0", count: 64) } == 110)
      try await test.set("accounts.hawk-strict", false)
      #expect(try await errno { $0.key = Data("wrong".utf8) } == 107)
      try await test.set("hawk.skew", 600)
      try await test.set("accounts.hawk-strict", true)
      #expect(try await errno { $0.timestamp -= 300 } == 107)
    }
  }

  @Test func endsSessions() async throws {
    try await TestSandbox.run { (test) async throws in
      let login = try JSON(parsing: try await test.login().body)
      let session = test.bearer(login["sessionToken"])
      let duplicate = try await test.send("POST", "/auth/v1/session/duplicate", [:], headers: session)
      let copy = test.bearer(try JSON(parsing: duplicate.body)["sessionToken"])
      let authPW = Signing.authPW(email: test.email, password: test.password).authPW
      let reauth = try await test.send(
        "POST", "/auth/v1/session/reauth?keys=true",
        ["email": .string(test.email), "authPW": .string(authPW)],
        headers: copy)
      #expect(try JSON(parsing: reauth.body)["keyFetchToken"] != nil)
      #expect(try JSON(parsing: reauth.body)["sessionToken"] == nil)
      #expect(try await test.send("POST", "/auth/v1/session/destroy", [:], headers: session).status == 200)
      #expect(try await test.send("POST", "/auth/v1/session/destroy", [:], headers: session).status == 401)
      let keyFetch = test.bearer(login["keyFetchToken"], kind: "keyFetchToken", prefix: "fxk")
      #expect(try await test.send("GET", "/auth/v1/account/keys", headers: keyFetch).status == 401)
      #expect(try await test.send("GET", "/auth/v1/recovery_email/status", headers: copy).status == 200)
      let sign = try await test.send("POST", "/auth/v1/certificate/sign", [:], headers: copy)
      #expect(sign.status == 404)
      #expect(try JSON(parsing: sign.body)["errno"] == 116)
      let keys = try await test.send(
        "POST", "/auth/v1/account/scoped-key-data",
        ["client_id": "3c49430b43dfba77", "scope": .string(SyncKey.scope)], headers: copy)
      let entry = try JSON(parsing: keys.body)[SyncKey.scope]
      #expect(entry?["keyRotationTimestamp"] == test.account["keyRotationTimestamp"])
      #expect(entry?["keyRotationSecret"]?.text == String(repeating: "0", count: 64))
    }
  }

  @Test func registersDevices() async throws {
    try await TestSandbox.run { (test) async throws in
      let session = try await test.session()
      let access = try await test.accessToken(
        extra: [JSON.Member("access_type", "offline")], session: try await test.session())
      let refresh = [("Authorization", "Bearer \(access["refresh_token"]?.text ?? "")")]
      func device(_ body: JSON, _ headers: [(String, String)]) async throws -> JSON {
        try JSON(parsing: try await test.send("POST", "/auth/v1/account/device", body, headers: headers).body)
      }
      let mine = try await device(["name": "lockwise on host", "type": "desktop"], refresh)
      let id = try #require(mine["id"]?.text)
      #expect(id.count == 32)
      #expect(try await device(["name": "again", "type": "desktop"], refresh)["id"]?.text == id)
      #expect(try await device(["id": .string(id), "name": "renamed"], refresh)["name"] == "renamed")
      #expect(try await device(["id": "00", "name": "x"], refresh)["errno"] == 107)
      let unknown = String(repeating: "0", count: 32)
      #expect(try await device(["id": .string(unknown), "name": "x"], refresh)["errno"] == 123)
      #expect(try await device(["name": "a\u{1}b", "type": "desktop"], session)["errno"] == 107)
      #expect(
        try await device(["name": "x", "type": "desktop", "pushCallback": "y"], session)["errno"] == 107)
      let other = try #require(try await device(["name": "browser", "type": "desktop"], session)["id"]?.text)
      let conflict = try await device(["id": .string(other), "name": "x"], refresh)
      #expect(conflict["errno"] == 124 && conflict["deviceId"]?.text == id)
      let list =
        try JSON(
          parsing: try await test.send("GET", "/auth/v1/account/devices", headers: refresh).body
        ).list ?? []
      #expect(
        list.count == 2 && list.filter { $0["isCurrentDevice"] == true }.map { $0["name"] } == ["renamed"])
      let clients =
        try JSON(
          parsing: try await test.send("GET", "/auth/v1/account/attached_clients", headers: session).body
        ).list ?? []
      #expect(clients.contains { $0["clientId"] == "3c49430b43dfba77" && $0["name"] == "renamed" })
      #expect(clients.contains { $0["isCurrentSession"] == true && $0["name"] == "browser" })
      let gone = try await test.send(
        "POST", "/auth/v1/account/device/destroy", ["id": .string(id)], headers: session)
      #expect(gone.status == 200)
      #expect(try await test.send("GET", "/auth/v1/account/devices", headers: refresh).status == 401)
    }
  }
}
