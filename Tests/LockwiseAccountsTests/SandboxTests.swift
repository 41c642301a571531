import Foundation
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts
@testable import LockwiseHostSupport

/// Discovery, sign-in, tokens, storage credentials and sign-out at the sandbox, over libcurl.
@Suite(.serialized) struct SandboxTests {
  private struct FixtureAccount: Decodable {
    let email: String
    let password: String
    let uid: String
    let kB: String
    let kid: String
  }

  private let sandbox: SandboxProcess
  private let transport: CurlTransport
  private let fixture: FixtureAccount
  private let servers: ServerConfiguration

  init() throws {
    sandbox = try SandboxProcess.ofBuild()
    transport = try CurlTransport(userAgent: "lockwise/test")
    let file = TestVectors.fixtures.appendingPathComponent("firefox-esr-153/account.json")
    fixture = try JSONDecoder().decode(FixtureAccount.self, from: Data(contentsOf: file))
    servers = try ServerConfiguration.discover(contentRoot: sandbox.url, transport: transport)
  }

  private func signIn(email: String? = nil, password: String? = nil) throws -> SignInOutcome {
    try PasswordSignIn(servers: servers, transport: transport)
      .signIn(email: email ?? fixture.email, password: SecretBytes(utf8: password ?? fixture.password))
  }

  private func provider(
    _ account: SignedInAccount, _ documents: MemoryDocuments
  ) -> StorageCredentialsProvider {
    StorageCredentialsProvider(account: account, documents: documents, transport: transport)
  }

