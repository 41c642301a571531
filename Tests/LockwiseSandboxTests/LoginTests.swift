import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct LoginTests {
  @Test func returnsTheAccountsKeys() async throws {
    try await TestSandbox.run { (test) async throws in
      let stretched = Signing.authPW(email: test.email, password: test.password)
      let response = try JSON(parsing: try await test.login().body)
      #expect(response["uid"] == test.account["uid"] && response["verified"] == true)
      let token = try #require(response["keyFetchToken"]?.text)
      let headers = test.bearer(response["keyFetchToken"], kind: "keyFetchToken", prefix: "fxk")
      let keys = try await test.send("GET", "/auth/v1/account/keys", headers: headers)
      let bundle = Signing.bytes(hex: try #require(JSON(parsing: keys.body)["bundle"]?.text))
      #expect(bundle.count == 96)
      let derived = Signing.hkdf(
        Signing.token(token, kind: "keyFetchToken").bundleKey,
        info: "identity.mozilla.com/picl/v1/account/keys",
        count: 96)
      #expect(Signing.hmac(Data(derived[..<32]), Data(bundle[..<64])) == Data(bundle[64...]))
      let wrapKB = zip(bundle[32..<64], derived[64...]).map { $0 ^ $1 }
      let kB = zip(wrapKB, stretched.unwrapBKey).map { $0 ^ $1 }
      #expect(Signing.hex(kB) == test.account["kB"]?.text)
      let again = try await test.send("GET", "/auth/v1/account/keys", headers: headers)
      #expect(again.status == 401)
    }
  }

  /// The outcomes that a switch can force: the switches, then the status, errno and part of the body.
  static let outcomes: [(set: [String: JSON], status: Int, errno: Int?, body: String)] = [
    (["accounts.login": 102], 400, 102, "\"email\":"), (["accounts.login": 103], 400, 103, "\"email\":"),
    (["accounts.login": 114], 429, 114, "\"retryAfter\":900000"),
    (["accounts.login": 114, "accounts.retry-after-body": "s"], 429, 114, "\"retryAfter\":900,"),
    (["accounts.login": 114, "accounts.captcha": true], 429, 114, "email-captcha"),
    (["accounts.login": 120], 400, 120, "\"email\":"), (["accounts.login": 125], 400, 125, "security"),
    (["accounts.login": 125, "accounts.captcha": true], 400, 125, "email-captcha"),
    (["accounts.login": 126], 400, 126, "reset"), (["accounts.login": 142], 400, 142, "Primary"),
    (["accounts.login": 201], 503, 201, "unavailable"), (["accounts.login": 210], 400, 210, "no password"),
    (["accounts.login": "edge-406"], 406, nil, ""), (["accounts.login": "edge-429"], 429, nil, ""),
    (["accounts.login": "edge-503"], 503, nil, "<html>"),
    (["accounts.login": "edge-403"], 403, nil, "<html>"),
    (["accounts.login": "wrong-content-type"], 200, nil, "{"), (["accounts.login": "garbage"], 200, nil, "{"),
  ]

  @Test func forcesOutcomesBySwitch() async throws {
    try await TestSandbox.run { (test) async throws in
      for outcome in Self.outcomes {
        try await test.control("DELETE", "switches")
        for (name, value) in outcome.set { try await test.set(name, value) }
        let response = try await test.login()
        #expect(response.status == outcome.status, "\(outcome.set)")
        #expect((try? JSON(parsing: response.body))?["errno"]?.int == outcome.errno, "\(outcome.set)")
        #expect(response.text.contains(outcome.body) || outcome.body.isEmpty, "\(outcome.set): \(response.text)")
        if outcome.status == 429 { #expect(response.header("Retry-After") == "900", "\(outcome.set)") }
        if outcome.set["accounts.login"] == "edge-406" { #expect(response.body.isEmpty) }
      }
      try await test.control("DELETE", "switches")
      try await test.set("accounts.login", 114)
      try await test.set("accounts.retry-after-header", false)
      try await test.set("accounts.login-times", 1)
      #expect(try await test.login().header("Retry-After") == nil)
      #expect(try await test.login().status == 200)
    }
  }

  @Test func refusesByTheStateOfTheAccount() async throws {
    try await TestSandbox.run { (test) async throws in
      func errno(_ response: RawHTTP.Response) throws -> Int? { try JSON(parsing: response.body)["errno"]?.int }
      #expect(try errno(await test.login(email: "nobody@example.org")) == 102)
      #expect(try errno(await test.login(password: "wrong")) == 103)
      let upper = test.email.uppercased()
      let other = try JSON(parsing: try await test.login(email: upper).body)
      #expect(other["errno"] == 120 && other["email"]?.text == test.email)
      let authPW = Signing.authPW(email: test.email, password: test.password).authPW
      let retry = try await test.send(
        "POST", "/auth/v1/account/login",
        ["email": .string(upper), "authPW": .string(authPW), "originalLoginEmail": .string(upper)])
      #expect(retry.status == 200)

      try await test.control("POST", "account", ["primaryEmail": "new@example.org"])
      #expect(try errno(await test.login()) == 142)
      let moved = try JSON(parsing: try await test.login(email: "new@example.org").body)
      #expect(moved["errno"] == 120 && moved["email"]?.text == test.email)
      try await test.control("POST", "account", ["primaryEmail": .string(test.email)])

      try await test.control("POST", "account", ["mustReset": true])
      #expect(try errno(await test.login()) == 126)
      try await test.control("POST", "account", ["mustReset": false, "hasPassword": false])
      #expect(try errno(await test.login()) == 210)
      try await test.control("POST", "account", ["hasPassword": true])
      #expect(try errno(await test.login([JSON.Member("verificationMethod", "totp-2fa")])) == 160)
      let bad = try await test.send("POST", "/auth/v1/account/login", ["email": "a@b", "authPW": "XYZ"])
      #expect(try errno(bad) == 107)
      #expect(try errno(await test.send("POST", "/auth/v1/account/login", ["authPW": "00"])) == 108)
      let garbage = try await RawHTTP.send(
        port: test.port, method: "POST", target: "/auth/v1/account/login", body: Data("{".utf8))
      #expect(try errno(garbage) == 106)
    }
  }

  @Test func verifiesSessions() async throws {
    try await TestSandbox.run(switches: ["accounts.verification=as-requested"]) { (test) async throws in
      for method in ["email-otp", "email-2fa"] {
        let response = try JSON(
          parsing: try await test.login([JSON.Member("verificationMethod", .string(method))]).body)
        #expect(response["verified"] == false && response["verificationMethod"]?.text == method)
        let session = test.bearer(response["sessionToken"])
        let keyFetch = test.bearer(response["keyFetchToken"], kind: "keyFetchToken", prefix: "fxk")
        let early = try await test.send("GET", "/auth/v1/account/keys", headers: keyFetch)
        #expect(try JSON(parsing: early.body)["errno"] == 104)
        let scoped = try await test.send(
          "POST", "/auth/v1/account/scoped-key-data",
          ["client_id": "3c49430b43dfba77", "scope": .string(SyncKey.scope)], headers: session)
        #expect(scoped.status == 401)
        #expect(try JSON(parsing: scoped.body)["errno"] == 110)
        let code = try #require(await test.mail().last?["code"]?.text)
        let wrong = try await test.send(
          "POST", "/auth/v1/session/verify_code", ["code": code == "111111" ? "222222" : "111111"],
          headers: session)
        #expect(try JSON(parsing: wrong.body)["errno"] == 183)
        let right = try await test.send(
          "POST", "/auth/v1/session/verify_code", ["code": .string(code)], headers: session)
        #expect(right.status == 200)
        #expect(try await test.send("GET", "/auth/v1/account/keys", headers: keyFetch).status == 200)
      }
      try await test.set("accounts.code", 123456)
      _ = try await test.login([JSON.Member("verificationMethod", "email-otp")])
      #expect(try await test.mail().last?["code"] == "123456")
      let response = try JSON(parsing: try await test.login().body)
      #expect(response["verificationMethod"] == "email")
      let session = test.bearer(response["sessionToken"])
      let status = try await test.send("GET", "/auth/v1/session/status", headers: session)
      #expect(try JSON(parsing: status.body)["state"] == "unverified")
      let link = try #require(await test.mail().last?["link"]?.text)
      let page = try await test.send("GET", String(link.dropFirst(test.base.count)))
      #expect(page.status == 200)
      let after = try await test.send("GET", "/auth/v1/session/status", headers: session)
      #expect(try JSON(parsing: after.body)["state"] == "verified")
    }
  }

  @Test func requiresTheSecondFactor() async throws {
    try await TestSandbox.run { (test) async throws in
      try await test.control(
        "POST", "account",
        [
          "totpSecret": "3132333435363738393031323334353637383930",
          "recoveryCodes": ["abcdefgh12", "ijklmnop34"],
        ])
      let response = try JSON(parsing: try await test.login().body)
      #expect(response["verificationMethod"] == "totp-2fa")
      let session = test.bearer(response["sessionToken"])
      func totp(_ code: String) async throws -> JSON {
        try JSON(
          parsing: await test.send(
            "POST", "/auth/v1/session/verify/totp", ["code": .string(code)], headers: session
          )
          .body)
      }
      #expect(try await totp("xxxxxx")["errno"] == 107)
      #expect(try await totp("0000000")["success"] == false)
      let secret = Array("12345678901234567890".utf8)
      let code = OneTimeCode.code(secret: secret, unixTime: Int(Date().timeIntervalSince1970))
      #expect(try await totp(code)["success"] == true)

      let other = test.bearer(try JSON(parsing: try await test.login().body)["sessionToken"])
      func recover(_ code: String) async throws -> JSON {
        let body: JSON = ["code": .string(code)]
        return try JSON(
          parsing: await test.send("POST", "/auth/v1/session/verify/recoveryCode", body, headers: other).body)
      }
      #expect(try await recover("nonsense")["errno"] == 156)
      #expect(try await recover("ABCDEFGH12")["remaining"] == 1)
      #expect(try await recover("abcdefgh12")["errno"] == 156)
    }
  }

  @Test func acceptsUnblockCodes() async throws {
    try await TestSandbox.run(switches: ["accounts.login=125", "accounts.captcha=true"]) {
      (test) async throws in
      #expect(try await test.login().status == 400)
      let sent = try await test.send(
        "POST", "/auth/v1/account/login/send_unblock_code", ["email": .string(test.email)])
      #expect(sent.status == 200)
      let code = try #require(await test.mail().last?["code"]?.text)
      #expect(code.wholeMatch(of: /[A-Z0-9]{8}/) != nil)
      let wrong = try await test.login([JSON.Member("unblockCode", "AAAAAAA1")])
      #expect(try JSON(parsing: wrong.body)["errno"] == 127)
      #expect(try await test.login([JSON.Member("unblockCode", .string(code.lowercased()))]).status == 200)
      let again = try await test.login([JSON.Member("unblockCode", .string(code))])
      #expect(try JSON(parsing: again.body)["errno"] == 127)
    }
  }

  @Test func supportsBothStretchingVersions() async throws {
    try await TestSandbox.run { (test) async throws in
      func status() async throws -> RawHTTP.Response {
        try await test.send("POST", "/auth/v1/account/credentials/status", ["email": .string(test.email)])
      }
      #expect(try JSON(parsing: try await status().body)["currentVersion"] == "v1")
      for (value, code) in [("missing", 404), ("unknown", 400), ("error", 500)] {
        try await test.set("accounts.credentials-status", .string(value))
        #expect(try await status().status == code)
      }
      try await test.control("DELETE", "switches")
      try await test.control("POST", "account", ["password": "other", "keyStretching": "v2"])
      let response = try JSON(parsing: try await status().body)
      #expect(response["currentVersion"] == "v2")
      let salt = try #require(response["clientSalt"]?.text)
      #expect(salt.wholeMatch(of: /identity\.mozilla\.com\/picl\/v1\/quickStretchV2:[0-9a-f]{32}/) != nil)
      let stretched = try PasswordStretch(clientSalt: salt, password: "other")
      let login = try await test.send(
        "POST", "/auth/v1/account/login?keys=true",
        ["email": .string(test.email), "authPW": .string(Signing.hex(stretched.authPW))])
      let members = try JSON(parsing: login.body)
      #expect(members["keyFetchTokenVersion2"] != nil && members["keyFetchToken"] == nil)
      #expect(try JSON(parsing: try await test.login(password: "other").body)["keyFetchToken"] != nil)
      try await test.set("accounts.v1-login", false)
      #expect(try JSON(parsing: try await test.login(password: "other").body)["errno"] == 103)
    }
  }
}
