import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// The requests of a sign-in, with the values of the end-to-end vector.
@Suite struct PasswordSignInTests {
  let vector: TestVectors.Vector
  let email: String
  let password: SecretBytes
  let script: SignInExchanges

  init() throws {
    vector = try TestVectors.named("e2e-login-to-password-record")
    email = vector.input("email")
    password = SecretBytes(utf8: vector.input("password"))
    script = SignInExchanges(vector: vector)
  }

  private func signIn(_ transport: any HTTPTransport) throws -> SignInOutcome {
    try PasswordSignIn(servers: Sample.servers(), transport: transport, clock: Sample.clock)
      .signIn(email: email, password: password)
  }

  @Test func signsInWithVersion1() throws {
    let transport = ScriptedTransport([
      script.status, script.login(), script.keys, script.scopedKey, script.grant(), script.destroySession(),
    ])
    let outcome = try signIn(transport)
    transport.finish()
    #expect(outcome.sessionLeftOver == nil)
    #expect(outcome.account.email == email)
    #expect(outcome.account.uid == SignInExchanges.uid)
    guard case .refreshToken(let token, "e7ce535d93522896") = outcome.account.grant else {
      Issue.record("another grant")
      return
    }
    #expect(token.exposedText() == "the-refresh-token")
    let oldsync = try #require(vector.expected["oldsync"] as? [String: String])
    #expect(Base64.urlSafe.encode(outcome.account.syncKey.key).exposedText() == oldsync["k"])
    #expect(outcome.account.syncKey.kid == vector.output("xKeyId"))
    #expect(outcome.account.syncKey.clientState == vector.output("xClientStateHex"))
    #expect(outcome.accessToken?.token.exposedText() == "the-access-token")
    #expect(outcome.accessToken?.expires == Sample.now + 21_600_000)
  }