  @Test("Signing in to Firefox's account returns Firefox's key and leaves one token with one scope")
  func signsInToFirefoxsAccount()
    throws
  {
    let outcome = try signIn()
    #expect(outcome.sessionLeftOver == nil)
    #expect(outcome.account.uid == fixture.uid)
    #expect(outcome.account.syncKey.kid == fixture.kid)
    let expected = try HKDFSHA256.deriveKey(
      from: SecretBytes(hex: fixture.kB), info: "identity.mozilla.com/picl/v1/oldsync", count: 64)
    #expect(outcome.account.syncKey.key == expected)
    #expect(try sandbox.tokenCounts(fixture.email) == [0, 1, 0])
    let tokens = try sandbox.account(fixture.email)["refreshTokens"] as? [[String: Any]]
    #expect(tokens?.first?["scope"] as? [String] == [ScopedKey.oldSyncScope])

    let documents = MemoryDocuments()
    let completed = try SignInCompletion(transport: transport).complete(outcome, deviceName: "lockwise on tëst")
    #expect(completed.deviceProblem == nil)
    documents.texts = completed.documents
    let account = try #require(try SignedInAccount.load(from: documents))
    let devices = try AccountDevices(transport: transport).list(of: account)
    #expect(devices.map(\.name) == ["lockwise on tëst"])
    #expect(devices.first?.isCurrent == true)
    #expect(devices.first?.id == account.deviceID)
    let first = try provider(account, documents).credentials()
    #expect(first.endpoint.hasPrefix(sandbox.url))
    #expect(first.clockOffset.magnitude < 5000)
    #expect(try provider(account, documents).credentials().id == first.id)
    #expect(try provider(account, documents).replaceAfterUnauthorized().endpoint == first.endpoint)

    #expect(SignOut(transport: transport).signOut(account).isEmpty)
    #expect(SignOut(transport: transport).signOut(account).isEmpty)
    #expect(try sandbox.tokenCounts(fixture.email) == [0, 0, 0])
    documents.texts[.accessToken] = nil
    #expect(throws: SignInRequired.revoked(errno: 110)) { try provider(account, documents).replaceAfterUnauthorized() }
    try sandbox.post("switches", #"{"oauth.revoked-errno":182}"#)
    #expect(throws: SignInRequired.revoked(errno: 182)) { try provider(account, documents).replaceAfterUnauthorized() }
  }

  @Test("Both versions of stretching, an address in other letters, a moved address")
  func stretching() throws {
    try sandbox.post("account", #"{"create":"Ada@example.test","password":"pässwörd 1"}"#)
    try sandbox.post(
      "account", #"{"create":"two@example.test","password":"pässwörd 2","keyStretching":"v2"}"#)
    #expect(try signIn(email: "Ada@example.test", password: "pässwörd 1").sessionLeftOver == nil)
    #expect(try signIn(email: "ada@EXAMPLE.test", password: "pässwörd 1").sessionLeftOver == nil)
    let two = try signIn(email: "TWO@example.test", password: "pässwörd 2")
    #expect(try sandbox.account("two@example.test")["kid"] as? String == two.account.syncKey.kid)
    for answer in ["missing", "unknown", "error", "garbage"] {
      try sandbox.post("switches", #"{"accounts.credentials-status":"\#(answer)"}"#)
      #expect(try signIn(email: "Ada@example.test", password: "pässwörd 1").sessionLeftOver == nil)
    }
    try sandbox.resetSwitches()
    try sandbox.post("account", #"{"email":"Ada@example.test","primaryEmail":"king@example.test"}"#)
    #expect(
      try signIn(email: "king@example.test", password: "pässwörd 1").account.email == "king@example.test")
  }

  @Test(
    "Wrong passwords for another spelling of the address stay within the server's limit of logins",
    arguments: [false, true])
  func loginsAreCounted(isExact: Bool) throws {
    try sandbox.post("switches", #"{"accounts.limits":true,"accounts.exact-address":\#(isExact)}"#)
    let signIn = PasswordSignIn(servers: servers, transport: transport)
    let email = fixture.email.uppercased()
    for _ in 0..<3 {
      let error = #expect(throws: AccountsError.self) {
        try signIn.signIn(email: email, password: SecretBytes(utf8: "wrong"))
      }
      #expect(error?.errno == 103)
    }
    let outcome = try signIn.signIn(email: email, password: SecretBytes(utf8: fixture.password))
    #expect(outcome.account.syncKey.kid == fixture.kid)
  }

  @Test(
    "After each kind of refusal of a client id, the next one is tried",
    arguments: [
      "unknown", "disabled", "private", "no-sync", "no-grant",
    ])
  func triesTheNextClientID(fate: String) throws {
    let ids = OAuthClientIDs.withSession.all
    func clientID(_ outcome: SignInOutcome) -> String? {
      if case .refreshToken(_, let id) = outcome.account.grant { id } else { nil }
    }
    try sandbox.post("switches", #"{"oauth.clients":{"\#(ids[0])":"\#(fate)"}}"#)
    #expect(try clientID(signIn()) == ids[1])
    try sandbox.post("switches", #"{"oauth.clients":{"\#(ids[0])":"\#(fate)","\#(ids[1])":"\#(fate)"}}"#)
    #expect(try clientID(signIn()) == ids[2])
    let fates = ids.map { #""\#($0)":"\#(fate)""# }.joined(separator: ",")
    try sandbox.post("switches", #"{"oauth.clients":{\#(fates)}}"#)
    let error = #expect(throws: AccountsError.self) { try signIn() }
    #expect(error?.refusesClientID == true)
    #expect(try sandbox.tokenCounts(fixture.email)[0] == 0)
  }

  @Test func reportsRefusals() throws {
    let unknown = #expect(throws: AccountsError.self) { try signIn(email: "nobody@example.test") }
    #expect(unknown?.errno == 102)
    let wrong = #expect(throws: AccountsError.self) { try signIn(password: "wrong") }
    #expect(wrong?.errno == 103)
    for errno in [102, 103, 114, 120, 125, 126, 142, 210] {
      try sandbox.post("switches", #"{"accounts.login":\#(errno)}"#)
      let error = #expect(throws: AccountsError.self) { try signIn() }
      // Error 120 with the typed address can only be about the password.
      #expect(error?.errno == (errno == 120 ? 103 : errno))
      if errno == 114 { #expect(error?.retryAfter == 900) }
    }
    for (word, errno) in [("edge-406", 125), ("edge-429", 114), ("edge-403", nil), ("edge-503", nil)] {
      try sandbox.post("switches", #"{"accounts.login":"\#(word)"}"#)
      let error = #expect(throws: AccountsError.self) { try signIn() }
      #expect(error?.errno == errno)
      guard case .edge = error else {
        Issue.record("\(word): \(String(describing: error))")
        continue
      }
    }
    try sandbox.post("switches", #"{"accounts.login":"garbage"}"#)
    #expect(throws: AccountsError.self) { try signIn() }
    #expect(try sandbox.tokenCounts(fixture.email) == [0, 0, 0])
  }

  @Test("The wait of errno 114 is read in both units, with and without the header")
  func readsEachFormOfThrottling() throws {
    for (unit, header, seconds) in [
      ("ms", true, 900), ("ms", false, 900), ("s", false, 900), ("none", true, 900), ("none", false, nil),
    ] as [(String, Bool, Seconds?)] {
      try sandbox.post(
        "switches",
        """
        {"accounts.login":114,"accounts.retry-after-body":"\(unit)","accounts.retry-after-header":\(header)}
        """)
      let error = #expect(throws: AccountsError.self) { try signIn() }
      #expect(error?.retryAfter == seconds, "\(unit) \(header)")
    }
    try sandbox.post("switches", #"{"accounts.captcha":true}"#)
    let error = #expect(throws: AccountsError.self) { try signIn() }
    guard case .refused(let refusal) = error else { return }
    #expect(refusal.offersUnblockCode)
  }

  @Test("A pending step leaves no session") func endsTheSessionOfAPendingStep() throws {
    for fields in [true, false] {
      for (method, step) in [
        ("email", VerificationStep.Method.emailLink), ("email-otp", .emailCode), ("email-2fa", .emailCode),
        ("as-requested", .emailCode),
      ] {
        for (word, reason) in [
          ("login", VerificationStep.Reason.login), ("signup", .signUp), ("change_password", .changePassword),
        ] {
          try sandbox.post(
            "switches",
            """
            {"accounts.verification":"\(method)","accounts.verification-reason":"\(word)",\
            "accounts.verified-fields":\(fields)}
            """)
          let error = #expect(throws: AccountsError.self) { try signIn() }
          guard case .verificationPending(let pending) = error else {
            Issue.record("\(method) \(word): \(String(describing: error))")
            continue
          }
          #expect(pending == VerificationStep(method: step, reason: reason), "\(method) \(word)")
        }
      }
    }
    try sandbox.resetSwitches()
    try sandbox.post("account", #"{"totpSecret":"3132333435363738393031323334353637383930"}"#)
    #expect(throws: AccountsError.verificationPending(VerificationStep(method: .totp, reason: .login))) {
      try signIn()
    }
    #expect(try sandbox.tokenCounts(fixture.email)[0...1] == [0, 0])
  }

  @Test func reportsTokenServerErrors() throws {
    let account = try signIn().account
    let documents = MemoryDocuments()
    for (word, reason) in [
      ("invalid-credentials", SignInRequired.notAccepted), ("invalid-generation", .passwordChanged),
      ("invalid-keysChangedAt", .keyReplaced), ("invalid-client-state", .keyNotCurrent),
    ] {
      try sandbox.post("switches", #"{"token.error":"\#(word)"}"#)
      #expect(throws: reason) { try provider(account, documents).credentials() }
    }
    for (word, error) in [
      ("invalid-key-id", TokenServerError.invalidKeyID), ("new-users-disabled", .newUsersDisabled),
      ("internal-error", .failed(status: 500)),
    ] {
      try sandbox.post("switches", #"{"token.error":"\#(word)"}"#)
      #expect(throws: error) { try provider(account, documents).credentials() }
    }
    try sandbox.post("switches", #"{"token.error":"error","token.error-status":503}"#)
    #expect(throws: TokenServerError.busy(retryAfter: 30)) { try provider(account, documents).credentials() }
    try sandbox.resetSwitches()
    #expect(try provider(account, documents).credentials().uid > 0)
  }

  @Test("A new node, an expired token, a changed password and a reset key are handled")
  func reactsToChangesOfTheAccount() throws {
    let account = try signIn().account
    let documents = MemoryDocuments()
    let first = try provider(account, documents).credentials()
    try sandbox.post("reassign", "{}")
    let moved = try provider(account, documents).replaceAfterUnauthorized()
    #expect(moved.endpoint != first.endpoint)
    try sandbox.post("account", #"{"expireAccessTokens":true}"#)
    #expect(try provider(account, documents).replaceAfterUnauthorized().endpoint == moved.endpoint)
    let password = fixture.password.replacingOccurrences(of: "\"", with: "")
    try sandbox.post("account", #"{"password":"\#(password)","keepTokens":true}"#)
    // The token server knows of the change, but the cached access token is older. The refresh token is still valid.
    #expect(try provider(account, documents).replaceAfterUnauthorized().endpoint == moved.endpoint)
    try sandbox.post("account", #"{"password":"\#(password)","keepTokens":true,"newKeys":true}"#)
    let again = try signIn().account
    _ = try provider(again, MemoryDocuments()).credentials()
    let reset = #expect(throws: SignInRequired.self) { try provider(account, documents).replaceAfterUnauthorized() }
    #expect([.keyReplaced, .keyNotCurrent].contains(reset))
    try sandbox.post("account", #"{"revokeRefreshTokens":true,"expireAccessTokens":true}"#)
    #expect(throws: SignInRequired.revoked(errno: 110)) { try provider(again, MemoryDocuments()).credentials() }
  }

  @Test("A server clock that is a day off is tolerated") func toleratesAServerClockADayOff() throws {
    let account = try signIn().account
    for offset in [86_400, -86_400] as [Seconds] {
      try sandbox.post("clock", #"{"offset":\#(offset)}"#)
      let documents = MemoryDocuments()
      let credentials = try provider(account, documents).credentials()
      #expect((credentials.clockOffset - Milliseconds(offset)).magnitude < 5000)
    }
  }
}
