import Crypto
import Foundation
import Testing

@testable import LockwiseSandbox

/// The forms of the sign-in page.
@Suite struct AuthorizationPageTests {
  private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

  /// A request to the page, with the key that the scoped keys are encrypted to.
  private struct Request {
    let key = P256.KeyAgreement.PrivateKey()
    var parameters: [String: String]
    var page = "/authorization"

    init(base: String) {
      let point = Array(key.publicKey.x963Representation)
      let jwk = #"{"crv":"P-256","kty":"EC","x":"\#(Base64.url(point[1...32]))","y":"\#(Base64.url(point[33...]))"}"#
      parameters = [
        "client_id": "3c49430b43dfba77", "scope": SyncKey.scope, "state": "st<a>&\"te", "response_type": "code",
        "access_type": "offline", "code_challenge": Base64.url(SHA256.hash(data: Data(verifier.utf8))),
        "code_challenge_method": "S256", "keys_jwk": Base64.url(jwk.utf8),
        "redirect_uri": base + "/oauth/success/3c49430b43dfba77",
      ]
    }

    var target: String {
      page + "?"
        + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\(Form.encode($0.value))" }
        .joined(separator: "&")
    }
  }

  private func post(
    _ test: TestSandbox, _ request: Request, _ fields: [(String, String)]
  ) async throws -> RawHTTP.Response {
    let body = fields.map { "\($0.0)=\(Form.encode($0.1))" }.joined(separator: "&")
    return try await RawHTTP.send(
      port: test.port, method: "POST", target: request.target,
      headers: [("Content-Type", "application/x-www-form-urlencoded")], body: Data(body.utf8))
  }

  private func signIn(
    _ test: TestSandbox, _ request: Request, password: String? = nil, email: String? = nil
  ) async throws -> RawHTTP.Response {
    try await post(test, request, [("email", email ?? test.email), ("password", password ?? test.password)])
  }

  /// Checks the address of the redirect in a response, and returns its parameters.
  private func redirectParameters(_ response: RawHTTP.Response, to request: Request) throws -> [String: String] {
    try #require(response.status == 303, "\(response.text)")
    let location = try #require(response.header("location"))
    let parts = location.split(separator: "?", maxSplits: 1)
    #expect(String(parts[0]) == request.parameters["redirect_uri"])
    return Dictionary(Form.pairs(parts[1]).map { ($0.name, $0.value) }) { $1 }
  }

  private func redeem(
    _ test: TestSandbox, _ code: String?, client: String = "3c49430b43dfba77"
  ) async throws -> JSON {
    let body: JSON = [
      "grant_type": "authorization_code", "client_id": .string(client), "code": .optional(code),
      "code_verifier": .string(Self.verifier),
    ]
    return try JSON(parsing: try await test.send("POST", "/auth/v1/oauth/token", body).body)
  }

