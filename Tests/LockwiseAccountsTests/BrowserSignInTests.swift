import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The requests of a sign-in in the browser, and the tokens that are revoked if it fails.
@Suite struct BrowserSignInTests {
  private static let clientID = OAuthClientIDs.inBrowser.first
  private static let scope = ScopedKey.oldSyncScope
  private static let code = String(repeating: "c0de", count: 16)
  private static let uid = String(repeating: "ab", count: 16)
  private static let key = String(repeating: "B", count: 85) + "A"

  /// A server that reads the key and the challenge in the URL.
  private final class Server: HTTPTransport {
    var url = ""
    /// The members of the grant after `access_token`; `JWE` stands for the encrypted bundle.
    var grant = #""refresh_token":"the-refresh","expires_in":100,"scope":"SCOPE profile:email","keys_jwe":"JWE""#
    var grantStatus = 200
    /// The access token for a refresh token, by scope.
    var syncToken = "the-sync"
    var profile = #"{"email":"Ada@example.test"}"#
    var profileStatus = 200
    var bundle = #"{"SCOPE":{"kty":"oct","scope":"SCOPE","k":"KEY","kid":"1700000000123-w_NDVTH7Ap9OINQpwXCVYg"}}"#
    var owner = #"{"user":"UID","client_id":"CLIENT","scope":["SCOPE"]}"#
    var ownerFailure: HTTPError?
    var ownerStatus = 200
    private(set) var log: [String] = []

    func parameter(_ name: String) -> String {
      let query = url.split(separator: "?").last ?? ""
      let pair = query.split(separator: "&").first { $0.hasPrefix(name + "=") }
      return pair.map { String($0.dropFirst(name.count + 1)) } ?? ""
    }

    private func fill(_ text: String) -> String {
      text.replacing("SCOPE", with: scope).replacing("KEY", with: key).replacing("CLIENT", with: clientID)
        .replacing("UID", with: uid)
    }

    private func jwe() throws -> String {
      let text = try #require(Base64.urlSafe.decode(parameter("keys_jwk")))
      let jwk = try #require(try JSONValue(parsing: SecretBytes(copying: text)).object)
      func coordinate(_ name: String) throws -> [UInt8] {
        try #require(jwk[name]?.string.flatMap { Base64.urlSafe.decode($0) })
      }
      let ephemeral = try P256PrivateKey(random: SystemRandom())
      return try SealedKeys(plaintext: SecretBytes(utf8: fill(bundle)), from: ephemeral)
        .text(from: ephemeral, to: try P256PublicKey(x: coordinate("x"), y: coordinate("y")))
    }

