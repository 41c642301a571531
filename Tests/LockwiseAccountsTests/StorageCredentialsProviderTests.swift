import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The cache of tokens: when they are fetched, kept and dropped.
@Suite struct StorageCredentialsProviderTests {
  let documents = MemoryDocuments()
  static let unauthorized = #"{"status":"invalid-credentials","errors":[]}"#

  private func provider(
    _ transport: any HTTPTransport, now: Milliseconds = Sample.now
  ) throws -> StorageCredentialsProvider {
    try StorageCredentialsProvider(
      account: Sample.account(), documents: documents, transport: transport, clock: WallClock { now })
  }

  @Test("Credentials are fetched once, then read from the vault for 80 % of their life")
  func cachesCredentials() throws {
    let transport = ScriptedTransport([
      Sample.accessTokenRequest(Sample.accessToken("at1")),
      .tokenServer(bearer: "at1", headers: [("x-backoff", "7")], answer: Sample.credentials),
    ])
    var backoffs: [Seconds] = []
    let fetching = try provider(transport)
    fetching.onBackoff = { backoffs.append($0) }
    let first = try fetching.credentials()
    #expect(first.endpoint == "https://node.test/1.5/42")
    #expect(try fetching.credentials().id == first.id)
    let caching = try provider(transport, now: Sample.now + 2_879_000)
    caching.onBackoff = { backoffs.append($0) }
    #expect(try caching.credentials().id == first.id)
    #expect(backoffs == [7])
    transport.finish()

    // The credentials are old, but the access token is still valid.
    let moved = Sample.credentials.replacing("https://node.test", with: "https://other.test")
    let later = ScriptedTransport([.tokenServer(bearer: "at1", answer: moved)])
    let changed = try provider(later, now: Sample.now + 2_881_000).credentials()
    #expect(changed.endpoint == "https://other.test/1.5/42")
    later.finish()

    // The access token has less than a minute left.
    let renewed = ScriptedTransport([
      Sample.accessTokenRequest(Sample.accessToken("at2")), .tokenServer(bearer: "at2", answer: moved),
    ])
    #expect(try provider(renewed, now: Sample.now + 21_541_000).credentials().endpoint == changed.endpoint)
    renewed.finish()
  }

  @Test("After a 401 from storage, new credentials are fetched with the present access token")
  func replacesCredentialsAfterA401() throws {
    let transport = ScriptedTransport([
      Sample.accessTokenRequest(Sample.accessToken("at1")),
      .tokenServer(bearer: "at1", answer: Sample.credentials),
      .tokenServer(bearer: "at1", answer: Sample.credentials.replacing("hawk-id", with: "hawk-new")),
    ])
    let provider = try provider(transport)
    _ = try provider.credentials()
    #expect(try provider.replaceAfterUnauthorized().id.exposedText() == "hawk-new==")
    #expect(try provider.credentials().id.exposedText() == "hawk-new==")
    transport.finish()
  }

