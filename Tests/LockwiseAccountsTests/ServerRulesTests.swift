import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// Behaviour of the accounts server that is in its source code but not in its documentation.
@Suite struct ServerRulesTests {
  private let vector: TestVectors.Vector
  private let script: SignInExchanges
  private let email: String
  private let password: SecretBytes

  init() throws {
    vector = try TestVectors.named("e2e-login-to-password-record")
    script = SignInExchanges(vector: vector)
    email = vector.input("email")
    password = SecretBytes(utf8: vector.input("password"))
  }

  // MARK: Numbers

  /// The errnos of the OAuth host, and those of the auth server for the same errors.
  static let numbers: [(raw: Int, number: AccountsErrno)] = [
    (101, .unknownClient), (102, .wrongClientSecret), (103, .redirectMismatch), (104, .invalidToken),
    (105, .unknownAuthorizationCode), (106, .foreignAuthorizationCode), (107, .expiredAuthorizationCode),
    (108, .invalidToken), (109, .invalidParameter), (110, .invalidResponseType), (111, .invalidToken),
    (114, .invalidScopes), (115, .invalidToken), (116, .notPublicClient), (117, .pkceMismatch), (118, .missingPKCE),
    (119, .staleAuthentication), (120, .needsTwoStep), (121, .invalidParameter), (122, .unknownRefreshToken),
    (201, .unavailable), (202, .clientDisabled), (998, .internalError), (999, .unexpected),
  ]

