import Foundation
import Testing

@testable import LockwiseSandbox

/// The responses of Mozilla's servers, as their source code determines them.
@Suite struct ServerRulesTests {
  private static let client = "3c49430b43dfba77"

  /// A refused request: its route and body, and the error.
  struct Row: Sendable, CustomTestStringConvertible {
    let path: String
    let body: JSON
    var set: [String: JSON] = [:]
    var hasSession = true
    let status: Int
    let errno: Int

    init(
      _ path: String, _ body: JSON, set: [String: JSON] = [:], hasSession: Bool = true, _ status: Int, _ errno: Int
    ) {
      self.path = path
      self.body = body
      self.set = set
      self.hasSession = hasSession
      self.status = status
      self.errno = errno
    }

    var testDescription: String { "\(path) \(errno) \(body.encodedText)" }
  }

  private static func grant(_ change: [String: JSON] = [:]) -> JSON {
    var body: JSON = [
      "grant_type": "fxa-credentials", "client_id": .string(client), "scope": .string(SyncKey.scope),
    ]
    for (name, value) in change { body.set(name, value) }
    return body
  }

  private static func code(_ change: [String: JSON] = [:]) -> JSON {
    var body: JSON = [
      "grant_type": "authorization_code", "client_id": .string(client),
      "code": .string(String(repeating: "0", count: 64)),
      "code_verifier": .string(String(repeating: "v", count: 43)),
    ]
    for (name, value) in change { body.set(name, value) }
    return body
  }

  private static let unknown: JSON = "0123456789abcdef"

  private static func becomes(_ fate: String) -> [String: JSON] {
    ["oauth.clients": .object([JSON.Member(client, .string(fate))])]
  }

  static let rows: [Row] = [
    // Errnos of the auth server.
    Row("auth/v1/oauth/token", grant(["client_id": unknown]), 400, 162),
    Row("auth/v1/oauth/token", grant(["scope": "something:else"]), 400, 163),
    Row("auth/v1/oauth/token", grant(), set: becomes("no-sync"), 400, 163),
    Row("auth/v1/oauth/token", grant(), set: becomes("private"), 400, 166),
    Row("auth/v1/oauth/token", grant(), set: becomes("unknown"), 400, 162),
    Row("auth/v1/oauth/token", grant(), set: becomes("disabled"), 503, 204),
    Row("auth/v1/oauth/token", grant(), set: becomes("no-grant"), 400, 107),
    Row("auth/v1/oauth/token", grant(["grant_type": "password"]), 400, 107),
    Row("auth/v1/oauth/token", code(), 400, 172),
    Row("auth/v1/account/scoped-key-data", grant(["client_id": unknown]), 400, 162),
    Row("auth/v1/account/scoped-key-data", grant(), set: becomes("disabled"), 503, 204),
    // Errnos of the OAuth host.
    Row("oauth/v1/token", grant(["client_id": unknown]), 400, 101),
    Row("oauth/v1/token", grant(["scope": "something:else"]), 400, 114),
    Row("oauth/v1/token", grant(), set: becomes("private"), 400, 116),
    Row("oauth/v1/token", grant(), set: becomes("disabled"), 503, 202),
    Row("oauth/v1/token", grant(), set: becomes("no-grant"), 400, 121),
    Row("oauth/v1/token", grant(["grant_type": "password"]), 400, 121),
    Row("oauth/v1/token", code(), 400, 105),
    Row("oauth/v1/verify", ["token": "unknown"], 400, 108), Row("oauth/v1/verify", [:], 400, 109),
    Row("oauth/v1/verify", ["token": "x"], set: ["oauth.verify": false], 404, 116),
    // Codes of another form are refused before they are looked up.
    Row("auth/v1/session/verify_code", ["code": "12345a"], 400, 107),
    Row("auth/v1/session/verify_code", ["code": "123456"], 400, 183),
    Row("auth/v1/session/verify/recoveryCode", ["code": "abc1234"], 400, 107),
    Row("auth/v1/session/verify/recoveryCode", ["code": "abcd-12345"], 400, 107),
    Row("auth/v1/session/verify/recoveryCode", ["code": .string(String(repeating: "a", count: 21))], 400, 107),
    Row("auth/v1/session/verify/recoveryCode", ["code": "abcd12345"], 400, 156),
    // Before the login.
    Row("auth/v1/account/credentials/status", ["email": "nobody@example.org"], hasSession: false, 400, 102),
  ]

