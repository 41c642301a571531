import LockwiseAccounts
import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct StorageClientTests {
  @Test func readsEveryResource() throws {
    let fixture = try SyncFixture()
    try fixture.putLogin("a")
    try fixture.server.put("{b}", in: "passwords", fixture.encrypt("{}"))
    let client = fixture.client()
    let times = try #require(try client.collectionTimes().value)
    #expect(Set(times.collections.keys) == ["meta", "crypto", "passwords"])
    #expect(times.lastModified == times.collections["passwords"])
    #expect(try client.collectionCounts() == ["meta": 1, "crypto": 1, "passwords": 2])
    #expect(try client.collectionUsage()["passwords"] == "1.5")
    #expect(try client.quota() == (used: "12.5", allowed: nil))
    #expect(try client.configuration().maxPostRecords == 100)
    #expect(try client.record("{b}", in: "passwords").value?.id == "{b}")
    #expect(try client.ids(in: "passwords", StorageQuery()).ids == ["a", "{b}"])
    var query = StorageQuery()
    query.limit = 1
    let page = try #require(try client.records(in: "passwords", query).value)
    #expect(page.records.map(\.id) == ["a"] && page.nextOffset != nil)
    query.offset = page.nextOffset
    let last = try #require(try client.records(in: "passwords", query).value)
    #expect(last.records.map(\.id) == ["{b}"] && last.nextOffset == nil)
    #expect(fixture.server.paths.contains("/storage/passwords/%7Bb%7D"))
    #expect(fixture.server.log.allSatisfy { $0.method == "GET" && $0.body == nil })
  }

  @Test func sendsConditions() throws {
    let fixture = try SyncFixture()
    let client = fixture.client()
    let times = try #require(try client.collectionTimes().value)
    guard case .unchanged = try client.collectionTimes(ifModifiedSince: times.lastModified) else {
      Issue.record("not unchanged")
      return
    }
    let meta = try #require(try client.record("global", in: "meta").value?.modified)
    guard case .unchanged = try client.record("global", in: "meta", .modifiedSince(meta)) else {
      Issue.record("not unchanged")
      return
    }
    fixture.putMeta()
    #expect(try client.record("global", in: "meta", .modifiedSince(meta)).value != nil)
    #expect {
      try client.record("global", in: "meta", .unmodifiedSince(meta))
    } throws: {
      if case StorageError.preconditionFailed(.some) = $0 { true } else { false }
    }
  }

  @Test func acceptsMissingResources() throws {
    let fixture = try SyncFixture()
    fixture.server.configuration = nil
    let client = fixture.client()
    #expect(try client.configuration() == .defaults)
    guard case .absent = try client.record("x", in: "meta") else {
      Issue.record("not absent")
      return
    }
    #expect(try client.records(in: "nothing", StorageQuery()).value?.records.isEmpty == true)
  }

  @Test(arguments: ["", "a/b", "ä", "..", ".", String(repeating: "x", count: 33), "a b", "a%2f"])
  func refusesCollectionNames(name: String) throws {
    let fixture = try SyncFixture()
    #expect(throws: StorageError.invalidName) { try fixture.client().records(in: name, StorageQuery()) }
    #expect(fixture.server.log.isEmpty)
  }

  @Test(arguments: ["", "ä", "a\nb", String(repeating: "x", count: 65)]) func refusesIDs(id: String) throws {
    let fixture = try SyncFixture()
    #expect(throws: StorageError.invalidName) { try fixture.client().record(id, in: "passwords") }
  }

  struct Status: Sendable, CustomTestStringConvertible {
    let status: Int
    var body = "0"
    var headers: [String: String] = [:]
    let error: StorageError
    let exit: ExitCode
    var requests = 1
    var testDescription: String { "\(status) \(body) \(headers)" }
  }

  @Test(arguments: [
    Status(status: 204, error: .unexpectedStatus(204), exit: .unreachable),
    Status(status: 301, error: .unexpectedStatus(301), exit: .unreachable),
    Status(status: 304, error: .unexpectedStatus(304), exit: .unreachable),
    Status(status: 400, error: .badRequest(code: 0), exit: .unreachable),
    Status(status: 400, body: "<html>", error: .badRequest(code: nil), exit: .unreachable),
    Status(status: 400, body: "8", error: .badRequest(code: 8), exit: .unreachable),
    Status(status: 400, body: "14", error: .overQuota, exit: .serverState),
    Status(status: 400, body: "16", error: .upgradeRequired, exit: .serverState),
    Status(status: 400, body: "17", error: .tooLarge, exit: .unreachable),
    Status(status: 401, error: .unauthorized, exit: .refused, requests: 2),
    Status(status: 403, error: .forbidden, exit: .unreachable),
    Status(status: 403, body: "14", error: .overQuota, exit: .serverState),
    Status(status: 404, error: .notFound, exit: .unreachable),
    Status(status: 405, error: .unexpectedStatus(405), exit: .unreachable),
    Status(status: 406, error: .unexpectedStatus(406), exit: .unreachable),
    Status(
      status: 409, headers: ["retry-after": "10"], error: .conflict(retryAfter: 10), exit: .busy),
    Status(
      status: 412, headers: ["x-last-modified": "1700000000.12"],
      error: .preconditionFailed(lastModified: Timestamp(hundredths: 170_000_000_012)), exit: .busy),
    Status(status: 413, error: .tooLarge, exit: .unreachable),
    Status(status: 415, error: .unexpectedStatus(415), exit: .unreachable),
    Status(status: 429, error: .busy(status: 429, retryAfter: nil), exit: .busy),
    Status(status: 500, error: .serverTrouble(status: 500), exit: .unreachable, requests: 3),
    Status(status: 502, error: .serverTrouble(status: 502), exit: .unreachable, requests: 3),
    Status(
      status: 500, headers: ["retry-after": "7"], error: .busy(status: 500, retryAfter: 7), exit: .busy),
    Status(status: 503, error: .busy(status: 503, retryAfter: nil), exit: .busy),
    Status(
      status: 503, headers: ["retry-after": "30"], error: .busy(status: 503, retryAfter: 30), exit: .busy),
    Status(status: 504, error: .serverTrouble(status: 504), exit: .unreachable, requests: 3),
    Status(status: 507, error: .serverTrouble(status: 507), exit: .unreachable),
    Status(status: 513, error: .decommissioned(message: nil), exit: .serverState),
    Status(
      status: 513, headers: ["x-weave-alert": #"{"code":"hard-eol","message":"bye"}"#],
      error: .decommissioned(message: "bye"), exit: .serverState),
    Status(
      status: 200, body: "{}", headers: ["x-weave-alert": #"{"code":"hard-eol","message":"bye"}"#],
      error: .decommissioned(message: "bye"), exit: .serverState),
    Status(status: 999, error: .serverTrouble(status: 999), exit: .unreachable),
    Status(status: 100, error: .unexpectedStatus(100), exit: .unreachable),
  ]) func mapsStatuses(row: Status) throws {
    let fixture = try SyncFixture()
    fixture.server.intercept = { _, _ in
      FakeStorage.answer(row.status, row.body, row.headers.map { ($0.key, $0.value) })
    }
    #expect(throws: row.error) { try fixture.client().collectionTimes() }
    #expect(row.error.userFacingError.exitCode == row.exit)
    #expect(fixture.server.log.count == row.requests)
    let text = row.error.userFacingError.message
    #expect(!text.isEmpty && text.first?.isUppercase == false && !text.contains("\n"))
  }

  /// Responses with status 200 that a captive portal, broken proxy or broken server may send.
  @Test(arguments: [
    "", "<!DOCTYPE html><html>log in</html>", "null", "[]", "{\"passwords\":\"soon\"}", "\u{0}", "{",
  ])
  func refusesGarbage(body: String) throws {
    let fixture = try SyncFixture()
    fixture.server.intercept = { _, _ in FakeStorage.answer(200, body, [("x-last-modified", "1.00")]) }
    let error = #expect(throws: StorageError.self) { try fixture.client().collectionTimes() }
    #expect(error?.userFacingError.exitCode == .unreachable && error.map { "\($0)".contains("html") } == false)
  }

  @Test(arguments: [
    "", "<html>", "{}", "[1]", "[{}]", #"[{"id":1}]"#, #"[{"id":""}]"#, "null", "[{\"id\":\"a\"},",
  ]) func refusesGarbagePages(body: String) throws {
    let fixture = try SyncFixture()
    fixture.server.intercept = { _, _ in FakeStorage.answer(200, body, [("x-last-modified", "1.00")]) }
    #expect(throws: StorageError.unexpectedResponse(expected: "a list of records")) {
      try fixture.client().records(in: "passwords", StorageQuery())
    }
  }

  @Test func requiresTheHeadersOfAPage() throws {
    let fixture = try SyncFixture()
    fixture.server.intercept = { _, _ in FakeStorage.answer(200, "[]") }
    #expect(throws: StorageError.unexpectedResponse(expected: "a response with X-Last-Modified")) {
      try fixture.client().records(in: "passwords", StorageQuery())
    }
    fixture.server.intercept = { _, _ in
      FakeStorage.answer(200, "[]", [("x-last-modified", "1.00"), ("x-weave-next-offset", "same")])
    }
    var query = StorageQuery()
    query.offset = "same"
    #expect(throws: StorageError.unexpectedResponse(expected: "a page with a new offset")) {
      try fixture.client().records(in: "passwords", query)
    }
  }

  @Test func refusesAnotherRecord() throws {
    let fixture = try SyncFixture()
    fixture.server.intercept = { _, _ in FakeStorage.answer(200, #"{"id":"other","payload":"{}"}"#) }
    #expect(throws: StorageError.unexpectedResponse(expected: "the requested record")) {
      try fixture.client().record("global", in: "meta")
    }
  }

  @Test func getsNewCredentialsAfterA401() throws {
    let fixture = try SyncFixture()
    fixture.server.tokens = [:]
    #expect(try fixture.client().collectionTimes().value != nil)
    #expect(fixture.credentials.replacements == 1 && fixture.server.log.count == 2)
  }

  @Test func replacesCredentialsOnce() throws {
    let fixture = try SyncFixture()
    fixture.credentials.onReplace = { _ in fixture.server.tokens = [:] }
    fixture.server.tokens = [:]
    #expect(throws: StorageError.unauthorized) { try fixture.client().collectionTimes() }
    #expect(fixture.credentials.replacements == 1 && fixture.server.log.count == 2)
  }

  @Test func rethrowsErrorsOfTheSource() throws {
    struct SignedOut: Error {}
    let fixture = try SyncFixture()
    fixture.server.tokens = [:]
    fixture.credentials.onReplace = { _ in throw SignedOut() }
    #expect(throws: SignedOut.self) { try fixture.client().collectionTimes() }
  }

  @Test func stopsAtAnotherEndpoint() throws {
    let fixture = try SyncFixture()
    let client = fixture.client()
    #expect(try client.connect() == fixture.server.endpoint)
    fixture.credentials.endpoint = "https://node-2.example/1.5/12345"
    #expect(throws: StorageError.endpointChanged) { try client.collectionTimes() }
    #expect(fixture.server.log.isEmpty)
    fixture.server.endpoint = fixture.credentials.endpoint
    try client.connect()
    #expect(try client.collectionTimes().value != nil)
  }

  @Test func reportsATimeout() throws {
    let fixture = try SyncFixture()
    fixture.server.intercept = { _, _ in throw HTTPError.timedOut(host: "node-1.example") }
    let error = #expect(throws: StorageError.network(.timedOut(host: "node-1.example"))) {
      try fixture.client().collectionTimes()
    }
    #expect(error?.userFacingError.exitCode == .unreachable && fixture.server.log.count == 1)
  }

  @Test func retriesTwiceAfterServerErrors() throws {
    let fixture = try SyncFixture()
    fixture.server.intercept = { index, _ in index < 2 ? FakeStorage.answer(502, "<html>") : nil }
    #expect(try fixture.client().collectionTimes().value != nil)
    #expect(fixture.server.log.count == 3 && fixture.clock.sleeps == [1000, 3000])
  }
}
