import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The responses of the token server.
@Suite struct TokenServerTests {
  private func parse(
    _ status: Int, _ body: String, _ headers: [(name: String, value: String)] = []
  ) throws -> TokenServerClient.Response {
    try TokenServerClient.parse(
      HTTPResponse(status: status, headers: headers, body: SecretBytes(utf8: body)), now: Sample.now)
  }

  @Test func readsCredentials() throws {
    let headers = [("x-timestamp", "1800000005"), ("x-backoff", "10"), ("x-weave-backoff", "20")]
    let answer = try parse(200, Sample.credentials, headers)
    let credentials = answer.credentials
    #expect(credentials.id.exposedText() == "hawk-id==")
    #expect(credentials.key.exposedText() == "aGF3ay1rZXk=")
    #expect(credentials.uid == 42)
    #expect(credentials.endpoint == "https://node.test/1.5/42")
    #expect(credentials.expires == Sample.now + 3_600_000)
    #expect(credentials.usableUntil == Sample.now + 2_880_000)
    #expect(credentials.clockOffset == 5000)
    #expect(answer.backoff == 20)
    #expect(credentials.isFresh(at: Sample.now + 2_879_999))
    #expect(!credentials.isFresh(at: Sample.now + 2_880_000))
    // The token was issued while the clock was wrong.
    #expect(credentials.isFresh(at: Sample.now - 30_000) && !credentials.isFresh(at: Sample.now - 61_000))
    let loaded = try StorageCredentials(document: credentials.document())
    #expect(loaded.isFresh(at: Sample.now) && !loaded.isFresh(at: Sample.now - 86_400_000))
    #expect(try parse(200, Sample.credentials).credentials.clockOffset == 0)
    #expect(try parse(200, Sample.credentials, [("x-timestamp", "x")]).credentials.clockOffset == 0)
  }

  static let words: [(status: Int, word: String, error: TokenServerError)] = [
    (401, "invalid-credentials", .invalidCredentials), (401, "invalid-key-id", .invalidKeyID),
    (401, "invalid-client-state", .invalidClientState), (401, "invalid-generation", .invalidGeneration),
    (401, "invalid-keysChangedAt", .invalidKeysChangedAt), (401, "invalid-keysAt", .invalidKeysChangedAt),
    (401, "invalid-timestamp", .invalidTimestamp(offset: 86_400_000)),
    (401, "something-new", .invalidCredentials), (401, "error", .invalidCredentials),
    (401, "new-users-disabled", .newUsersDisabled), (403, "new-users-disabled", .newUsersDisabled),
    (400, "error", .refused(status: 400)), (404, "error", .notATokenServer(status: 404)),
    (405, "error", .notATokenServer(status: 405)), (406, "error", .refused(status: 406)),
    (503, "error", .busy(retryAfter: 60)), (429, "error", .busy(retryAfter: 60)),
    (500, "internal-error", .failed(status: 500)), (504, "internal-error", .failed(status: 504)),
  ]

  @Test(arguments: words)
  func reportsErrors(status: Int, word: String, error: TokenServerError) {
    let body = #"{"status":"\#(word)","errors":[{"location":"header","name":"X","description":"Y"}]}"#
    #expect(throws: error) {
      try parse(status, body, [("retry-after", "60"), ("x-timestamp", "1800086400")])
    }
    #expect(!error.userFacingError.message.isEmpty && !error.userFacingError.hints.isEmpty)
  }

  @Test(arguments: [
    (401, "<html>", TokenServerError.invalidCredentials), (403, "<html>", .notATokenServer(status: 403)),
    (404, "", .notATokenServer(status: 404)), (302, "", .notATokenServer(status: 302)),
    (200, "<html>", .notATokenServer(status: 200)), (200, "[]", .notATokenServer(status: 200)),
    (503, "<html>", .busy(retryAfter: nil)), (502, "", .failed(status: 502)),
    (204, "", .notATokenServer(status: 204)),
  ])
  func refusesInvalidBodies(status: Int, body: String, error: TokenServerError) {
    #expect(throws: error) { try parse(status, body) }
  }

  @Test(arguments: [
    (#""id":"hawk-id==""#, #""id":"""#, "id"), (#""id":"hawk-id==""#, #""id":"a\"b""#, "id"),
    (#""id":"hawk-id==""#, #""id":"a\r\nb""#, "id"), (#""key":"aGF3ay1rZXk=""#, #""key":7"#, "key"),
    (#""uid":42"#, #""uid":"42x""#, "uid"), (#""uid":42"#, #""uid":-1"#, "uid"),
    (#""duration":3600"#, #""duration":0"#, "duration"), (#""duration":3600"#, #""x":1"#, "duration"),
    (#""hashalg":"sha256""#, #""hashalg":"md5""#, "hashalg"),
    (#""api_endpoint":"https://node.test/1.5/42""#, #""api_endpoint":null"#, "api_endpoint"),
  ])
  func refusesInvalidFields(good: String, bad: String, field: String) {
    #expect(throws: TokenServerError.missingField(field)) {
      try parse(200, Sample.credentials.replacing(good, with: bad))
    }
  }

  @Test(arguments: [
    "http://node.test/1.5/42", "https://u@node.test/1.5/42", "node.test", "https://node.test/?x",
  ])
  func refusesAnInvalidEndpoint(_ endpoint: String) {
    #expect(throws: HTTPError.self) {
      try parse(200, Sample.credentials.replacing("https://node.test/1.5/42", with: endpoint))
    }
  }

  @Test("Old servers leave out informative members") func acceptsOldServers() throws {
    let body = #"{"id":"i","key":"k","uid":1,"api_endpoint":"http://127.0.0.1:5000/1.5/1/","duration":1}"#
    #expect(try parse(200, body).credentials.endpoint == "http://127.0.0.1:5000/1.5/1")
    let long =
      #"{"id":"i","key":"k","uid":1,"api_endpoint":"https://n/1.5/1","duration":9223372036854775807}"#
    #expect(try parse(200, long).credentials.expires > Sample.now)
  }
}