  @Test("After a 401 from the token server, one new access token is tried") func retriesWithANewAccessToken() throws {
    for word in ["invalid-credentials", "invalid-generation", "something-new"] {
      documents.texts = [.accessToken: AccessToken(token: SecretBytes(utf8: "old"), expires: .max).document()]
      let transport = ScriptedTransport([
        .tokenServer(bearer: "old", status: 401, answer: #"{"status":"\#(word)"}"#),
        Sample.accessTokenRequest(Sample.accessToken("new")),
        .tokenServer(bearer: "new", answer: Sample.credentials),
      ])
      _ = try provider(transport).credentials()
      transport.finish()
    }
  }

  @Test(arguments: [
    ("invalid-credentials", SignInRequired.notAccepted), ("invalid-generation", .passwordChanged),
    ("invalid-keysChangedAt", .keyReplaced), ("invalid-client-state", .keyNotCurrent),
  ])
  func requiresASignInAfterTwoRefusals(word: String, reason: SignInRequired) throws {
    let transport = ScriptedTransport([
      Sample.accessTokenRequest(Sample.accessToken("at1")),
      .tokenServer(bearer: "at1", status: 401, answer: #"{"status":"\#(word)"}"#),
      Sample.accessTokenRequest(Sample.accessToken("at2")),
      .tokenServer(bearer: "at2", status: 401, answer: #"{"status":"\#(word)"}"#),
    ])
    #expect(throws: reason) { try provider(transport).credentials() }
    transport.finish()
    #expect(documents.texts[.storageToken] == nil)
    #expect(!reason.userFacingError.message.isEmpty && !reason.userFacingError.hints.isEmpty)
  }

  @Test(arguments: [(401, 110), (400, 110), (400, 182)])
  func requiresASignInForARevokedToken(status: Int, errno: Int) throws {
    let transport = ScriptedTransport([
      Sample.accessTokenRequest(#"{"code":\#(status),"errno":\#(errno)}"#, status: status)
    ])
    #expect(throws: SignInRequired.revoked(errno: errno)) { try provider(transport).credentials() }
    transport.finish()
  }

  @Test("A temporary error does not require a new sign-in") func requiresNoSignInAfterTemporaryErrors() throws {
    for (status, body) in [(503, #"{"errno":201}"#), (429, ""), (500, "<html>"), (400, #"{"errno":162}"#)] {
      let transport = ScriptedTransport([Sample.accessTokenRequest(body, status: status)])
      #expect(throws: AccountsError.self) { try provider(transport).credentials() }
      transport.finish()
    }
    for (status, error) in [(503, TokenServerError.busy(retryAfter: 9)), (403, .newUsersDisabled)] {
      documents.texts = [.accessToken: AccessToken(token: SecretBytes(utf8: "at"), expires: .max).document()]
      let transport = ScriptedTransport([
        .tokenServer(
          bearer: "at", status: status, headers: [("retry-after", "9")],
          answer: #"{"status":"\#(status == 403 ? "new-users-disabled" : "error")"}"#)
      ])
      let provider = try provider(transport)
      var backoffs: [Seconds] = []
      provider.onBackoff = { backoffs.append($0) }
      #expect(throws: error) { try provider.credentials() }
      transport.finish()
      #expect(backoffs == (status == 503 ? [9] : []))
      #expect(documents.texts[.accessToken] != nil)
    }
  }

  @Test("Damaged cache entries are ignored") func ignoresADamagedCache() throws {
    documents.texts = [.accessToken: SecretBytes(utf8: "{"), .storageToken: SecretBytes(utf8: "[]")]
    let transport = ScriptedTransport([
      Sample.accessTokenRequest(Sample.accessToken("at1")),
      .tokenServer(bearer: "at1", answer: Sample.credentials),
    ])
    #expect(try provider(transport).credentials().endpoint == "https://node.test/1.5/42")
    transport.finish()
  }

  @Test("An access token for more than Sync is refused") func refusesATokenWithMoreScopes() throws {
    let wide = Sample.accessToken("at1").replacing("oldsync\"", with: "oldsync profile\"")
    let transport = ScriptedTransport([Sample.accessTokenRequest(wide)])
    #expect(throws: AccountsError.unexpectedScope) { try provider(transport).credentials() }
    transport.finish()
  }

  /// A token that was fetched while the clock was ahead.
  @Test func ignoresCredentialsFromTheFuture() {
    let start: Milliseconds = 1_800_000_000_000
    let credentials = StorageCredentials(
      id: SecretBytes(utf8: "id"), key: SecretBytes(utf8: "key"), uid: 1, endpoint: "https://storage.test",
      expires: start + 3_600_000, usableUntil: start + 2_880_000, clockOffset: 0)
    #expect(credentials.isFresh(at: start) && credentials.isFresh(at: start + 2_879_999))
    #expect(!credentials.isFresh(at: start + 2_880_000))
    #expect(credentials.isFresh(at: start - 60_000) && !credentials.isFresh(at: start - 60_001))
  }
}
