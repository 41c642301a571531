import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// Logins that are blocked until a mailed code is entered, or throttled for a short time.
@Suite struct UnblockTests {
  private let vector: TestVectors.Vector
  private let script: SignInExchanges

  init() throws {
    vector = try TestVectors.named("e2e-login-to-password-record")
    script = SignInExchanges(vector: vector)
  }

  private func signIn(_ questions: ScriptedQuestions) throws -> (HTTPTransport) throws -> SignInOutcome {
    let servers = try Sample.servers()
    let (email, password) = (vector.input("email"), SecretBytes(utf8: vector.input("password")))
    return {
      try PasswordSignIn(servers: servers, transport: $0, questions: questions, clock: Sample.clock)
        .signIn(email: email, password: password)
    }
  }

  private func refused(_ errno: Int, captcha: Bool = true, unblockCode: String? = nil) -> Exchange {
    let method = captcha ? #","verificationMethod":"email-captcha","verificationReason":"login""# : ""
    return script.login(
      unblockCode: unblockCode, status: 400, answer: #"{"code":400,"errno":\#(errno)\#(method)}"#)
  }

  private func throttled(_ seconds: Int) -> Exchange {
    var exchange = script.login()
    exchange.answer = .success(
      HTTPResponse(
        status: 429, headers: [("retry-after", "\(seconds)")],
        body: SecretBytes(utf8: #"{"code":429,"errno":114,"retryAfter":\#(seconds * 1000)}"#)))
    return exchange
  }

  private var mail: Exchange {
    .post("/account/login/send_unblock_code", body: #"{"email":"\#(vector.input("email"))"}"#, answer: "{}")
  }

  private var rest: [Exchange] { [script.keys, script.scopedKey, script.grant(), script.destroySession()] }

  private func expectSuccess(_ steps: [Exchange], _ questions: ScriptedQuestions) throws {
    let transport = ScriptedTransport([script.status] + steps + rest)
    #expect(try signIn(questions)(transport).account.syncKey.kid == vector.output("xKeyId"))
    transport.finish()
  }

  private func expectRefusal(_ errno: Int, _ steps: [Exchange], _ questions: ScriptedQuestions) throws {
    let transport = ScriptedTransport([script.status] + steps)
    let error = #expect(throws: AccountsError.self) { try signIn(questions)(transport) }
    #expect(error?.errno == errno)
    transport.finish()
  }

  @Test(arguments: [114, 125]) func asksForAnUnblockCode(errno: Int) throws {
    let questions = ScriptedQuestions("abcd efgh")
    try expectSuccess([refused(errno), mail, script.login(unblockCode: "ABCDEFGH")], questions)
    #expect(questions.asked == [.unblock] && questions.refusals == [nil])
    #expect(questions.events == [.codeMailed(.unblock)])
  }

  @Test func asksAgainAfterAWrongCode() throws {
    let wrong = refused(127, captcha: false, unblockCode: "WRONG123")
    let once = ScriptedQuestions("wrong123", "RIGHT123")
    try expectSuccess([refused(125), mail, wrong, script.login(unblockCode: "RIGHT123")], once)
    #expect(once.refusals == [nil, 127] && once.events.count == 1)
    let twice = ScriptedQuestions("wrong123", "wrong123", "RIGHT123")
    try expectSuccess([refused(125), mail, wrong, wrong, mail, script.login(unblockCode: "RIGHT123")], twice)
    #expect(twice.events.count == 2)
    let thrice = ScriptedQuestions("wrong123", "wrong123", "no code!", "RIGHT123")
    try expectRefusal(127, [refused(125), mail, wrong, wrong, mail], thrice)
  }

  @Test func mailsAnotherCodeOnRequest() throws {
    let questions = ScriptedQuestions("", "RIGHT123")
    try expectSuccess([refused(125), mail, mail, script.login(unblockCode: "RIGHT123")], questions)
    // Only one more mail is sent.
    try expectRefusal(127, [refused(125), mail, mail], ScriptedQuestions("", "", "", ""))
  }

  @Test("One mail is sent for all passwords of a run") func mailsOneCodeForAllPasswords() throws {
    let questions = ScriptedQuestions("CODE1111", "CODE2222")
    let transport = ScriptedTransport(
      [script.status, refused(125), mail, refused(103, captcha: false, unblockCode: "CODE1111")]
        + [script.status, refused(125), script.login(unblockCode: "CODE2222")] + rest)
    let signIn = try PasswordSignIn(
      servers: Sample.servers(), transport: transport, questions: questions, clock: Sample.clock)
    let password = SecretBytes(utf8: vector.input("password"))
    let error = #expect(throws: AccountsError.self) {
      try signIn.signIn(email: vector.input("email"), password: password)
    }
    #expect(error?.errno == 103)
    #expect(try signIn.signIn(email: vector.input("email"), password: password).sessionLeftOver == nil)
    transport.finish()
  }

  @Test("The login that returns the other address uses up the code") func usesTheCodeForAMovedAddress() throws {
    let original = "Ada.King@example.test"
    let retry = try PasswordStretching.v1(email: original).stretch(SecretBytes(utf8: vector.input("password")))
    let bundle = try SignInExchanges.bundle(
      kA: SecretBytes(hex: vector.input("kA")),
      wrapKB: SecretBytes.xor(SecretBytes(hex: vector.input("kB")), retry.unwrapBKey),
      keyFetchToken: vector.input("keyFetchToken"))
    let conflict = script.login(
      unblockCode: "CODE1111", status: 400, answer: #"{"code":400,"errno":120,"email":"\#(original)"}"#)
    func again(_ code: String, status: Int = 200, answer: String? = nil) -> Exchange {
      script.login(
        authPW: retry.authPW, sentAs: original, originalLoginEmail: vector.input("email"), unblockCode: code,
        status: status,
        answer: answer)
    }
    let transport = ScriptedTransport([
      script.status, refused(125), mail, conflict,
      again("CODE1111", status: 400, answer: #"{"code":400,"errno":127}"#), mail, again("CODE2222"),
      .get("/account/keys", authorization: vector.output("keyFetchBearer"), answer: #"{"bundle":"\#(bundle)"}"#),
      script.scopedKey, script.grant(), script.destroySession(),
    ])
    let questions = ScriptedQuestions("CODE1111", "", "CODE2222")
    #expect(try signIn(questions)(transport).account.syncKey.kid == vector.output("xKeyId"))
    transport.finish()
  }

  @Test func reportsTheBlockWithoutAUser() throws {
    let questions = ScriptedQuestions("RIGHT123")
    questions.canAnswer = false
    try expectRefusal(125, [refused(125)], questions)
    #expect(questions.asked.isEmpty)
    let leaving = ScriptedTransport([script.status, refused(125), mail])
    #expect(throws: ScriptedQuestions.UserLeft.self) { try signIn(ScriptedQuestions())(leaving) }
    leaving.finish()
  }

  @Test("A short wait is waited out once, even without a user") func waitsOnceForAShortTime() throws {
    let questions = ScriptedQuestions()
    questions.canAnswer = false
    try expectSuccess([throttled(20), script.login()], questions)
    #expect(questions.paused == 20 && questions.events == [.throttled(20)])
    try expectRefusal(114, [throttled(60), throttled(1)], ScriptedQuestions())
    let long = ScriptedQuestions()
    try expectRefusal(114, [throttled(61)], long)
    try expectRefusal(114, [refused(114, captcha: false)], long)
    #expect(long.paused == 0)
  }
}
