import Crypto
import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct OAuthTests {
  static let client: JSON = "3c49430b43dfba77"

  @Test func grantsTokensForSessionsAndRefreshTokens() async throws {
    try await TestSandbox.run { (test) async throws in
      let session = try await test.session()
      let first = try await test.accessToken(
        extra: [JSON.Member("access_type", "offline"), JSON.Member("ttl", 100)], session: session)
      #expect(first["expires_in"] == 100 && first["token_type"] == "bearer")
      func refresh(_ token: JSON?, _ client: JSON = Self.client, scope: JSON? = nil) async throws -> JSON {
        var body: JSON = ["grant_type": "refresh_token", "client_id": client, "refresh_token": token ?? nil]
        if let scope { body.set("scope", scope) }
        return try JSON(parsing: try await test.send("POST", "/auth/v1/oauth/token", body).body)
      }
      let second = try await refresh(first["refresh_token"])
      #expect(second["access_token"] != first["access_token"] && second["refresh_token"] == nil)
      #expect(try await refresh(first["refresh_token"], "a2270f727f45f648")["errno"] == 110)
      #expect(try await refresh(first["refresh_token"], scope: "profile")["errno"] == 163)
      #expect(try await refresh("00")["errno"] == 110)
      #expect(try await test.send("POST", "/auth/v1/oauth/destroy", ["token": "unknown"]).status == 200)
      #expect(
        try await test.send(
          "POST", "/oauth/v1/destroy", ["refresh_token": first["refresh_token"] ?? nil]
        ).status == 200)
      #expect(try await refresh(first["refresh_token"])["errno"] == 110)
      #expect(try await test.storageToken(second).status == 401)
      try await test.set("oauth.revoked-errno", 182)
      #expect(try await refresh(first["refresh_token"])["errno"] == 182)

      func errno(_ client: JSON, _ scope: JSON) async throws -> JSON? {
        let body: JSON = ["grant_type": "fxa-credentials", "client_id": client, "scope": scope]
        return try JSON(
          parsing: try await test.send("POST", "/auth/v1/oauth/token", body, headers: session).body)[
            "errno"]
      }
      #expect(try await errno("0000000000000000", "profile") == 162)
      #expect(try await errno(Self.client, "something:else") == 163)
      #expect(try await errno("802d56ef2a9af9fa", "profile") == 166)
      #expect(try await errno(Self.client, "a<b") == 107)
    }
  }

  @Test func exchangesAuthorizationCodes() async throws {
    try await TestSandbox.run { (test) async throws in
      let session = try await test.session()
      let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
      let challenge = Signing.url64(Data(SHA256.hash(data: Data(verifier.utf8))))
      func authorize(_ change: (inout JSON) -> Void = { _ in }) async throws -> JSON {
        var body: JSON = [
          "client_id": Self.client, "state": "abc", "scope": .string(SyncKey.scope), "access_type": "offline",
          "response_type": "code", "code_challenge": .string(challenge), "code_challenge_method": "S256",
          "keys_jwe": "a..b.c.d",
        ]
        change(&body)
        return try JSON(
          parsing: try await test.send("POST", "/auth/v1/oauth/authorization", body, headers: session).body)
      }
      func trade(_ code: JSON?, _ verifier: JSON, client: JSON = Self.client) async throws -> JSON {
        let body: JSON = [
          "grant_type": "authorization_code", "client_id": client, "code": code ?? nil,
          "code_verifier": verifier,
        ]
        return try JSON(parsing: try await test.send("POST", "/auth/v1/oauth/token", body).body)
      }
      let granted = try await authorize()
      #expect(granted["redirect"]?.text?.contains("code=\(granted["code"]?.text ?? "-")&state=abc") == true)
      let other = String(repeating: "x", count: 43)
      #expect(try await trade(granted["code"], .string(other))["errno"] == 175)
      #expect(try await trade(granted["code"], "short")["errno"] == 107)
      #expect(try await trade(granted["code"], .string(verifier), client: "a2270f727f45f648")["errno"] == 173)
      let tokens = try await trade(granted["code"], .string(verifier))
      #expect(
        tokens["refresh_token"] != nil && tokens["keys_jwe"] == "a..b.c.d" && tokens["session_token"] == nil)
      #expect(try await trade(granted["code"], .string(verifier))["errno"] == 172)
      #expect(try await authorize { $0.set("response_type", "token") }["errno"] == 168)
      #expect(try await authorize { $0.set("redirect_uri", "https://evil.example/") }["errno"] == 167)
      #expect(try await authorize { $0.set("redirect_uri", "http://127.0.0.1:9/x") }["code"] != nil)
      #expect(try await authorize { $0.set("code_challenge", nil) }["errno"] == 169)
      #expect(try await authorize { $0.set("acr_values", "AAL2") }["errno"] == 170)
      let late = try await authorize()
      try await test.moveClock(1000)
      #expect(try await trade(late["code"], .string(verifier))["errno"] == 174)
    }
  }

  @Test func expiresAccessTokens() async throws {
    try await TestSandbox.run { (test) async throws in
      let access = try await test.accessToken(scope: "profile", extra: [JSON.Member("ttl", 60)])
      let bearer = [("Authorization", "Bearer \(access["access_token"]?.text ?? "")")]
      let profile = try await test.send("GET", "/profile/v1/profile", headers: bearer)
      #expect(try JSON(parsing: profile.body)["email"]?.text == test.email)
      let tag = try #require(profile.header("ETag"))
      let same = try await test.send("GET", "/profile/v1/profile", headers: bearer + [("If-None-Match", tag)])
      #expect(same.status == 304)
      func introspected() async throws -> JSON {
        try JSON(
          parsing: try await test.send(
            "POST", "/oauth/v1/introspect", ["token": access["access_token"] ?? nil]
          ).body)
      }
      #expect(try await introspected()["scope"] == "profile")
      try await test.moveClock(61)
      #expect(try await introspected()["active"] == false)
      #expect(try await test.send("GET", "/profile/v1/profile", headers: bearer).status == 401)
    }
  }
}