  @Test("The errnos of the OAuth host have their own table", arguments: numbers)
  func mapsTheErrnosOfTheOAuthHost(raw: Int, number: AccountsErrno) throws {
    let body = #"{"code":400,"errno":\#(raw)}"#
    let response = HTTPResponse(status: 400, headers: [], body: SecretBytes(utf8: body))
    #expect(AccountsResponse(response, from: .oauth).error.errno == number.rawValue)
    #expect(AccountsResponse(response, from: .auth).error.errno == raw)
    #expect(AccountsResponse(response, from: .profile).error == .unexpectedResponse(status: 400))
    #expect(
      AccountsResponse(response, from: .oauth).error.refusesClientID == [101, 103, 114, 116, 121, 202].contains(raw))
  }

  @Test("An errno that only the OAuth host has is never taken for one of the auth server", arguments: [112, 113, 150])
  func keepsErrnosOfTheOAuthHostApart(raw: Int) {
    let response = HTTPResponse(
      status: 400, headers: [], body: SecretBytes(utf8: #"{"code":400,"errno":\#(raw)}"#))
    let error = AccountsResponse(response, from: .oauth).error
    #expect(error.errno == raw + 1000)
    #expect(error.userFacingError.message == "the accounts server refused the request (errno \(raw + 1000))")
  }

  @Test("108 of the OAuth host is reported as a revoked token") func reportsARevokedTokenAtTheOAuthHost() throws {
    let client = AccountsClient(
      servers: try Sample.servers(), transport: ConstantTransport(status: 400, body: #"{"code":400,"errno":108}"#))
    let error = #expect(throws: AccountsError.self) {
      try client.owner(ofAccessToken: SecretBytes(utf8: "opaque"), clientID: "c", scope: "s")
    }
    #expect(error?.userFacingError.message == "the sign-in has expired or was revoked")
  }

  // MARK: Password

  @Test("149 before the login means that the account has no password") func reportsAnAccountWithoutPassword() throws {
    let transport = ScriptedTransport([script.status.answering(400, #"{"code":400,"errno":149}"#)])
    let error = #expect(throws: AccountsError.self) { try signIn(transport) }
    transport.finish()
    #expect(error?.errno == 149)
    #expect(error?.userFacingError.message == "the account has no password and therefore no Sync key")
  }

  @Test("A disabled account is refused before the login", arguments: [103, 126, 138, 210])
  func reportsADisabledAccount(errno: Int) {
    let transport = ScriptedTransport([script.status.answering(400, #"{"code":400,"errno":\#(errno)}"#)])
    #expect(throws: AccountsError.self) { try signIn(transport) }
    transport.finish()
  }

  @Test("120 with version 2 means a wrong password") func reportsAWrongPasswordForVersion2() throws {
    let salt = try ClientSalt(AccountsClientTests.salt)
    let proof = try PasswordStretching.v2(salt: salt).stretch(password)
    let transport = ScriptedTransport([
      script.status.answering(200, #"{"currentVersion":"v2","clientSalt":"\#(salt.text)"}"#),
      script.login(authPW: proof.authPW, status: 400, answer: #"{"errno":120,"email":"Other@example.test"}"#),
    ])
    #expect(throws: AccountsError.wrongPassword) { try signIn(transport) }
    transport.finish()
  }

  @Test("120 with the address as typed means a wrong password") func reportsAWrongPasswordForTheSameSpelling() throws {
    let transport = ScriptedTransport([
      script.status, script.login(status: 400, answer: #"{"errno":120,"email":"\#(email)"}"#),
    ])
    #expect(throws: AccountsError.wrongPassword) { try signIn(transport) }
    transport.finish()
  }

  @Test("Three wrong passwords for another spelling of the address need four logins")
  func limitsTheNumberOfLogins() throws {
    let original = "Ada.King@example.test"
    let proof = try PasswordStretching.v1(email: original).stretch(password)
    let wrong = #"{"code":400,"errno":103,"email":"\#(original)"}"#
    let again = script.login(
      authPW: proof.authPW, sentAs: original, originalLoginEmail: email, status: 400, answer: wrong)
    let transport = ScriptedTransport([
      script.status, script.login(status: 400, answer: #"{"errno":120,"email":"\#(original)"}"#), again,
      script.status, again, script.status, again,
    ])
    let signIn = try PasswordSignIn(servers: Sample.servers(), transport: transport, clock: Sample.clock)
    for _ in 0..<3 {
      #expect(throws: AccountsError.wrongPassword) { try signIn.signIn(email: email, password: password) }
    }
    transport.finish()
  }

  private func signIn(_ transport: any HTTPTransport) throws -> SignInOutcome {
    try PasswordSignIn(servers: Sample.servers(), transport: transport, clock: Sample.clock)
      .signIn(email: email, password: password)
  }

  // MARK: Codes

  /// Typed codes, and the kinds of code that they can be.
  static let codes: [(typed: String, mailed: Bool, app: Bool, recovery: Bool, unblock: Bool)] = [
    ("123456", true, true, false, false), ("12 34 56", true, true, false, false),
    ("12345678", true, true, true, true), ("123456789", true, false, true, false),
    ("12345a", false, false, false, false), ("abcd1234", false, false, true, true),
    ("abcd12345", false, false, true, false), ("abcdefghij0123456789", false, false, true, false),
    ("abcdefghij01234567890", false, false, false, false), ("abc-1234", false, false, false, false),
    ("", false, false, false, false), ("１２３４５６", false, false, false, false),
    (String(repeating: "1", count: 21), false, false, false, false),
  ]

  @Test(arguments: codes) func recognisesTheFormOfACode(
    typed: String, mailed: Bool, app: Bool, recovery: Bool, unblock: Bool
  ) {
    let code = SignInCode(typed: SecretBytes(utf8: typed))
    #expect(code.isMailedCode == mailed && code.isOfApp == app)
    #expect(code.isRecoveryCode == recovery && code.isUnblockCode == unblock)
  }

  @Test("107 for a code means a wrong code") func reportsACodeOfTheWrongForm() throws {
    let client = AccountsClient(
      servers: try Sample.servers(), transport: ConstantTransport(status: 400, body: #"{"code":400,"errno":107}"#))
    let session = try #require(try AccountToken(.session, hex: SecretBytes(utf8: vector.input("sessionToken"))))
    let code = SecretBytes(utf8: "123456")
    #expect(throws: AccountsError.wrongCode) { try client.verifyCode(session, code: code) }
    #expect(throws: AccountsError.wrongCode) { try client.verifyAuthenticatorCode(session, code: code) }
    #expect(throws: AccountsError.unknownRecoveryCode) { try client.useRecoveryCode(session, code: code) }
    let transport = ScriptedTransport([
      script.status, script.login(unblockCode: "CODE1111", status: 400, answer: #"{"code":400,"errno":107}"#),
    ])
    var proof = try AccountsClient(servers: Sample.servers(), transport: transport)
      .proof(email: email, password: password)
    #expect(throws: AccountsError.wrongUnblockCode) {
      try AccountsClient(servers: Sample.servers(), transport: transport)
        .login(&proof, unblockCode: SecretBytes(utf8: "CODE1111"))
    }
    transport.finish()
  }

  @Test("After 110 at the OAuth routes, the pending step is done") func completesAStepAtTheKey() throws {
    let session = vector.output("sessionBearer")
    let details = #"{"state":"unverified","details":{"sessionVerificationMethod":"totp-2fa"}}"#
    let transport = ScriptedTransport([
      script.status, script.login(), script.keys, script.scopedKey.answering(401, #"{"code":401,"errno":110}"#),
      .get("/session/status", authorization: session, answer: details),
      .post(
        "/session/verify/totp", authorization: session, body: #"{"code":"123456"}"#, answer: #"{"success":true}"#),
      script.scopedKey, script.grant(), script.destroySession(),
    ])
    let outcome = try PasswordSignIn(
      servers: Sample.servers(), transport: transport, questions: ScriptedQuestions("123456"), clock: Sample.clock
    ).signIn(email: email, password: password)
    transport.finish()
    #expect(outcome.account.syncKey.kid == vector.output("xKeyId"))
  }

  // MARK: Devices

  @Test("After 110 of a device route, the token is checked") func checksARefusalOfDevices() throws {
    let refused = Exchange.get(
      "/account/devices", authorization: "Bearer refresh", status: 401, answer: #"{"code":401,"errno":110}"#)
    let valid = ScriptedTransport([refused, Sample.accessTokenRequest(Sample.accessToken("fresh"))])
    #expect(throws: AccountsError.devicesRefused(errno: 110)) {
      try AccountDevices(transport: valid).list(of: Sample.account())
    }
    valid.finish()
    for errno in [110, 182] {
      let gone = ScriptedTransport([
        refused, Sample.accessTokenRequest(#"{"code":400,"errno":\#(errno)}"#, status: 400),
      ])
      #expect(throws: SignInRequired.revoked(errno: 110)) {
        try AccountDevices(transport: gone).list(of: Sample.account())
      }
      gone.finish()
    }
  }

  // MARK: Numbers as text

  @Test(arguments: [
    ("5", 5), (#""5""#, 5), (#""0""#, 0), (#""1700000000123""#, 1_700_000_000_123), (#""05""#, nil), (#""""#, nil),
    (#""-5""#, nil), (#""+5""#, nil), (#"" 5""#, nil), (#""5.0""#, nil), (#""1e3""#, nil), (#""٥""#, nil),
    (#""1234567890123456""#, nil), ("true", nil), ("null", nil), ("[5]", nil),
  ])
  func parsesWholeNumbers(text: String, number: Int64?) throws {
    #expect(try JSONValue(parsing: SecretBytes(utf8: text)).wholeNumber == number)
  }

  @Test("Numbers sent as text are accepted") func acceptsNumbersAsText() throws {
    let grant = """
      {"access_token":"a","refresh_token":"r","expires_in":"21600","token_type":"bearer",\
      "scope":"https://identity.mozilla.com/apps/oldsync","of_a_later_version":[{}]}
      """
    let scopedKey = String(
      decoding: try script.scopedKey.answer.get().body.withUnsafeBytes { Array($0) }, as: UTF8.self
    ).replacing(
      "\(vector.integer("keyRotationTimestamp"))", with: "\"\(vector.integer("keyRotationTimestamp"))\"")
    let transport = ScriptedTransport([
      script.status, script.login(), script.keys, script.scopedKey.answering(200, scopedKey),
      script.grant(answer: grant), script.destroySession(),
    ])
    let outcome = try signIn(transport)
    transport.finish()
    #expect(outcome.account.syncKey.kid == vector.output("xKeyId"))
    #expect(outcome.accessToken?.expires == Sample.now + 21_600_000)
    let credentials = """
      {"id":"i","key":"k","uid":"42","api_endpoint":"https://node.test/1.5/42","duration":"3600","more":null}
      """
    let answer = try TokenServerClient.parse(
      HTTPResponse(status: 200, headers: [], body: SecretBytes(utf8: credentials)), now: Sample.now)
    #expect(answer.credentials.uid == 42 && answer.credentials.expires == Sample.now + 3_600_000)
    let refusal = HTTPResponse(
      status: 429, headers: [], body: SecretBytes(utf8: #"{"code":"429","errno":"114","retryAfter":"30"}"#))
    #expect(AccountsResponse(refusal).error == .refused(AccountsRefusal(errno: 114, status: 429, retryAfter: 30)))
  }
}
