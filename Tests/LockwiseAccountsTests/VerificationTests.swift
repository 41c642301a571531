import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// The requests of the step after the password. The last one always ends the session.
@Suite struct VerificationTests {
  private let vector: TestVectors.Vector
  private let script: SignInExchanges

  init() throws {
    vector = try TestVectors.named("e2e-login-to-password-record")
    script = SignInExchanges(vector: vector)
  }

  private func signIn(_ transport: any HTTPTransport, _ questions: ScriptedQuestions) throws -> SignInOutcome {
    try PasswordSignIn(servers: Sample.servers(), transport: transport, questions: questions, clock: Sample.clock)
      .signIn(email: vector.input("email"), password: SecretBytes(utf8: vector.input("password")))
  }

  private func pending(_ method: String, reason: String = "login") -> [Exchange] {
    let answer = """
      {"uid":"\(SignInExchanges.uid)","sessionToken":"\(vector.input("sessionToken"))",\
      "keyFetchToken":"\(vector.input("keyFetchToken"))","verified":false,\
      "verificationMethod":"\(method)","verificationReason":"\(reason)"}
      """
    return [script.status, script.login(answer: answer)]
  }

  private var rest: [Exchange] { [script.keys, script.scopedKey, script.grant(), script.destroySession()] }

  private func post(_ path: String, _ body: String, errno: Int? = nil, answer: String = "{}") -> Exchange {
    .post(
      path, authorization: vector.output("sessionBearer"), body: body, status: errno == nil ? 200 : 400,
      answer: errno.map { #"{"code":400,"errno":\#($0)}"# } ?? answer)
  }

  private func totp(_ code: String, errno: Int? = nil, success: Bool = true) -> Exchange {
    post("/session/verify/totp", #"{"code":"\#(code)"}"#, errno: errno, answer: #"{"success":\#(success)}"#)
  }

  private func recovery(_ code: String, errno: Int? = nil, answer: String = #"{"remaining":7}"#) -> Exchange {
    post("/session/verify/recoveryCode", #"{"code":"\#(code)"}"#, errno: errno, answer: answer)
  }

  private func mailed(_ code: String, errno: Int? = nil) -> Exchange {
    post("/session/verify_code", #"{"code":"\#(code)"}"#, errno: errno)
  }

  private var resend: Exchange { post("/session/resend_code", "{}") }

  private func state(_ answer: String, status: Int = 200) -> Exchange {
    .get("/session/status", authorization: vector.output("sessionBearer"), status: status, answer: answer)
  }

  /// A sign-in that succeeds.
  private func expectSuccess(_ steps: [Exchange], _ questions: ScriptedQuestions) throws {
    let transport = ScriptedTransport(steps + rest)
    #expect(try signIn(transport, questions).account.syncKey.kid == vector.output("xKeyId"))
    transport.finish()
  }

  /// A sign-in that fails with this number.
  private func expectRefusal(_ errno: Int, _ steps: [Exchange], _ questions: ScriptedQuestions) {
    let transport = ScriptedTransport(steps + [script.destroySession()])
    let error = #expect(throws: AccountsError.self) { try signIn(transport, questions) }
    #expect(error?.errno == errno)
    transport.finish()
  }

  // MARK: Authenticator

  @Test func acceptsAnAuthenticatorCode() throws {
    let questions = ScriptedQuestions("123 456")
    try expectSuccess(pending("totp-2fa") + [totp("123456")], questions)
    #expect(questions.asked == [.authenticator] && questions.refusals == [nil] && questions.events.isEmpty)
  }

  @Test func asksAgainAfterAWrongAuthenticatorCode() throws {
    let wrong = [totp("000000", success: false), totp("000001", errno: 183)]
    let second = ScriptedQuestions("000000", "000001", "123456")
    try expectSuccess(pending("totp-2fa") + wrong + [totp("123456")], second)
    #expect(second.refusals == [nil, 183, 183])
    // An empty input and an invalid code are not sent, but count as attempts.
    let third = ScriptedQuestions("000000", "", "no\u{1}code", "123456")
    expectRefusal(183, pending("totp-2fa") + [wrong[0]], third)
    #expect(third.asked.count == 3)
  }

  @Test func acceptsARecoveryCode() throws {
    let questions = ScriptedQuestions("abcd1 23456", "QWERT98765")
    try expectSuccess(
      pending("totp-2fa") + [recovery("abcd123456", errno: 156), recovery("QWERT98765")], questions)
    #expect(questions.refusals == [nil, 156])
    #expect(questions.events == [.recoveryCodesLeft(7)])
    try expectSuccess(pending("totp-2fa") + [recovery("1234567890", answer: "{}")], ScriptedQuestions("1234567890"))
  }

  @Test("After another error than a wrong code, the user is not asked again", arguments: [110, 114, 155, 999])
  func doesNotAskAgainAfterOtherErrors(errno: Int) throws {
    let refused = ["totp-2fa": totp("123456", errno: errno), "email-otp": mailed("123456", errno: errno)]
    for (method, exchange) in refused {
      let questions = ScriptedQuestions("123456", "123456")
      expectRefusal(errno, pending(method) + [exchange], questions)
      #expect(questions.asked.count == 1)
    }
  }

  // MARK: Mailed codes

  @Test(arguments: ["email-otp", "email-2fa"], ["login", "signup", "unheard-of"])
  func acceptsAMailedCode(method: String, reason: String) throws {
    let questions = ScriptedQuestions("654321")
    try expectSuccess(pending(method, reason: reason) + [mailed("654321")], questions)
    #expect(questions.asked == [.email])
  }

  @Test(arguments: [183, 105]) func asksAgainAfterAWrongMailedCode(errno: Int) throws {
    let again = ScriptedQuestions("000000", "", "654321")
    try expectSuccess(pending("email-otp") + [mailed("000000", errno: errno), resend, mailed("654321")], again)
    #expect(again.refusals == [nil, errno, nil])
    #expect(again.events == [.codeMailed(.email)])
    let thrice = ScriptedQuestions("000000", "000000", "000000", "654321")
    let wrong = mailed("000000", errno: errno)
    expectRefusal(errno, pending("email-otp") + [wrong, wrong, wrong], thrice)
  }

  @Test("A refused mail is reported, and the earlier code is still valid")
  func keepsTheOldCodeIfTheMailIsThrottled() throws {
    var refused = resend
    refused.answer = post("", "", errno: 114).answer
    let questions = ScriptedQuestions("", "654321")
    try expectSuccess(pending("email-otp") + [refused, mailed("654321")], questions)
    #expect(questions.refusals == [nil, 114])
    let ever = ScriptedQuestions("", "", "", "", "", "", "")
    expectRefusal(183, pending("email-otp") + [resend, resend, resend], ever)
    #expect(ever.asked.count == 6)
  }

  // MARK: Link

  @Test func waitsForTheLink() throws {
    let questions = ScriptedQuestions()
    let waiting = state(#"{"state":"unverified"}"#)
    // Two other errnos for an unconfirmed session, and a server that is briefly down.
    let trouble = [104, 138].map { state(#"{"code":400,"errno":\#($0)}"#, status: 400) }
    let away = [
      state("<html>", status: 503), waiting.failing(.timedOut(host: "auth.test")),
    ]
    try expectSuccess(
      pending("email") + [waiting] + trouble + away + [waiting, state(#"{"state":"verified"}"#)], questions)
    #expect(questions.asked.isEmpty && questions.paused == 7 * 4)
    #expect(questions.events.first == .waitingForLink(600))
    #expect(questions.events.last == .waitingForLink(576))
  }

  @Test func stopsWaitingForTheLink() throws {
    let questions = ScriptedQuestions()
    let waiting = [Exchange](repeating: state(#"{"state":"unverified"}"#), count: 150)
    let transport = ScriptedTransport(pending("email") + waiting + [script.destroySession()])
    #expect(throws: AccountsError.linkNotOpened) { try signIn(transport, questions) }
    transport.finish()
    #expect(questions.paused == 600)
  }

  @Test func stopsWaitingIfTheSessionEnds() throws {
    expectRefusal(110, pending("email") + [state(#"{"code":401,"errno":110}"#, status: 401)], ScriptedQuestions())
    let down = state(#"{"code":503,"errno":201}"#, status: 503)
    expectRefusal(201, pending("email") + [down, down, down], ScriptedQuestions())
  }

  // MARK: Not verified after all

  @Test("After a refusal of the keys, the pending step is done", arguments: [104, 138])
  func verifiesAfterTheKeysAreRefused(errno: Int) throws {
    var refused = script.keys
    refused.answer = post("", "", errno: errno).answer
    let details = #"{"state":"unverified","details":{"sessionVerificationMethod":"totp-2fa"}}"#
    let start = [script.status, script.login(), refused]
    try expectSuccess(start + [state(details), totp("123456")], ScriptedQuestions("123456"))
    try expectSuccess(
      start + [state(#"{"state":"unverified"}"#), state(#"{"state":"verified"}"#)], ScriptedQuestions())
    expectRefusal(errno, start + [state(#"{"state":"verified"}"#)], ScriptedQuestions())
  }

  // MARK: Unsupported steps

  @Test(arguments: [
    ("email-otp", "change_password"), ("totp-2fa", "change_password"), ("email-captcha", "login"), ("pigeon", "login"),
  ])
  func reportsOtherSteps(method: String, reason: String) throws {
    let questions = ScriptedQuestions("123456")
    let transport = ScriptedTransport(pending(method, reason: reason) + [script.destroySession()])
    #expect(throws: AccountsError.verificationPending(VerificationStep(method: method, reason: reason))) {
      try signIn(transport, questions)
    }
    transport.finish()
    #expect(questions.asked.isEmpty)
  }

  @Test("Without a user, or if the user leaves, the step is reported", arguments: ["totp-2fa", "email-otp", "email"])
  func reportsTheStepIfTheUserLeaves(method: String) throws {
    let nobody = ScriptedQuestions("123456")
    nobody.canAnswer = false
    let alone = ScriptedTransport(pending(method) + [script.destroySession()])
    #expect(throws: AccountsError.verificationPending(VerificationStep(method: method, reason: "login"))) {
      try signIn(alone, nobody)
    }
    alone.finish()
    let leaving = ScriptedQuestions()
    leaving.timeout = 1
    let waited = method == "email" ? [state(#"{"state":"unverified"}"#)] : []
    let left = ScriptedTransport(pending(method) + waited + [script.destroySession()])
    #expect(throws: ScriptedQuestions.UserLeft.self) { try signIn(left, leaving) }
    left.finish()
  }
}
