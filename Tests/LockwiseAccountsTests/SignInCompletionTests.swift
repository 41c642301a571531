import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The last requests of every sign-in.
@Suite struct SignInCompletionTests {
  static let device = "0123456789abcdef0123456789abcdef"
  static let other = "fedcba9876543210fedcba9876543210"

  private func outcome() throws -> SignInOutcome {
    SignInOutcome(
      account: try Sample.account(),
      accessToken: AccessToken(token: SecretBytes(utf8: "access"), expires: Sample.now + 3_600_000))
  }

  private func complete(_ transport: any HTTPTransport) throws -> SignInCompletion.Completed {
    try SignInCompletion(transport: transport, clock: Sample.clock).complete(outcome(), deviceName: "lockwise on \"h\"")
  }

  private static let tokenServer = Exchange.tokenServer(bearer: "access", answer: Sample.credentials)

  private static func register(id: String? = nil, status: Int = 200, answer: String) -> Exchange {
    let id = id.map { #""id":"\#($0)","# } ?? ""
    return .post(
      "/account/device", authorization: "Bearer refresh",
      body: #"{\#(id)"name":"lockwise on \"h\"","type":"desktop"}"#, status: status, answer: answer)
  }

  private static let revoke = Exchange.post(
    "/oauth/destroy", body: #"{"client_id":"e7ce535d93522896","token":"refresh"}"#, answer: "{}")

  @Test func opensTheTokenServerThenRegistersADevice() throws {
    let transport = ScriptedTransport([
      Self.tokenServer, Self.register(answer: #"{"id":"\#(Self.device.uppercased())","name":"x"}"#),
    ])
    let completed = try complete(transport)
    transport.finish()
    #expect(completed.account.deviceID == Self.device)
    #expect(completed.deviceProblem == nil)
    #expect(completed.credentials.uid == 42)
    #expect(Set(completed.documents.keys) == [.account, .accessToken, .storageToken])
  }

  @Test func renamesTheDeviceOfTheToken() throws {
    let transport = ScriptedTransport([
      Self.tokenServer,
      Self.register(status: 400, answer: #"{"code":400,"errno":124,"deviceId":"\#(Self.other)"}"#),
      Self.register(id: Self.other, answer: #"{"id":"\#(Self.other)"}"#),
    ])
    #expect(try complete(transport).account.deviceID == Self.other)
    transport.finish()
  }

  @Test(arguments: [
    (404, #"{"code":404,"errno":116}"#), (500, ""), (200, "{}"), (200, #"{"id":"short"}"#), (200, "[]"),
  ])
  func succeedsWithoutADevice(status: Int, answer: String) throws {
    let transport = ScriptedTransport([Self.tokenServer, Self.register(status: status, answer: answer)])
    let completed = try complete(transport)
    transport.finish()
    #expect(completed.account.deviceID == nil)
    #expect(completed.deviceProblem is AccountsError)
  }

  @Test(arguments: [
    "invalid-credentials", "invalid-key-id", "invalid-client-state", "invalid-generation", "invalid-keysChangedAt",
    "invalid-timestamp", "new-words",
  ])
  func revokesATokenThatTheTokenServerRefuses(word: String) throws {
    let transport = ScriptedTransport([
      .tokenServer(bearer: "access", status: 401, answer: #"{"status":"\#(word)","errors":[]}"#), Self.revoke,
    ])
    #expect(throws: TokenServerError.self) { try complete(transport) }
    transport.finish()
  }

  @Test func revokesTheTokenIfTheTokenServerIsDown() throws {
    let lost = HTTPError.unreachable(host: "token.test", reason: "lost")
    let transport = ScriptedTransport([Self.tokenServer.failing(lost), Self.revoke])
    #expect(throws: lost) { try complete(transport) }
    transport.finish()
  }

  @Test func signOutDeletesTheDeviceFirst() throws {
    var account = try Sample.account()
    account.deviceID = Self.device
    let transport = ScriptedTransport([
      .post(
        "/account/device/destroy", authorization: "Bearer refresh", body: #"{"id":"\#(Self.device)"}"#, status: 400,
        answer: #"{"code":400,"errno":123}"#), Self.revoke,
    ])
    #expect(SignOut(transport: transport).signOut(account).isEmpty)
    transport.finish()
  }

  @Test func listsDevices() throws {
    let transport = ScriptedTransport([
      .get(
        "/account/devices", authorization: "Bearer refresh",
        answer: """
          [{"id":"\(Self.device)","name":"a","type":"mobile","isCurrentDevice":true,"lastAccessTime":5,"more":[]},\
          {"id":"\(Self.other)","name":null}]
          """)
    ])
    let devices = try AccountDevices(transport: transport).list(of: Sample.account())
    #expect(devices.map(\.id) == [Self.device, Self.other])
    #expect(devices.map(\.name) == ["a", ""])
    #expect(devices.map(\.isCurrent) == [true, false])
    #expect(devices.map(\.lastAccess) == [5, nil])
    #expect(devices.map(\.type) == ["mobile", ""])
  }

  @Test(arguments: [#"{"id":"x"}"#, #"[{"id":"x"}]"#, "[1]", "", "[{}]"])
  func refusesAnInvalidListOfDevices(body: String) throws {
    #expect(throws: AccountsError.self) {
      try AccountDevices(transport: ConstantTransport(status: 200, body: body)).list(of: Sample.account())
    }
  }

  @Test func reportsARevokedTokenWhenListingDevices() throws {
    #expect(throws: SignInRequired.revoked(errno: 110)) {
      try AccountDevices(transport: ConstantTransport(status: 401, body: #"{"code":401,"errno":110}"#))
        .list(of: Sample.account())
    }
  }
}
