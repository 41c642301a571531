import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// Secrets are put in every possible place, and must not appear in any text.
@Suite struct SecrecyTests {
  static let mark = "SECRET0MARK"
  /// A hexadecimal token that is easy to find.
  static let hex = String(repeating: "5ec7e7", count: 10) + "5ec7"

  /// A server that repeats secrets in every field that an error could contain.
  private struct Echo: HTTPTransport {
    var failing: String
    var status: Int
    var errno: Int
    /// The members about the session in the response to a login.
    var state = #""verified":true"#

    func send(_ request: HTTPRequest) throws -> HTTPResponse {
      let path = request.url.replacing("https://auth.test/v1", with: "")
      let echoed = [request.body?.exposedText()] + request.headers.map { $0.value.exposedText() }
      let text = echoed.compactMap { $0 }.joined(separator: " ").replacing("\"", with: "'")
      if path.hasPrefix(failing) || request.url.contains(failing) {
        let body = """
          {"code":\(status),"errno":\(errno),"error":"\(text)","message":"\(text) \(SecrecyTests.mark)",\
          "email":"\(text)","verificationMethod":"\(text)","verificationReason":"\(text)","info":"\(text)",\
          "status":"\(text)","scope":"\(text)","state":"\(text)","\(text)":"\(text)"}
          """
        return HTTPResponse(status: status, headers: [("retry-after", text)], body: SecretBytes(utf8: body))
      }
      return HTTPResponse(status: 200, headers: [], body: SecretBytes(utf8: answer(path)))
    }

    private func answer(_ path: String) -> String {
      let token = SecrecyTests.hex
      return switch path {
      case "/account/credentials/status": #"{"currentVersion":"v1"}"#
      case "/account/login?keys=true&service=sync":
        #"{"uid":"\#(SignInExchanges.uid)","sessionToken":"\#(token)","keyFetchToken":"\#(token)",\#(state)}"#
      case "/account/keys": #"{"bundle":"\#(token)\#(token)\#(token)"}"#
      case "/oauth/token":
        #"{"access_token":"\#(SecrecyTests.mark)","refresh_token":"\#(SecrecyTests.mark)","expires_in":9}"#
      default: "{}"
      }
    }
  }

  private func texts(_ error: any Error) -> String {
    var dumped = ""
    dump(error, to: &dumped)
    return "\(error) \(String(reflecting: error)) \(dumped) \(UserFacingError(error))"
  }

  @Test(arguments: ["/account/credentials", "/account/login", "/account/keys", "/session/destroy"])
  func keepsSecretsOutOfTheTextsOfASignIn(failing: String) throws {
    let authPW = try PasswordStretching.v1(email: "ada@example.test")
      .stretch(SecretBytes(utf8: Self.mark)).authPW
    let id = try #require(try AccountToken(.session, hex: SecretBytes(utf8: Self.hex))).id
    for (status, errno) in [(200, 0), (400, 103), (400, 120), (400, 125), (401, 110), (429, 114), (503, 201)] {
      var entries: [LoggingTransport.Entry] = []
      let echo = Echo(failing: failing, status: status, errno: errno)
      let transport = LoggingTransport(echo, report: { entries.append($0) })
      let signIn = try PasswordSignIn(servers: Sample.servers(), transport: transport)
      let error = #expect(throws: (any Error).self) {
        try signIn.signIn(email: "ada@example.test", password: SecretBytes(utf8: Self.mark))
      }
      let all = texts(error ?? AccountsError.noSyncKey) + entries.map { String(reflecting: $0) }.joined()
      for secret in [
        Self.mark, Self.hex, Hex.encode(authPW).exposedText() ?? "", Hex.encode(id).exposedText() ?? "",
      ] {
        #expect(!all.contains(secret), "\(failing) \(status) \(errno)")
      }
    }
  }

  @Test(arguments: ["totp-2fa", "email-otp", "email"]) func keepsSecretsOutOfTheTextsOfAStep(method: String) throws {
    let id = try #require(try AccountToken(.session, hex: SecretBytes(utf8: Self.hex))).id
    for (status, errno) in [(200, 0), (400, 105), (400, 156), (400, 183), (401, 110), (429, 114), (503, 201)] {
      var entries: [LoggingTransport.Entry] = []
      let echo = Echo(
        failing: "/session/", status: status, errno: errno,
        state: #""verified":false,"verificationMethod":"\#(method)""#)
      let transport = LoggingTransport(echo, report: { entries.append($0) })
      let questions = ScriptedQuestions(Self.mark, "", Self.mark, Self.mark)
      let error = #expect(throws: (any Error).self) {
        try PasswordSignIn(servers: Sample.servers(), transport: transport, questions: questions)
          .signIn(email: "ada@example.test", password: SecretBytes(utf8: Self.mark))
      }
      let all = texts(error ?? AccountsError.noSyncKey) + entries.map { String(reflecting: $0) }.joined()
      for secret in [Self.mark, Self.hex, Hex.encode(id).exposedText() ?? ""] {
        #expect(!all.contains(secret), "\(method) \(status) \(errno)")
      }
    }
  }

  @Test func keepsTokensOutOfTexts() throws {
    let base = try Sample.account()
    let account = SignedInAccount(
      email: base.email, uid: base.uid, servers: base.servers, clientID: OAuthClientIDs.withSession.first,
      refreshToken: SecretBytes(utf8: Self.mark), syncKey: base.syncKey)
    for failing in ["/oauth/", "https://token.test"] {
      for (status, errno) in [(200, 0), (400, 182), (401, 110), (404, 0), (503, 201)] {
        let provider = StorageCredentialsProvider(
          account: account, documents: MemoryDocuments(),
          transport: Echo(failing: failing, status: status, errno: errno))
        let error = #expect(throws: (any Error).self) { try provider.credentials() }
        #expect(!texts(error ?? AccountsError.noSyncKey).contains(Self.mark), "\(failing) \(status)")
      }
    }
  }

  @Test("Descriptions of values with secrets do not contain them") func hidesSecretsInDescriptions() throws {
    let account = try Sample.account()
    let token = AccessToken(token: SecretBytes(utf8: Self.mark), expires: 1)
    let request = HTTPRequest(
      method: "GET", url: "https://a.test", headers: [("Authorization", SecretBytes(utf8: Self.mark))],
      body: SecretBytes(utf8: Self.mark))
    let stretched = try PasswordStretching.v1(email: "x").stretch(SecretBytes(utf8: Self.mark))
    var all = ""
    dump(account, to: &all)
    dump(token, to: &all)
    dump(request, to: &all)
    dump(stretched, to: &all)
    dump(try AccountToken(.session, hex: SecretBytes(utf8: Self.hex)), to: &all)
    #expect(!all.contains(Self.mark) && !all.contains("refresh\"") && !all.contains("5ec7"))
  }
}
