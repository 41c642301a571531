import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// The address that the user opens, and the one that the user pastes.
@Suite struct AuthorizationTests {
  @Test func derivesTheChallenge() throws {
    let vector = try TestVectors.named("rfc7636-appendix-b")
    let pkce = try PKCE(verifier: SecretBytes(utf8: vector.input("code_verifier")))
    #expect(pkce.challenge == vector.output("code_challenge"))
    let fresh = try PKCE(random: SystemRandom())
    #expect(Base64.urlSafe.decode(fresh.verifier)?.count == 32 && fresh.verifier.count == 43)
    #expect(fresh.verifier != (try PKCE(random: SystemRandom()).verifier))
  }

  private func request(endpoint: String = "https://content.test/authorization", email: String?) -> AuthorizationRequest
  {
    AuthorizationRequest(
      endpoint: endpoint, clientID: "3c49430b43dfba77", redirectURI: "https://content.test/oauth/success?a=b&c",
      state: "abc-_", challenge: "chal", keysJWK: "jwk", email: email)
  }

  private static let common =
    "action=email&response_type=code&client_id=3c49430b43dfba77&scope=https%3A%2F%2Fidentity.mozilla.com%2Fapps%2Foldsync%20profile%3Aemail"
    + "&state=abc-_&access_type=offline&code_challenge=chal&code_challenge_method=S256&keys_jwk=jwk"
    + "&redirect_uri=https%3A%2F%2Fcontent.test%2Foauth%2Fsuccess%3Fa%3Db%26c"

