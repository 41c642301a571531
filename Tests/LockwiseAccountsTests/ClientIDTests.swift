import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// The choice of a client id: the refusals after which the next one is tried.
@Suite struct ClientIDTests {
  private let vector: TestVectors.Vector
  private let script: SignInExchanges
  private static let ids = OAuthClientIDs.withSession.all

  init() throws {
    vector = try TestVectors.named("e2e-login-to-password-record")
    script = SignInExchanges(vector: vector)
  }

  private func signIn(
    _ exchanges: [Exchange], ids: OAuthClientIDs = .withSession
  ) throws -> SignInOutcome {
    let start = [script.status, script.login(), script.keys]
    let transport = ScriptedTransport(start + exchanges + [script.destroySession()])
    defer { transport.finish() }
    return try PasswordSignIn(servers: Sample.servers(), transport: transport, clientIDs: ids, clock: Sample.clock)
      .signIn(email: vector.input("email"), password: SecretBytes(utf8: vector.input("password")))
  }

  private func clientID(_ outcome: SignInOutcome) -> String? {
    if case .refreshToken(_, let id) = outcome.account.grant { id } else { nil }
  }

  @Test func triesIDsInOrder() {
    #expect(OAuthClientIDs.withSession.all == ["e7ce535d93522896", "a2270f727f45f648", "5882386c6d801776"])
    #expect(OAuthClientIDs.inBrowser.all == ["3c49430b43dfba77", "a2270f727f45f648"])
    let ids = OAuthClientIDs.withSession
    #expect(ids.startingWith("a2270f727f45f648").all == [ids.all[1], ids.all[0], ids.all[2]])
    #expect(ids.startingWith("3c49430b43dfba77") == ids && ids.startingWith(nil) == ids)
    #expect(OAuthClientIDs(only: "0123456789abcdef").startingWith(ids.first).all == ["0123456789abcdef"])
  }