  @Test("Version 2 sends version 2's authPW and uses keyFetchTokenVersion2") func signsInWithVersion2() throws {
    let salt = try ClientSalt(AccountsClientTests.salt)
    let stretched = try PasswordStretching.v2(salt: salt).stretch(password)
    // Version 2 wraps the same kB with its own unwrapBKey.
    let kB = SecretBytes(hex: vector.input("kB"))
    let bundle = try SignInExchanges.bundle(
      kA: SecretBytes(hex: vector.input("kA")), wrapKB: SecretBytes.xor(kB, stretched.unwrapBKey),
      keyFetchToken: vector.input("keyFetchToken"))
    let transport = ScriptedTransport([
      .post(
        "/account/credentials/status", body: #"{"email":"\#(email)"}"#,
        answer: #"{"currentVersion":"v2","clientSalt":"\#(salt.text)"}"#),
      script.login(authPW: stretched.authPW, keyFetchName: "keyFetchTokenVersion2"),
      .get(
        "/account/keys", authorization: vector.output("keyFetchBearer"), answer: #"{"bundle":"\#(bundle)"}"#),
      script.scopedKey, script.grant(), script.destroySession(),
    ])
    #expect(try signIn(transport).account.syncKey.kid == vector.output("xKeyId"))
    transport.finish()
  }

  @Test("After errno 120 the login is sent once more, with the server's spelling and the typed address as original")
  func sendsTheServersSpellingOnce()
    throws
  {
    let original = "Ada.King@example.test"
    let retry = try PasswordStretching.v1(email: original).stretch(password)
    let bundle = try SignInExchanges.bundle(
      kA: SecretBytes(hex: vector.input("kA")),
      wrapKB: SecretBytes.xor(SecretBytes(hex: vector.input("kB")), retry.unwrapBKey),
      keyFetchToken: vector.input("keyFetchToken"))
    let conflict = #"{"code":400,"errno":120,"email":"\#(original)"}"#
    let transport = ScriptedTransport([
      script.status, script.login(status: 400, answer: conflict),
      script.login(authPW: retry.authPW, sentAs: original, originalLoginEmail: email),
      .get(
        "/account/keys", authorization: vector.output("keyFetchBearer"), answer: #"{"bundle":"\#(bundle)"}"#),
      script.scopedKey, script.grant(), script.destroySession(),
    ])
    #expect(try signIn(transport).account.syncKey.kid == vector.output("xKeyId"))
    transport.finish()

    let twice = ScriptedTransport([
      script.status, script.login(status: 400, answer: conflict),
      script.login(
        authPW: retry.authPW, sentAs: original, originalLoginEmail: email, status: 400, answer: conflict),
    ])
    #expect(throws: AccountsError.refused(AccountsRefusal(errno: 120, status: 400))) { try signIn(twice) }
    twice.finish()

    let without = ScriptedTransport([script.status, script.login(status: 400, answer: #"{"errno":120}"#)])
    #expect(throws: AccountsError.refused(AccountsRefusal(errno: 120, status: 400))) { try signIn(without) }
    without.finish()
  }

  @Test(
    "A refused login starts no session",
    arguments: [
      102, 103, 107, 114, 125, 126, 127, 133, 142, 149, 151, 160, 201, 203, 206, 210, 223, 998, 999,
    ])
  func reportsARefusedLogin(errno: Int) throws {
    let transport = ScriptedTransport([
      script.status, script.login(status: 400, answer: #"{"code":400,"errno":\#(errno)}"#),
    ])
    let error = #expect(throws: AccountsError.self) { try signIn(transport) }
    #expect(error?.errno == errno)
    transport.finish()
  }

  static let pendingTable: [(fields: String, step: VerificationStep)] = [
    (
      #""verified":false,"verificationMethod":"email-otp","verificationReason":"login""#,
      VerificationStep(method: .emailCode, reason: .login)
    ),
    (
      #""emailVerified":true,"sessionVerified":false,"verified":true,"verificationMethod":"totp-2fa""#,
      VerificationStep(method: .totp, reason: .login)
    ),
    (
      #""emailVerified":false,"sessionVerified":true,"verificationMethod":"email","verificationReason":"signup""#,
      VerificationStep(method: .emailLink, reason: .signUp)
    ),
    (
      #""verified":false,"verificationMethod":"email-otp","verificationReason":"change_password""#,
      VerificationStep(method: .emailCode, reason: .changePassword)
    ),
    (#""verificationMethod":"email-2fa""#, VerificationStep(method: .emailCode, reason: .login)),
    (#""verified":false"#, VerificationStep(method: .other, reason: .login)),
  ]

  @Test("A pending step ends the session and is reported", arguments: pendingTable)
  func reportsAPendingStep(fields: String, step: VerificationStep) throws {
    let answer = """
      {"uid":"\(SignInExchanges.uid)","sessionToken":"\(vector.input("sessionToken"))",\
      "keyFetchToken":"\(vector.input("keyFetchToken"))",\(fields)}
      """
    let transport = ScriptedTransport([
      script.status, script.login(answer: answer), script.destroySession(),
    ])
    #expect(throws: AccountsError.verificationPending(step)) { try signIn(transport) }
    transport.finish()
  }

  @Test("Any failure after the login ends the session") func endsTheSessionAfterAFailure() throws {
    let gone = #"{"code":503,"errno":201,"retryAfter":5}"#
    let unavailable = AccountsError.refused(AccountsRefusal(errno: 201, status: 503, retryAfter: 5))
    let steps = [script.keys, script.scopedKey, script.grant()]
    for count in steps.indices {
      var failing = steps[count]
      failing.answer = .success(HTTPResponse(status: 503, headers: [], body: SecretBytes(utf8: gone)))
      let start = [script.status, script.login()] + steps[..<count]
      let transport = ScriptedTransport(start + [failing, script.destroySession()])
      #expect(throws: unavailable) { try signIn(transport) }
      transport.finish()

      let broken = HTTPError.broken(host: "auth.test", reason: "cut")
      let cut = ScriptedTransport(start + [steps[count].failing(broken), script.destroySession()])
      #expect(throws: broken) { try signIn(cut) }
      cut.finish()
    }
  }

  @Test("An incomplete response to a login still ends the session")
  func endsTheSessionAfterAnIncompleteResponse() throws {
    let session = #""sessionToken":"\#(vector.input("sessionToken"))""#
    for (fields, missing) in [
      (#""uid":"\#(SignInExchanges.uid)""#, "keyFetchTokenVersion2"),
      (#""keyFetchToken":"\#(vector.input("keyFetchToken"))""#, "uid"),
    ] {
      let transport = ScriptedTransport([
        script.status, script.login(answer: "{\(session),\(fields),\"verified\":true}"),
        script.destroySession(),
      ])
      let error = #expect(throws: AccountsError.self) { try signIn(transport) }
      guard case .missingField(let name, .login) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(name == missing || name == "keyFetchToken")
      transport.finish()
    }
    for answer in ["<html>", "", "[]", "{}"] {
      let transport = ScriptedTransport([script.status, script.login(answer: answer)])
      #expect(throws: AccountsError.self) { try signIn(transport) }
      transport.finish()
    }
  }

  @Test("A refresh token with more than one scope is revoked at once") func revokesATokenWithMoreScopes() throws {
    let wide = """
      {"access_token":"a","refresh_token":"the-refresh-token","expires_in":60,\
      "scope":"https://identity.mozilla.com/apps/oldsync profile"}
      """
    let narrow = #"{"refresh_token":"the-refresh-token"}"#
    for (answer, error) in [
      (wide, AccountsError.unexpectedScope), (narrow, .missingField("access_token", in: .token)),
    ] {
      let transport = ScriptedTransport([
        script.status, script.login(), script.keys, script.scopedKey, script.grant(answer: answer),
        .post(
          "/oauth/destroy", body: #"{"client_id":"e7ce535d93522896","token":"the-refresh-token"}"#,
          answer: "{}"),
        script.destroySession(),
      ])
      #expect(throws: error) { try signIn(transport) }
      transport.finish()
    }
  }

  @Test("A session that the server does not end is reported, but is not a failure")
  func reportsASessionThatDoesNotEnd() throws {
    let start = [script.status, script.login(), script.keys, script.scopedKey, script.grant()]
    let broken = HTTPError.timedOut(host: "auth.test")
    let transport = ScriptedTransport(start + [script.destroySession().failing(broken)])
    #expect(try signIn(transport).sessionLeftOver as? HTTPError == broken)
    transport.finish()
    let gone = ScriptedTransport(
      start + [script.destroySession(status: 401, answer: #"{"code":401,"errno":110}"#)])
    #expect(try signIn(gone).sessionLeftOver == nil)
    gone.finish()
  }

  @Test func refusesTamperedKeys() throws {
    var keys = script.keys
    let bundle = String(vector.output("bundle").dropLast()) + "0"
    keys.answer = .success(
      HTTPResponse(status: 200, headers: [], body: SecretBytes(utf8: #"{"bundle":"\#(bundle)"}"#)))
    let transport = ScriptedTransport([script.status, script.login(), keys, script.destroySession()])
    #expect(throws: AccountsError.tamperedKeyBundle) { try signIn(transport) }
    transport.finish()
  }
}