  @Test func buildsTheURL() {
    #expect(request(email: nil).url == "https://content.test/authorization?" + Self.common)
    #expect(
      request(endpoint: "https://content.test/a?b=c", email: "ü+#&@x.test").url
        == "https://content.test/a?b=c&" + Self.common
        + "&email=%C3%BC%2B%23%26%40x.test&login_hint=%C3%BC%2B%23%26%40x.test")
  }

  static let code = String(repeating: "0123456789abcdeF", count: 4)
  private static let state = "xyz-_"

  /// Pasted texts, and the state in each.
  static let answers: [(pasted: String, state: String?)] = [
    ("https://content.test/oauth/success/id?code=\(code)&state=xyz-_", "xyz-_"),
    ("https://content.test/oauth/success/id?state=xyz-_&code=\(code)", "xyz-_"),
    ("https://content.test/oauth/success/id?action=signin&code=\(code)&state=xyz-_&x=1#top", "xyz-_"),
    ("  \"https://content.test/oauth/success/id?code=\(code)&state=xyz-_\"\t", "xyz-_"),
    ("'https://content.test/?code=\(code)&state=xyz-_'", "xyz-_"),
    ("<https://content.test/?code=\(code)&state=xyz-_>\r", "xyz-_"),
    ("HTTPS://content.test/?code=\(code)&state=xyz%2D%5F", "xyz-_"),
    ("http://127.0.0.1:80/x?&&code=\(code)&state=a+b", "a b"),
    ("https://content.test/?code=\(code)", nil), (code, nil), (" \(code.lowercased())\n", nil), ("\"\(code)\"", nil),
  ]

  @Test(arguments: answers) func parsesAPastedAddress(pasted: String, state: String?) throws {
    guard case .code(let code, let given) = try AuthorizationResponse(pasted: SecretBytes(utf8: pasted)) else {
      Issue.record("no code")
      return
    }
    #expect(code.exposedText()?.lowercased() == Self.code.lowercased())
    #expect(given?.exposedText() == state)
  }

  static let refusals: [(pasted: String, error: BrowserSignInError)] = [
    ("", .notAResponse), ("   ", .notAResponse), ("\"", .notAResponse), ("''", .notAResponse), ("hello", .notAResponse),
    (String(code.dropLast()), .notAResponse), (code + "0", .notAResponse), ("g" + code.dropFirst(), .notAResponse),
    ("ftp://content.test/?code=\(code)&state=a", .notAResponse), ("code=\(code)&state=a", .notAResponse),
    ("https://content.test/?code=\(code)&code=\(code)&state=a", .notAResponse),
    ("https://content.test/?code=\(code)&state=a&state=b", .notAResponse),
    ("https://content.test/?code=\(code)0&state=a", .notAResponse),
    ("https://content.test/?code=&state=a", .notAResponse),
    ("https://content.test/?code=%zz&state=a", .notAResponse), ("https://content.test/?code=1%2", .notAResponse),
    ("https://content.test/", .unfinished), ("https://content.test/?", .unfinished),
    ("https://content.test/#?code=\(code)&state=a", .unfinished),
    ("https://content.test/authorization?state=a&client_id=b", .unfinished),
    ("https://content.test/?code=\(code)&x=" + String(repeating: "y", count: 16384), .notAResponse),
  ]

  @Test(arguments: refusals) func refusesAnInvalidAddress(pasted: String, error: BrowserSignInError) {
    #expect(throws: error) { try AuthorizationResponse(pasted: SecretBytes(utf8: pasted)) }
  }

  @Test func recognisesADeclinedSignIn() throws {
    for (word, reason) in [
      ("access_denied", BrowserSignInError.Reason.accessDenied), ("%1b[31m", .other), ("", .other),
    ] {
      let text = "https://content.test/?error=\(word)&state=xyz-_&code=\(Self.code)"
      let answer = try AuthorizationResponse(pasted: SecretBytes(utf8: text))
      #expect(answer == .declined(reason, state: SecretBytes(utf8: "xyz-_")))
      #expect(answer.answers(state: "xyz-_", mayLackState: false) && !answer.answers(state: "xyz", mayLackState: true))
    }
    let bare = try AuthorizationResponse(pasted: SecretBytes(utf8: "https://content.test/?error=access_denied"))
    #expect(!bare.answers(state: "xyz-_", mayLackState: true))
  }

  @Test func comparesTheState() throws {
    let code = SecretBytes(utf8: Self.code)
    for (state, mayLack, isAnswer) in [
      ("xyz-_", false, true), ("xyz-_", true, true), ("xyz-", true, false), ("", true, false), ("XYZ-_", true, false),
      (nil, true, true), (nil, false, false),
    ] as [(String?, Bool, Bool)] {
      let response = AuthorizationResponse.code(code, state: state.map { SecretBytes(utf8: $0) })
      #expect(response.answers(state: "xyz-_", mayLackState: mayLack) == isAnswer)
    }
  }

  // MARK: The page

  private func page(_ body: String, status: Int = 200, root: String = "https://content.test") throws -> String {
    let servers = try ServerConfiguration(
      contentRoot: root, authServer: "https://auth.test", oauthServer: "https://oauth.test",
      profileServer: "https://profile.test", tokenServer: "https://token.test")
    return try servers.signInPage(transport: ConstantTransport(status: status, body: body))
  }

  @Test func findsTheSignInPage() throws {
    #expect(
      try page(#"{"authorization_endpoint":"https://content.test/authorization"}"#)
        == "https://content.test/authorization")
    #expect(
      try page(#"{"authorization_endpoint":"http://127.0.0.1:80/a"}"#, root: "http://127.0.0.1")
        == "http://127.0.0.1:80/a")
    for foreign in [
      "https://evil.test/authorization", "https://content.test:444/authorization", "https://content.test.evil.test/",
      "http://127.0.0.1/authorization",
    ] {
      #expect(throws: BrowserSignInError.foreignPage) { try page(#"{"authorization_endpoint":"\#(foreign)"}"#) }
    }
    for bad in ["http://content.test/authorization", "javascript:alert(1)", "https://content.test@evil.test/"] {
      #expect(throws: HTTPError.self) { try page(#"{"authorization_endpoint":"\#(bad)"}"#) }
    }
    for body in [#"{"authorization_endpoint":""}"#, "{}", #"{"authorization_endpoint":1}"#, "<html>"] {
      #expect(try page(body) == "https://content.test/authorization")
    }
    #expect(try page("{}", status: 404) == "https://content.test/authorization")
  }
}