  /// Refusals of a client id by the auth server and by a separate OAuth host.
  static let refusals: [(status: Int, body: String)] = [
    (400, #"{"code":400,"errno":162}"#), (400, #"{"code":400,"errno":163}"#), (400, #"{"code":400,"errno":166}"#),
    (400, #"{"code":400,"errno":167}"#), (503, #"{"code":503,"errno":204,"retryAfter":30}"#),
    (400, #"{"code":400,"errno":107,"validation":{"source":"payload","keys":["grant_type"]}}"#),
    (400, #"{"code":400,"errno":107,"validation":[{"path":["grant_type"]}]}"#),
  ]

  @Test("After a refused client id, the next one is tried", arguments: refusals)
  func triesTheNextID(status: Int, body: String) throws {
    let headers = [(name: "retry-after", value: "30")]
    let atTheKey = try signIn([
      script.scopedKey(clientID: Self.ids[0]).answering(status, body, headers: headers),
      script.scopedKey(clientID: Self.ids[1]), script.grant(clientID: Self.ids[1]),
    ])
    #expect(clientID(atTheKey) == Self.ids[1])
    let atTheGrant = try signIn([
      script.scopedKey(clientID: Self.ids[0]),
      script.grant(clientID: Self.ids[0]).answering(status, body, headers: headers),
      script.scopedKey(clientID: Self.ids[1]).answering(status, body, headers: headers),
      script.scopedKey(clientID: Self.ids[2]), script.grant(clientID: Self.ids[2]),
    ])
    #expect(clientID(atTheGrant) == Self.ids[2])
    // Each id is tried once. The last refusal is reported, without a wait.
    let error = #expect(throws: AccountsError.self) {
      try signIn(Self.ids.map { script.scopedKey(clientID: $0).answering(status, body, headers: headers) })
    }
    #expect(error?.refusesClientID == true)
    if status == 503 { #expect(error?.isThrottled == false && error?.isServerTrouble == false) }
    // An id that the user chose is the only one.
    let only = #expect(throws: AccountsError.self) {
      try signIn(
        [script.scopedKey(clientID: "0123456789abcdef").answering(status, body)],
        ids: OAuthClientIDs(only: "0123456789abcdef"))
    }
    #expect(only?.errno == error?.errno)
  }

  @Test("After a client id without access to the Sync key, the next one is tried")
  func triesTheNextIDWithoutAKey() throws {
    let outcome = try signIn([
      script.scopedKey(clientID: Self.ids[0]).answering(200, "{}"), script.scopedKey(clientID: Self.ids[1]),
      script.grant(clientID: Self.ids[1]),
    ])
    #expect(clientID(outcome) == Self.ids[1])
  }

  @Test(
    "An error of the account or session ends the sign-in",
    arguments: [102, 103, 104, 106, 107, 108, 109, 110, 114, 125, 126, 138, 164, 170, 171, 201, 203, 222, 999])
  func stopsAtErrorsOfTheAccount(errno: Int) throws {
    let error = #expect(throws: AccountsError.self) {
      try signIn([script.scopedKey.answering(400, #"{"code":400,"errno":\#(errno)}"#)])
    }
    #expect(error?.errno == errno)
  }

  // MARK: In the browser

  /// Responds to GET /oauth/client/ID by id, and with 404 to anything else.
  private struct Clients: HTTPTransport {
    let answers: [String: (status: Int, body: String)]

    func send(_ request: HTTPRequest) throws -> HTTPResponse {
      let id = String(request.url.split(separator: "/").last ?? "")
      let (status, body) = answers[id] ?? (404, "")
      return HTTPResponse(status: status, headers: [], body: SecretBytes(utf8: body))
    }
  }

  private func browser(
    _ first: (Int, String), _ second: (Int, String) = (404, ""), redirectURI: String? = nil
  ) throws -> String {
    let ids = OAuthClientIDs.inBrowser.all
    let url = try BrowserSignIn(
      servers: Sample.servers(), transport: Clients(answers: [ids[0]: first, ids[1]: second]),
      redirectURI: redirectURI
    ).url
    let query = url.split(separator: "?").last?.split(separator: "&") ?? []
    let values = ["client_id=", "redirect_uri="].map { name in
      query.first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.utf8.count)) } ?? ""
    }
    return values.joined(separator: " ").replacing("%2F", with: "/").replacing("%3A", with: ":")
  }

  private static let page = "https://content.test/oauth/success/"

  /// The registered addresses of the first client, and the one that is used.
  static let addresses: [(registered: String, address: String)] = [
    ("https://content.test/oauth/success/3c49430b43dfba77", "3c49430b43dfba77 \(page)3c49430b43dfba77"),
    (
      "urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel,https://content.test/oauth/success/3c49430b43dfba77",
      "3c49430b43dfba77 \(page)3c49430b43dfba77"
    ),
    (
      "https://other.test/a, https://content.test/oauth/success/3c49430b43dfba77 ,https://other.test/b",
      "3c49430b43dfba77 \(page)3c49430b43dfba77"
    ),
    ("urn:x,https://other.test/a,https://other.test/b", "3c49430b43dfba77 https://other.test/a"),
    ("http://other.test/a,https://other.test/b", "3c49430b43dfba77 https://other.test/b"),
    ("urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel", "a2270f727f45f648 \(page)a2270f727f45f648"),
    ("urn:a,urn:b,", "a2270f727f45f648 \(page)a2270f727f45f648"),
    (",", "a2270f727f45f648 \(page)a2270f727f45f648"),
    // An invalid response leaves the built-in address.
    ("", "3c49430b43dfba77 \(page)3c49430b43dfba77"),
    (String(repeating: "https://other.test/a,", count: 98), "3c49430b43dfba77 \(page)3c49430b43dfba77"),
  ]

  @Test(arguments: addresses) func usesARegisteredAddress(registered: String, address: String) throws {
    #expect(try browser((200, #"{"redirect_uri":"\#(registered)"}"#)) == address)
  }

  @Test func triesTheNextIDInTheBrowser() throws {
    for (status, body) in [
      (400, #"{"code":400,"errno":162}"#), (503, #"{"code":503,"errno":204}"#), (400, #"{"code":400,"errno":167}"#),
    ] {
      #expect(try browser((status, body)).hasPrefix("a2270f727f45f648 "))
      let error = #expect(throws: AccountsError.self) { try browser((status, body), (status, body)) }
      #expect(error?.refusesClientID == true)
    }
    #expect(throws: AccountsError.noRedirectAddress) {
      try browser((200, #"{"redirect_uri":"urn:a"}"#), (200, #"{"redirect_uri":"urn:a"}"#))
    }
    // An address that the user chose need not be registered.
    #expect(
      try browser((200, #"{"redirect_uri":"urn:a"}"#), redirectURI: "http://127.0.0.1:80/x")
        == "3c49430b43dfba77 http://127.0.0.1:80/x")
  }
}