  /// Decrypts the keys by the steps of RFC 7518 section 4.6, without the code of the page.
  private func open(_ jwe: String, _ key: P256.KeyAgreement.PrivateKey) throws -> JSON {
    let segments = jwe.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
    try #require(segments.count == 5 && segments[1].isEmpty)
    let header = try JSON(parsing: Data(try #require(Base64.decodeURL(segments[0]))))
    #expect(header["alg"] == "ECDH-ES" && header["enc"] == "A256GCM")
    let epk = try #require(header["epk"])
    let point = try [UInt8](
      [4] + #require(Base64.decodeURL(epk["x"]?.text ?? "")) + #require(Base64.decodeURL(epk["y"]?.text ?? "")))
    let agreed = try key.sharedSecretFromKeyAgreement(with: P256.KeyAgreement.PublicKey(x963Representation: point))
    let information = try #require(Hex.decode("000000074132353647434d000000000000000000000100"))
    let content = agreed.withUnsafeBytes { SHA256.hash(data: [0, 0, 0, 1] + Array($0) + information) }
    let box = try AES.GCM.SealedBox(
      nonce: AES.GCM.Nonce(data: try #require(Base64.decodeURL(segments[2]))),
      ciphertext: try #require(Base64.decodeURL(segments[3])), tag: try #require(Base64.decodeURL(segments[4])))
    return try JSON(
      parsing: AES.GCM.open(box, using: SymmetricKey(data: Data(content)), authenticating: Data(segments[0].utf8)))
  }

  @Test func completesASignIn() async throws {
    try await TestSandbox.run { (test) async throws in
      var request = Request(base: test.base)
      request.parameters["email"] = "\"><script>"
      let page = try await test.send("GET", request.target)
      #expect(page.status == 200 && page.header("content-type") == "text/html; charset=utf-8")
      #expect(page.text.contains("Reference Browser") && page.text.contains(SyncKey.scope))
      #expect(!page.text.contains("<script>") && page.text.contains("&quot;&gt;&lt;script&gt;"))

      let wrong = try await signIn(test, request, password: "wrong")
      #expect(wrong.status == 200 && wrong.text.contains("Incorrect password"))
      #expect(try await signIn(test, request, email: "x@y.z").text.contains("Unknown account"))

      let given = try redirectParameters(try await signIn(test, request), to: request)
      #expect(given["state"] == "st<a>&\"te" && Hex.strict(given["code"], count: 32) != nil)
      let landing = try await test.send("GET", "/oauth/success/3c49430b43dfba77?code=\(given["code"] ?? "")&state=x")
      #expect(landing.status == 200 && landing.text.contains("signed in"))
      let grant = try await redeem(test, given["code"])
      #expect(grant["scope"]?.text == SyncKey.scope && grant["refresh_token"] != nil && grant["session_token"] == nil)
      let bundle = try open(try #require(grant["keys_jwe"]?.text), request.key)
      #expect(bundle.members?.count == 1)
      let key = try #require(bundle[SyncKey.scope])
      #expect(key["kid"]?.text == test.kid && key["kty"] == "oct" && key["scope"]?.text == SyncKey.scope)
      // The token server accepts the token.
      #expect(try await test.storageToken(grant, keyID: key["kid"]?.text).status == 200)
      #expect(try await redeem(test, given["code"])["errno"] == 172)
      let state = try await test.control("GET", "state")
      #expect(state["accounts"]?.list?.first?["sessions"]?.list?.count == 0)
    }
  }

  @Test func redirectsToTheRegisteredAddress() async throws {
    try await TestSandbox.run { (test) async throws in
      let client = try JSON(parsing: try await test.send("GET", "/auth/v1/oauth/client/3c49430b43dfba77").body)
      #expect(client["redirect_uri"]?.text == test.base + "/oauth/success/3c49430b43dfba77")
    }
  }

  @Test func reportsThatTheUserCancelled() async throws {
    try await TestSandbox.run { (test) async throws in
      let request = Request(base: test.base)
      let given = try redirectParameters(try await post(test, request, [("email", ""), ("cancel", "1")]), to: request)
      #expect(given == ["error": "access_denied", "state": "st<a>&\"te"])
    }
  }

  /// The error of a request, and the errno that the page shows.
  static let refusals: [(name: String, value: String?, errno: Int)] = [
    ("client_id", nil, 108), ("client_id", "0000000000000000", 162), ("client_id", "802d56ef2a9af9fa", 163),
    ("state", nil, 108), ("state", "", 107), ("scope", nil, 108), ("scope", "something:else", 163),
    ("scope", "a<b", 107),
    ("response_type", "token", 168), ("redirect_uri", "https://evil.example/", 167),
    ("redirect_uri", "http://127.0.0.1.evil.example/", 167), ("code_challenge", nil, 169),
    ("code_challenge", "abc", 107),
    ("code_challenge_method", "plain", 107), ("code_challenge_method", nil, 107), ("keys_jwk", "e30", 107),
    ("keys_jwk", "nonsense=", 107),
    // The point is not on the curve.
    ("keys_jwk", Base64.url(#"{"kty":"EC","crv":"P-256","x":"\#(zero)","y":"\#(zero)"}"#.utf8), 107),
  ]
  private static let zero = Base64.url([UInt8](repeating: 0, count: 32))

  @Test func refusesInvalidRequests() async throws {
    try await TestSandbox.run { (test) async throws in
      for (name, value, errno) in Self.refusals {
        var request = Request(base: test.base)
        request.parameters[name] = value
        for response in [try await test.send("GET", request.target), try await signIn(test, request)] {
          #expect(response.status == 400 && response.text.contains("(errno \(errno))"), "\(name) \(response.text)")
        }
      }
    }
  }

  @Test func verifiesASessionWithAMailedCode() async throws {
    try await TestSandbox.run(switches: ["accounts.verification=email-otp", "accounts.code=123456"]) {
      (test) async throws in
      let request = Request(base: test.base)
      let form = try await signIn(test, request)
      #expect(form.status == 200 && form.text.contains("Code in the mail"))
      let id = try #require(form.text.firstMatch(of: /name="session" value="([0-9a-f]{64})"/)).1
      let wrong = try await post(test, request, [("session", String(id)), ("code", "654321")])
      #expect(wrong.status == 200 && wrong.text.contains("Invalid or expired confirmation code"))
      let given = try redirectParameters(
        try await post(test, request, [("session", String(id)), ("code", "123456")]), to: request)
      #expect(try await redeem(test, given["code"])["keys_jwe"] != nil)
      #expect(try await post(test, request, [("session", String(id)), ("code", "123456")]).status == 401)
    }
  }

  @Test func verifiesASessionWithAnAuthenticatorCode() async throws {
    try await TestSandbox.run { (test) async throws in
      try await test.control("POST", "account", ["totpSecret": .string(String(repeating: "31", count: 20))])
      let request = Request(base: test.base)
      let form = try await signIn(test, request)
      let id = try #require(form.text.firstMatch(of: /name="session" value="([0-9a-f]{64})"/)).1
      #expect(try await post(test, request, [("session", String(id)), ("code", "")]).status == 200)
      let code = OneTimeCode.code(
        secret: [UInt8](repeating: 0x31, count: 20), unixTime: Int(Date().timeIntervalSince1970))
      #expect(try await post(test, request, [("session", String(id)), ("code", code)]).status == 303)
    }
  }

  @Test func sendsTamperedKeysOnRequest() async throws {
    try await TestSandbox.run { (test) async throws in
      let request = Request(base: test.base)
      func keys() async throws -> String? {
        let given = try redirectParameters(try await signIn(test, request), to: request)
        return try await redeem(test, given["code"])["keys_jwe"]?.text
      }
      try await test.set("oauth.keys", "missing")
      #expect(try await keys() == nil)
      try await test.set("oauth.keys", "extra-scope")
      #expect(try open(try #require(try await keys()), request.key).members?.count == 2)
      for word in ["wrong-recipient", "tampered"] {
        try await test.set("oauth.keys", .string(word))
        let sealed = try #require(try await keys())
        #expect(throws: CryptoKitError.self) { try open(sealed, request.key) }
      }
    }
  }

  @Test func signsInToAnAccountWithoutPassword() async throws {
    try await TestSandbox.run { (test) async throws in
      try await test.control("POST", "account", ["hasPassword": false])
      let request = Request(base: test.base)
      let given = try redirectParameters(try await signIn(test, request, password: ""), to: request)
      let grant = try await redeem(test, given["code"])
      #expect(grant["refresh_token"] != nil && grant["keys_jwe"] == nil)
    }
  }

  /// Firefox's own sign-in ends in messages over the web channel instead of a redirect, and keeps its session.
  @Test func sendsTheSessionToFirefox() async throws {
    try await TestSandbox.run { (test) async throws in
      let code: JSON = ["totpSecret": "3132333435363738393031323334353637383930"]
      for change: JSON in [[:], code] {
        try await test.control("POST", "account", change)
        var request = Request(base: test.base)
        request.parameters["client_id"] = "5882386c6d801776"
        request.parameters["redirect_uri"] = nil
        request.parameters["context"] = "oauth_webchannel_v1"
        request.page = "/"
        #expect(try await test.send("GET", request.target).text.contains("name=\"password\""))
        var page = try await signIn(test, request)
        if let form = page.text.firstMatch(of: /name="session" value="([0-9a-f]{64})"/) {
          let secret = try #require(Hex.decode(code["totpSecret"]?.text ?? ""))
          let now = OneTimeCode.code(secret: secret, unixTime: Int(Date().timeIntervalSince1970))
          page = try await post(test, request, [("session", String(form.1)), ("code", now)])
        }
        #expect(page.status == 200 && page.header("location") == nil)
        let text = try #require(page.text.firstMatch(of: /for \(const \[index, message\] of (\[.*\])\.entries/)).1
        let messages = try #require(try JSON(parsing: String(text)).list)
        #expect(
          messages.map { $0.list?.first?.text } == [
            "fxaccounts:fxa_status", "fxaccounts:can_link_account", "fxaccounts:login", "fxaccounts:oauth_login",
          ])
        let session = test.bearer(messages[2].list?.last?["sessionToken"])
        #expect(try await test.send("GET", "/auth/v1/session/status", headers: session).status == 200)
        let grant = try await redeem(test, messages[3].list?.last?["code"]?.text, client: "5882386c6d801776")
        #expect(grant["scope"]?.text == SyncKey.scope && grant["keys_jwe"] != nil)
      }
    }
  }
}