    func send(_ request: HTTPRequest) throws -> HTTPResponse {
      let body = request.body?.exposedText() ?? ""
      log.append("\(request.method) \(request.url) \(body)")
      var status = 200
      let answer: String
      switch request.url {
      case "https://content.test/.well-known/openid-configuration":
        answer = #"{"authorization_endpoint":"https://content.test/authorization"}"#
      case "https://auth.test/v1/oauth/client/\(clientID)":
        answer = #"{"id":"\#(clientID)","redirect_uri":"https://content.test/oauth/success/x"}"#
      case "https://auth.test/v1/oauth/token":
        let members = try #require(try JSONValue(parsing: SecretBytes(utf8: body)).object)
        if members["grant_type"]?.string == "refresh_token" {
          #expect(members["refresh_token"]?.string == "the-refresh")
          let scope = try #require(members["scope"]?.string)
          let token = scope == BrowserSignInTests.scope ? syncToken : "the-email"
          answer = #"{"access_token":"\#(token)","token_type":"bearer","expires_in":100,"scope":"\#(scope)"}"#
          break
        }
        let verifier = try #require(members["code_verifier"]?.secret)
        #expect(try PKCE(verifier: verifier).challenge == parameter("code_challenge"))
        status = grantStatus
        answer =
          status == 200
          ? #"{"access_token":"the-access","token_type":"bearer",\#(fill(grant).replacing("JWE", with: try jwe()))}"#
          : grant
      case "https://oauth.test/v1/verify":
        if let ownerFailure { throw ownerFailure }
        status = ownerStatus
        answer = fill(owner)
      case "https://profile.test/v1/profile":
        #expect(
          request.headers.contains { $0.name == "Authorization" && $0.value == SecretBytes(utf8: "Bearer the-email") })
        status = profileStatus
        answer = profile
      default: answer = "{}"
      }
      return HTTPResponse(status: status, headers: [], body: SecretBytes(utf8: answer))
    }
  }

  private let server = Server()
  private let signIn: BrowserSignIn

  init() throws { try self.init(email: nil) }

  private init(email: String?) throws {
    signIn = try BrowserSignIn(servers: try Sample.servers(), transport: server, email: email, clock: Sample.clock)
    server.url = signIn.url
  }

  private func answer(state: String? = nil) -> AuthorizationResponse {
    .code(SecretBytes(utf8: Self.code), state: SecretBytes(utf8: state ?? server.parameter("state")))
  }

  private var givenBack: [String] {
    server.log.filter { $0.contains("/oauth/destroy") || $0.contains("/session/destroy") }
  }

  private static let destroyed =
    #"POST https://auth.test/v1/oauth/destroy {"client_id":"3c49430b43dfba77","token":"the-refresh"}"#

  @Test func completesASignIn() throws {
    #expect(signIn.redirectURI == "https://content.test/oauth/success/x")
    let outcome = try signIn.finish(answer())
    #expect(
      outcome.account.uid == Self.uid && outcome.account.email == "Ada@example.test"
        && outcome.account.name == "Ada@example.test")
    #expect(outcome.addressProblem == nil)
    guard case .refreshToken(let token, Self.clientID) = outcome.account.grant else {
      Issue.record("another grant")
      return
    }
    #expect(token.exposedText() == "the-refresh")
    #expect(Base64.urlSafe.encode(outcome.account.syncKey.key).exposedText() == Self.key)
    #expect(outcome.account.syncKey.kid == "1700000000123-w_NDVTH7Ap9OINQpwXCVYg")
    #expect(outcome.accessToken?.token.exposedText() == "the-sync")
    #expect(outcome.accessToken?.expires == Sample.now + 100_000)
    #expect(givenBack == [])
    #expect(server.log.filter { $0.contains("authorization_code") }.count == 1)
  }

  @Test func usesNewNumbersForEachSignIn() throws {
    let other = try BrowserSignIn(servers: try Sample.servers(), transport: server)
    for name in ["state", "code_challenge", "keys_jwk"] {
      let mine = server.parameter(name)
      #expect(!mine.isEmpty && !other.url.contains(mine))
    }
    #expect(server.parameter("state").count == 22 && server.parameter("code_challenge").count == 43)
  }

  @Test("Without a description of the client, the built-in address is used", arguments: [200, 404, 500, 503])
  func fallsBackToTheBuiltInRedirect(status: Int) throws {
    let production = "https://accounts.firefox.com"
    struct Page: HTTPTransport {
      let status: Int
      func send(_ request: HTTPRequest) throws -> HTTPResponse {
        HTTPResponse(status: status, headers: [], body: SecretBytes(utf8: "<html>"))
      }
    }
    let servers = try ServerConfiguration(
      contentRoot: production, authServer: "https://a.test", oauthServer: "https://a.test",
      profileServer: "https://a.test", tokenServer: "https://a.test")
    let signIn = try BrowserSignIn(servers: servers, transport: Page(status: status))
    #expect(signIn.redirectURI == production + "/oauth/success/3c49430b43dfba77")
    #expect(signIn.url.hasPrefix(production + "/authorization?"))
  }

  @Test func sendsNothingForAWrongState() throws {
    let before = server.log.count
    #expect(throws: BrowserSignInError.wrongState) { try signIn.finish(answer(state: "another")) }
    let bare = AuthorizationResponse.code(SecretBytes(utf8: Self.code), state: nil)
    #expect(throws: BrowserSignInError.wrongState) { try signIn.finish(bare) }
    #expect(server.log.count == before)
    #expect(try signIn.finish(bare, mayLackState: true).account.uid == Self.uid)
  }

  @Test func sendsTheCodeOnce() throws {
    server.grantStatus = 400
    server.grant = #"{"code":400,"errno":175}"#
    #expect(throws: AccountsError.self) { try signIn.finish(answer()) }
    #expect(throws: BrowserSignInError.wrongState) { try signIn.finish(answer()) }
    #expect(server.log.filter { $0.contains("/oauth/token") }.count == 1)
  }

  @Test func reportsADeclinedSignIn() throws {
    let state = SecretBytes(utf8: server.parameter("state"))
    #expect(throws: BrowserSignInError.declined(.accessDenied)) {
      try signIn.finish(.declined(.accessDenied, state: state))
    }
    #expect(!server.log.contains { $0.contains("/oauth/token") })
  }

  /// Grants next to the access token, and the resulting error.
  static let grants: [(grant: String, error: AccountsError?)] = [
    (#""refresh_token":"the-refresh","expires_in":100,"scope":"SCOPE""#, nil),
    (#""refresh_token":"the-refresh","expires_in":100,"scope":"SCOPE","keys_jwe":"""#, nil),
    (#""refresh_token":"the-refresh","expires_in":100,"scope":"SCOPE","keys_jwe":"a..b.c.d""#, .tamperedKeyBundle),
    (#""refresh_token":"the-refresh","expires_in":100,"scope":"SCOPE profile","keys_jwe":"JWE""#, .unexpectedScope),
    (#""refresh_token":"the-refresh","expires_in":100,"scope":"profile","keys_jwe":"JWE""#, .unexpectedScope),
    (
      #""refresh_token":"the-refresh","scope":"SCOPE","keys_jwe":"JWE""#, .missingField("expires_in", in: .token)
    ),
  ]

  @Test(arguments: grants) func refusesOtherGrants(grant: String, error: AccountsError?) throws {
    server.grant = grant
    if let error {
      #expect(throws: error) { try signIn.finish(answer()) }
    } else {
      #expect(throws: BrowserSignInError.noKeys) { try signIn.finish(answer()) }
    }
    #expect(givenBack.contains(Self.destroyed))
  }

  @Test func refusesAGrantWithoutARefreshToken() throws {
    server.grant = #""expires_in":100,"scope":"SCOPE","keys_jwe":"JWE""#
    #expect(throws: AccountsError.missingField("refresh_token", in: .token)) { try signIn.finish(answer()) }
    #expect(givenBack.contains { $0.contains("the-access") })
  }

  @Test func endsAnUnexpectedSession() throws {
    server.grant += #","session_token":"\#(String(repeating: "5e", count: 32))""#
    _ = try signIn.finish(answer())
    #expect(givenBack.count == 1 && givenBack[0].contains("/session/destroy"))
  }

  @Test(arguments: [
    #"{"SCOPE":{"kty":"oct","k":"KEY","kid":"1700000000123-w_NDVTH7Ap9OINQpwXCVYg"},"profile":{}}"#, "{}", "",
  ])
  func refusesOtherKeyBundles(bundle: String) throws {
    server.bundle = bundle
    #expect(throws: AccountsError.tamperedKeyBundle) { try signIn.finish(answer()) }
    #expect(givenBack == [Self.destroyed])
  }

  @Test(arguments: [
    #"{"user":"UID","client_id":"5882386c6d801776","scope":["SCOPE"]}"#,
    #"{"user":"UID","client_id":"CLIENT","scope":["SCOPE","profile"]}"#, #"{"user":"UID","client_id":"CLIENT"}"#,
  ])
  func revokesTokensOfOtherAccounts(owner: String) throws {
    server.owner = owner
    #expect(throws: BrowserSignInError.foreignToken) { try signIn.finish(answer()) }
    #expect(givenBack == [Self.destroyed])
  }

  @Test func reportsAFailureToReadTheOwner() throws {
    server.owner = "{}"
    #expect(throws: AccountsError.missingField("user", in: .tokenCheck)) { try signIn.finish(answer()) }
    #expect(givenBack == [Self.destroyed])
    let other = try BrowserSignInTests()
    other.server.ownerFailure = .aborted(host: "oauth.test")
    #expect(throws: HTTPError.aborted(host: "oauth.test")) { try other.signIn.finish(other.answer()) }
    #expect(other.givenBack == [Self.destroyed])
  }

  // MARK: Owner of the token

  @Test("The requested address in any letter case is accepted") func acceptsTheAddressInAnyLetterCase() throws {
    let test = try BrowserSignInTests(email: "ada@EXAMPLE.test")
    #expect(try test.signIn.finish(test.answer()).account.email == "Ada@example.test")
  }

  @Test("A sign-in to another account than the requested one is revoked") func refusesAnotherAccount() throws {
    let test = try BrowserSignInTests(email: "eve@example.test")
    #expect(throws: BrowserSignInError.otherAccount(signedInAs: "Ada@example.test")) {
      try test.signIn.finish(test.answer())
    }
    #expect(test.givenBack == [Self.destroyed])
  }

  @Test(
    "A sign-in without an address is kept only if none was requested",
    arguments: [(200, "{}"), (200, #"{"email":"ada\u001b[2J@example.test"}"#), (500, ""), (403, "{}")])
  func keepsASignInWithoutAnAddress(status: Int, profile: String) throws {
    server.profileStatus = status
    server.profile = profile
    let outcome = try signIn.finish(answer())
    #expect(outcome.account.email == nil && outcome.addressProblem is AccountsError)
    #expect(givenBack == [])
    let test = try BrowserSignInTests(email: "ada@example.test")
    test.server.profileStatus = status
    test.server.profile = profile
    #expect(throws: AccountsError.self) { try test.signIn.finish(test.answer()) }
    #expect(test.givenBack == [Self.destroyed])
  }

  @Test func keepsASignInWhoseTokenCannotReadTheAddress() throws {
    server.grant = #""refresh_token":"the-refresh","expires_in":100,"scope":"SCOPE","keys_jwe":"JWE""#
    let outcome = try signIn.finish(answer())
    #expect(outcome.addressProblem as? AccountsError == .unexpectedScope)
    // The token suffices for Sync.
    #expect(outcome.accessToken?.token.exposedText() == "the-access")
  }

  // MARK: Servers without /verify

  private static func webToken(_ claims: String) -> String {
    [#"{"alg":"RS256"}"#, claims, "signature"].map { Base64.urlSafe.encode(Array($0.utf8)) }.joined(separator: ".")
  }

  @Test("The token names the account if /verify does not", arguments: [404, 405, 410, 500, 503, 0])
  func readsTheOwnerInTheToken(status: Int) throws {
    server.ownerStatus = status
    server.owner = #"{"code":\#(status),"errno":116}"#
    if status == 0 { server.ownerFailure = .timedOut(host: "oauth.test") }
    server.syncToken = Self.webToken(
      #"{"sub":"\#(Self.uid)","client_id":"\#(Self.clientID)","scope":"\#(Self.scope)"}"#)
    #expect(try signIn.finish(answer()).account.uid == Self.uid)
  }

  @Test(arguments: [
    #"{"sub":"UID","client_id":"5882386c6d801776","scope":"SCOPE"}"#,
    #"{"sub":"UID","client_id":"CLIENT","scope":"SCOPE profile"}"#, #"{"sub":"UID","client_id":"CLIENT","scope":""}"#,
  ])
  func refusesAForeignTokenWithoutVerify(claims: String) throws {
    server.ownerStatus = 404
    server.syncToken = Self.webToken(
      claims.replacing("UID", with: Self.uid).replacing("CLIENT", with: Self.clientID)
        .replacing("SCOPE", with: Self.scope))
    #expect(throws: BrowserSignInError.foreignToken) { try signIn.finish(answer()) }
    #expect(givenBack == [Self.destroyed])
  }

  @Test("An opaque token does not name an account") func refusesAnOpaqueTokenWithoutVerify() throws {
    server.ownerStatus = 404
    #expect(throws: AccountsError.self) { try signIn.finish(answer()) }
    #expect(givenBack == [Self.destroyed])
  }

  @Test(arguments: [
    "", "a.b", "a.b.c.d", "e30.e30.e30", "e30.W10.e30", "e30.bm90IGpzb24.e30", "..", "e30.e30=.e30",
  ])
  func refusesMalformedTokens(token: String) { #expect(TokenClaims(SecretBytes(utf8: token)) == nil) }
}
