import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

@Suite struct FirefoxSignInTests {
  private let script: SignInExchanges
  private let account: FirefoxAccount
  private let key: ScopedKey

  init() throws {
    script = SignInExchanges(vector: try TestVectors.named("e2e-login-to-password-record"))
    let text = """
      {"version":1,"accountData":{"email":"ada@example.test","uid":"\(SignInExchanges.uid)","verified":true,\
      "sessionToken":"\(script.vector.input("sessionToken"))"}}
      """
    let object = try #require(try JSONValue(parsing: SecretBytes(utf8: text)).object)
    account = try #require(try FirefoxAccount(object))
    let kid = "\(script.vector.integer("keyRotationTimestamp"))-AAECAwQFBgcICQoLDA0ODw"
    key = ScopedKey(scope: ScopedKey.oldSyncScope, key: FakeProfile.key.key, kid: kid)
  }

  private func status(_ state: String = "verified", status: Int = 200, answer: String? = nil) -> Exchange {
    .get(
      "/session/status", authorization: script.vector.output("sessionBearer"), status: status,
      answer: answer ?? #"{"state":"\#(state)","uid":"\#(SignInExchanges.uid)"}"#)
  }

  private func signIn(_ exchanges: [Exchange], key: ScopedKey? = nil) throws -> SignInOutcome {
    let transport = ScriptedTransport(exchanges)
    defer { transport.finish() }
    return try FirefoxSignIn(servers: Sample.servers(), transport: transport, clock: Sample.clock)
      .signIn(account, key: key ?? self.key)
  }

  private static let duplicate = String(repeating: "d0", count: 32)

  private func duplicateBearer() throws -> String {
    try #require(try AccountToken(.session, hex: SecretBytes(utf8: Self.duplicate))?.authorization.exposedText())
  }

  private func duplicated(status: Int = 200, answer: String? = nil) -> Exchange {
    .post(
      "/session/duplicate", authorization: script.vector.output("sessionBearer"), body: "{}", status: status,
      answer: answer ?? #"{"uid":"\#(SignInExchanges.uid)","sessionToken":"\#(Self.duplicate)","verified":true}"#)
  }

  /// Firefox's own session requests only a duplicate, which requests the token and is ended before the token gets a
  /// device.
  @Test func usesADuplicateOfTheSession() throws {
    let bearer = try duplicateBearer()
    let outcome = try signIn([
      status(), duplicated(), script.scopedKey(bearer: bearer), script.grant(bearer: bearer),
      script.destroySession(bearer: bearer),
    ])
    #expect(outcome.account.email == "ada@example.test")
    #expect(outcome.account.uid == SignInExchanges.uid)
    #expect(outcome.account.authorization == SecretBytes(utf8: "Bearer the-refresh-token"))
    #expect(outcome.account.syncKey == key)
    #expect(outcome.accessToken?.token == SecretBytes(utf8: "the-access-token"))
    #expect(outcome.sessionLeftOver == nil)
  }

  @Test func refusesAnUnverifiedSession() {
    #expect(throws: FirefoxError.notVerified) { try signIn([status("unverified")]) }
    #expect(throws: FirefoxError.notVerified) {
      let bearer = try duplicateBearer()
      return try signIn([
        status(), duplicated(), script.scopedKey(bearer: bearer).answering(400, #"{"code":400,"errno":138}"#),
        script.destroySession(bearer: bearer),
      ])
    }
  }

  @Test func reportsAnEndedSession() {
    #expect(throws: FirefoxError.sessionGone) {
      try signIn([status(status: 401, answer: #"{"code":401,"errno":110}"#)])
    }
  }

  @Test func reportsAKeyFromBeforeAReset() throws {
    let old = ScopedKey(scope: key.scope, key: key.key, kid: "1-AAECAwQFBgcICQoLDA0ODw")
    let bearer = try duplicateBearer()
    #expect(throws: FirefoxError.outdatedSyncKey) {
      try signIn(
        [status(), duplicated(), script.scopedKey(bearer: bearer), script.destroySession(bearer: bearer)], key: old)
    }
  }

  @Test("Without a duplicate, nothing is requested with Firefox's session", arguments: [404, 405, 410])
  func requestsNothingWithoutADuplicate(status code: Int) throws {
    #expect(throws: FirefoxError.noDuplicateSession) {
      try signIn([status(), duplicated(status: code, answer: #"{"code":\#(code),"errno":116}"#)])
    }
    #expect(throws: AccountsError.missingField("sessionToken", in: .duplicate)) {
      try signIn([status(), duplicated(answer: "{}")])
    }
  }

  @Test func reportsADuplicateThatDoesNotEnd() throws {
    let bearer = try duplicateBearer()
    let lost = HTTPError.timedOut(host: "auth.test")
    let outcome = try signIn([
      status(), duplicated(), script.scopedKey(bearer: bearer), script.grant(bearer: bearer),
      script.destroySession(bearer: bearer).failing(lost),
    ])
    #expect(outcome.sessionLeftOver as? HTTPError == lost)
  }

  @Test func triesTheNextClientID() throws {
    let bearer = try duplicateBearer()
    let ids = OAuthClientIDs.withSession.all
    let outcome = try signIn([
      status(), duplicated(),
      script.scopedKey(bearer: bearer, clientID: ids[0]).answering(503, #"{"code":503,"errno":204}"#),
      script.scopedKey(bearer: bearer, clientID: ids[1]), script.grant(bearer: bearer, clientID: ids[1]),
      script.destroySession(bearer: bearer),
    ])
    guard case .refreshToken(_, clientID: ids[1]) = outcome.account.grant else {
      Issue.record("another client id")
      return
    }
  }
}

@Suite struct FirefoxServersTests {
  private func servers(_ preferences: [String: String]) -> FirefoxServers {
    let text = preferences.map { "user_pref(\"\($0.key)\", \"\($0.value)\");\n" }.joined()
    return FirefoxServers(FirefoxPreferences(SecretBytes(utf8: text)))
  }

  private func discovery(of root: String) -> Exchange {
    Exchange(
      method: "GET", url: root + "/.well-known/fxa-client-configuration", headers: ["Accept: application/json"],
      body: nil,
      answer: .success(
        HTTPResponse(
          status: 200, headers: [],
          body: SecretBytes(
            utf8: """
              {"auth_server_base_url":"https://api.accounts.firefox.com","oauth_server_base_url":"https://oauth.test",\
              "profile_server_base_url":"https://profile.test","sync_tokenserver_base_url":"https://token.test"}
              """))))
  }

  /// As Firefox leaves them after a sign-in with an address for automatic configuration.
  private let own = [
    "identity.fxaccounts.autoconfig.uri": "https://own.test", "identity.fxaccounts.remote.root": "https://own.test",
    "identity.fxaccounts.auth.uri": "https://own.test/auth/v1",
    "identity.fxaccounts.remote.oauth.uri": "https://own.test/oauth/v1",
    "identity.fxaccounts.remote.profile.uri": "https://own.test/profile/v1",
    "identity.sync.tokenserver.uri": "https://own.test/token/1.0/sync/1.5",
  ]

  @Test func usesOtherServers() throws {
    let transport = ScriptedTransport([])
    let found = servers(own)
    let configuration = try found.configuration(transport: transport)
    #expect(configuration.contentRoot == "https://own.test")
    #expect(configuration.authServer == "https://own.test/auth")
    #expect(configuration.oauthServer == "https://own.test/oauth")
    #expect(configuration.tokenServer == "https://own.test/token")
    try found.check(configuration)
    #expect(throws: FirefoxError.otherServer(firefox: "https://own.test", given: "https://content.test")) {
      try found.check(Sample.servers())
    }
  }

  @Test func usesAnotherTokenServer() throws {
    let transport = ScriptedTransport([discovery(of: "https://accounts.firefox.com")])
    let found = servers(["identity.sync.tokenserver.uri": "https://own.test/1.0/sync/1.5"])
    let configuration = try found.configuration(transport: transport)
    transport.finish()
    #expect(configuration.authServer == "https://api.accounts.firefox.com")
    #expect(configuration.tokenServer == "https://own.test")
    try found.check(configuration)
  }

  /// Without another auth server, the sign-in was at Mozilla's, whatever else is set.
  @Test func ignoresTheAddressForAutomaticConfigurationAlone() throws {
    for name in ["identity.fxaccounts.autoconfig.uri", "identity.fxaccounts.remote.root"] {
      let found = servers([name: "https://own.test"])
      #expect(found.name == "https://accounts.firefox.com")
      #expect(throws: FirefoxError.self) {
        try found.check(servers(own).configuration(transport: ScriptedTransport([])))
      }
    }
  }

  @Test func refusesPlainHTTP() {
    let found = servers(own.mapValues { $0.replacing("https://", with: "http://") })
    #expect(throws: HTTPError.self) { try found.configuration(transport: ScriptedTransport([])) }
  }
}