  @Test(arguments: rows) func refusesWithTheServersErrno(_ row: Row) async throws {
    try await TestSandbox.run { (test) async throws in
      let session = row.hasSession ? try await test.session() : []
      for (name, value) in row.set { try await test.set(name, value) }
      let response = try await test.send("POST", "/" + row.path, row.body, headers: session)
      let body = try JSON(parsing: response.body)
      #expect(response.status == row.status && body["errno"]?.int == row.errno, "\(response.status) \(response.text)")
      if row.errno == 204 { #expect(response.header("Retry-After") == "30") }
      let isAboutGrantType = body["validation"]?["keys"]?.list == ["grant_type"]
      #expect(isAboutGrantType == (row.path.hasPrefix("auth") && row.path.hasSuffix("token") && row.errno == 107))
    }
  }

  @Test func acceptsAuthenticatorCodes() async throws {
    try await TestSandbox.run { (test) async throws in
      try await test.control("POST", "account", ["totpSecret": "3132333435363738393031323334353637383930"])
      let session = test.bearer(try JSON(parsing: try await test.login().body)["sessionToken"])
      for (code, status, errno) in [
        ("12345a", 400, 107), (String(repeating: "1", count: 33), 400, 107),
        (String(repeating: "1", count: 32), 200, nil),
      ] as [(String, Int, Int?)] {
        let response = try await test.send(
          "POST", "/auth/v1/session/verify/totp", ["code": .string(code)], headers: session)
        #expect(response.status == status)
        #expect(try JSON(parsing: response.body)["errno"]?.int == errno)
      }
    }
  }

  @Test func checksTheFormOfUnblockCodes() async throws {
    try await TestSandbox.run { (test) async throws in
      for (code, errno) in [("1234567", 107), ("123456789", 107), ("1234-678", 107), ("12345678", 127)] {
        let response = try await test.login([JSON.Member("unblockCode", .string(code))])
        #expect(try JSON(parsing: response.body)["errno"]?.int == errno, "\(code)")
      }
    }
  }

  @Test("An account without a password gets 149 before the login and 210 at the login")
  func refusesAnAccountWithoutPassword() async throws {
    try await TestSandbox.run { (test) async throws in
      try await test.control("POST", "account", ["hasPassword": false])
      let status = try await test.send("POST", "/auth/v1/account/credentials/status", ["email": .string(test.email)])
      #expect(try JSON(parsing: status.body)["errno"] == 149)
      #expect(try JSON(parsing: try await test.login().body)["errno"] == 210)
    }
  }

  @Test("A wrong password with another spelling of the address gets 120, with both versions")
  func respondsToAnotherSpellingWith120()
    async throws
  {
    try await TestSandbox.run { (test) async throws in
      let upper = test.email.uppercased()
      func errno(_ email: String, password: String? = nil, stretchedFor: String? = nil) async throws -> Int? {
        let stretched = Signing.authPW(email: stretchedFor ?? email, password: password ?? test.password)
        let body: JSON = ["email": .string(email), "authPW": .string(stretched.authPW)]
        return try JSON(parsing: try await test.send("POST", "/auth/v1/account/login", body).body)["errno"]?.int
      }
      #expect(try await errno(upper, password: "wrong") == 120)
      #expect(try await errno(test.email, password: "wrong") == 103)
      #expect(try await errno(upper, stretchedFor: test.email) == nil)
      try await test.set("accounts.exact-address", true)
      #expect(try await errno(upper, stretchedFor: test.email) == 120)
      #expect(try await errno(test.email) == nil)
      try await test.control("POST", "account", ["password": .string(test.password), "keyStretching": "v2"])
      #expect(try await errno(upper, password: "wrong") == 120)
    }
  }

  @Test("After 120, the typed address must be the primary one") func checksTheTypedAddressAfter120()
    async throws
  {
    try await TestSandbox.run { (test) async throws in
      try await test.control("POST", "account", ["primaryEmail": "new@example.org"])
      let authPW = Signing.authPW(email: test.email, password: test.password).authPW
      func errno(_ original: String?) async throws -> Int? {
        var body: JSON = ["email": .string(test.email), "authPW": .string(authPW)]
        if let original { body.set("originalLoginEmail", .string(original)) }
        return try JSON(parsing: try await test.send("POST", "/auth/v1/account/login", body).body)["errno"]?.int
      }
      #expect(try await errno("new@example.org") == nil)
      #expect(try await errno(nil) == 142)
      #expect(try await errno(test.email) == 142)
    }
  }

  /// The limited actions and their limits.
  static let limits: [(path: String, body: JSON, count: Int)] = [
    ("account/login", ["email": "marie.curie@example.org", "authPW": .string(String(repeating: "0", count: 64))], 5),
    ("account/credentials/status", ["email": "marie.curie@example.org"], 100),
    ("session/verify_code", ["code": "000000"], 10), ("session/resend_code", [:], 5),
    ("account/login/send_unblock_code", ["email": "marie.curie@example.org"], 5),
    // No limit.
    ("session/status", [:], 200),
  ]

  @Test(arguments: limits) func limitsActions(path: String, body: JSON, count: Int) async throws {
    try await TestSandbox.run { (test) async throws in
      let session = try await test.session()
      try await test.set("accounts.limits", true)
      func status() async throws -> Int {
        path == "session/status"
          ? try await test.send("GET", "/auth/v1/" + path, headers: session).status
          : try await test.send("POST", "/auth/v1/" + path, body, headers: session).status
      }
      for _ in 0..<count { #expect(try await status() != 429) }
      guard path != "session/status" else { return }
      #expect(try await status() == 429)
      try await test.control("POST", "clock", ["offset": 901])
      #expect(try await status() != 429)
    }
  }

  @Test func returnsTheProfileThatTheScopesAllow() async throws {
    try await TestSandbox.run { (test) async throws in
      for (scope, members) in [("profile:email", ["email"]), ("profile:uid", ["uid"]), (SyncKey.scope, nil)] {
        let access = try await test.accessToken(scope: scope)
        let response = try await test.send(
          "GET", "/profile/v1/profile", headers: [("Authorization", "Bearer \(access["access_token"]?.text ?? "")")])
        #expect(response.status == (members == nil ? 403 : 200))
        if let members { #expect(try JSON(parsing: response.body).members?.map(\.key) == members) }
      }
    }
  }

  @Test("Access tokens for Sync name account, client and scope") func issuesWebTokensForSync() async throws {
    try await TestSandbox.run { (test) async throws in
      let text = try #require(try await test.accessToken()["access_token"]?.text)
      let parts = text.split(separator: ".")
      #expect(parts.count == 3)
      let padded = String(parts[1]).replacing("-", with: "+").replacing("_", with: "/")
      let json = try #require(Data(base64Encoded: padded + String(repeating: "=", count: (4 - padded.count % 4) % 4)))
      let claims = try JSON(parsing: json)
      #expect(claims["sub"] == test.account["uid"] && claims["client_id"]?.text == Self.client)
      #expect(claims["scope"]?.text == SyncKey.scope)
      try await test.set("oauth.jwt-access-tokens", false)
      #expect(try await test.accessToken()["access_token"]?.text?.count == 64)
    }
  }

  @Test("A client can have several registered addresses") func acceptsSeveralRegisteredAddresses() async throws {
    try await TestSandbox.run { (test) async throws in
      let response = try await test.send("GET", "/auth/v1/oauth/client/a2270f727f45f648")
      let uris = try #require(try JSON(parsing: response.body)["redirect_uri"]?.text).split(separator: ",")
      #expect(
        uris == ["urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel", "\(test.base)/oauth/success/a2270f727f45f648"])
      try await test.set("oauth.describe-clients", false)
      #expect(try await test.send("GET", "/auth/v1/oauth/client/a2270f727f45f648").status == 404)
    }
  }
}
