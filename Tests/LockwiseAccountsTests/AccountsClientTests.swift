import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseAccounts

/// Single requests to the auth server.
@Suite struct AccountsClientTests {
  static let salt = "identity.mozilla.com/picl/v1/quickStretchV2:0123456789abcdef0123456789abcdef"

  private func client(_ transport: any HTTPTransport) throws -> AccountsClient {
    AccountsClient(servers: try Sample.servers(), transport: transport)
  }

  // MARK: Version of stretching

  @Test func readsTheSaltOfVersion2() throws {
    let transport = ScriptedTransport([
      .post(
        "/account/credentials/status", body: #"{"email":"André@example.org"}"#,
        answer: #"{"currentVersion":"v2","clientSalt":"\#(Self.salt)","upgradeNeeded":false}"#)
    ])
    let stretching = try client(transport).stretching(email: "André@example.org")
    #expect(stretching == .v2(salt: try ClientSalt(Self.salt)))
    transport.finish()
  }

  static let fallbacks: [(status: Int, body: String)] = [
    (200, #"{"currentVersion":"v1","upgradeNeeded":true}"#), (200, #"{"currentVersion":"v1"}"#),
    (200, "{}"), (200, "<html>"), (200, ""), (200, #"{"currentVersion":"v9"}"#), (200, "[]"),
    (400, #"{"errno":102}"#), (410, #"{"errno":116}"#), (404, #"{"errno":116}"#), (404, "Not Found"),
    (404, #"{"errno":999}"#), (500, #"{"errno":999}"#), (503, "<html>"), (502, ""),
  ]

  @Test(arguments: fallbacks) func fallsBackToVersion1(status: Int, body: String) throws {
    let transport = ConstantTransport(status: status, body: body)
    #expect(try client(transport).stretching(email: "Ada@example.test") == .v1(email: "Ada@example.test"))
  }

  @Test("Version 2 with an invalid salt is refused, not sent as version 1")
  func refusesAnInvalidSalt() throws {
    for body in [
      #"{"currentVersion":"v2"}"#, #"{"currentVersion":"v2","clientSalt":null}"#,
      #"{"currentVersion":"v2","clientSalt":"identity.mozilla.com/picl/v1/quickStretch:ada@example.test"}"#,
    ] {
      #expect(throws: AccountsError.refusedClientSalt) {
        try client(ConstantTransport(status: 200, body: body)).stretching(email: "ada@example.test")
      }
    }
  }

  @Test(arguments: [
    (429, #"{"errno":114,"retryAfter":30}"#, 114), (400, #"{"errno":107}"#, 107), (429, "<html>", 114),
    (406, "", 125),
  ])
  func reportsAThrottledStatus(status: Int, body: String, errno: Int) throws {
    let error = #expect(throws: AccountsError.self) {
      try client(ConstantTransport(status: status, body: body)).stretching(email: "ada@example.test")
    }
    #expect(error?.errno == errno)
  }

  // MARK: Session

  private func session() throws -> AccountToken {
    let vector = try TestVectors.named("token-bearer-sessionToken")
    return try #require(try AccountToken(.session, hex: SecretBytes(utf8: vector.input("token"))))
  }

  private func bearer() throws -> String {
    try TestVectors.named("token-bearer-sessionToken").output("authorizationHeader")
  }

  @Test(arguments: [("verified", true), ("unverified", false)])
  func readsTheStateOfASession(state: String, verified: Bool) throws {
    let transport = ScriptedTransport([
      .get("/session/status", authorization: try bearer(), answer: #"{"state":"\#(state)","uid":"00"}"#)
    ])
    #expect(try client(transport).isVerified(session()) == verified)
    transport.finish()
  }

  @Test func refusesAnUnexpectedSessionStatus() throws {
    #expect(throws: AccountsError.missingField("state", in: .sessionStatus)) {
      try client(ConstantTransport(status: 200, body: "{}")).isVerified(session())
    }
    #expect(throws: AccountsError.refused(AccountsRefusal(errno: 110, status: 401))) {
      try client(ConstantTransport(status: 401, body: #"{"errno":110}"#)).isVerified(session())
    }
  }

  @Test(arguments: [(200, "{}"), (401, #"{"errno":110}"#)])
  func endsASession(status: Int, answer: String) throws {
    let transport = ScriptedTransport([
      .post("/session/destroy", authorization: try bearer(), body: "{}", status: status, answer: answer)
    ])
    try client(transport).destroy(session())
    transport.finish()
  }

  @Test(arguments: [(503, #"{"errno":201}"#, 201), (400, #"{"errno":107}"#, 107)])
  func reportsAFailureToEndASession(status: Int, answer: String, errno: Int) throws {
    let error = #expect(throws: AccountsError.self) {
      try client(ConstantTransport(status: status, body: answer)).destroy(session())
    }
    #expect(error?.errno == errno)
  }

  @Test(arguments: [(200, "{}"), (401, #"{"errno":110}"#), (400, #"{"errno":182}"#)])
  func revokesTheToken(status: Int, answer: String) throws {
    let transport = ScriptedTransport([
      .post(
        "/oauth/destroy", body: #"{"client_id":"e7ce535d93522896","token":"refresh"}"#, status: status,
        answer: answer)
    ])
    #expect(try SignOut(transport: transport).signOut(Sample.account()).isEmpty)
    transport.finish()
  }

  @Test func reportsAFailureToRevoke() throws {
    var account = try Sample.account()
    account.deviceID = "0123456789abcdef0123456789abcdef"
    let failures = SignOut(transport: ConstantTransport(status: 500, body: "")).signOut(account)
    #expect(failures.map(\.part) == [.device, .token])
    #expect(failures.allSatisfy { $0.error as? AccountsError == .edge(status: 500, retryAfter: nil) })
  }

  // MARK: Scoped key data

  static let good = """
    {"https://identity.mozilla.com/apps/oldsync":{"identifier":"https://identity.mozilla.com/apps/oldsync",\
    "keyRotationSecret":"0000000000000000000000000000000000000000000000000000000000000000",\
    "keyRotationTimestamp":1510726317123}}
    """

  @Test func readsScopedKeyData() throws {
    let transport = ScriptedTransport([
      .post(
        "/account/scoped-key-data", authorization: try bearer(),
        body: #"{"client_id":"c","scope":"https://identity.mozilla.com/apps/oldsync"}"#, answer: Self.good)
    ])
    let rotation = try client(transport).scopedKeyData(
      session(), clientID: "c", scope: ScopedKey.oldSyncScope)
    #expect(rotation.timestamp == 1_510_726_317_123)
    #expect(rotation.identifier == ScopedKey.oldSyncScope)
    transport.finish()
  }

  @Test func reportsAMissingScopedKey() throws {
    for body in ["{}", #"{"other":{}}"#, #"{"https://identity.mozilla.com/apps/oldsync":null}"#] {
      #expect(throws: AccountsError.noSyncKey) {
        try client(ConstantTransport(status: 200, body: body))
          .scopedKeyData(session(), clientID: "c", scope: ScopedKey.oldSyncScope)
      }
    }
    #expect(throws: AccountsError.missingField("keyRotationTimestamp", in: .scopedKeyData)) {
      let body = String(Self.good.replacing("1510726317123", with: "0"))
      _ = try client(ConstantTransport(status: 200, body: body))
        .scopedKeyData(session(), clientID: "c", scope: ScopedKey.oldSyncScope)
    }
  }
}
