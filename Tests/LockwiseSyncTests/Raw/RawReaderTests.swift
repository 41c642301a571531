import LockwiseAccounts
import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct RawReaderTests {
  let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture()
    for number in 0..<1234 {
      try fixture.server.put("id\(number)", in: "things", fixture.encrypt("{\"id\":\"id\(number)\"}"))
    }
  }

  private func ids(_ query: StorageQuery = StorageQuery()) throws -> [String] {
    var found: [String] = []
    try RawReader(client: fixture.client(), collection: "things").records(query) { found += $0.map(\.id) }
    return found
  }

  @Test func readsAPageAtATime() throws {
    var pages: [Int] = []
    try RawReader(client: fixture.client(), collection: "things").records(StorageQuery()) { pages.append($0.count) }
    #expect(pages == [500, 500, 234])
    #expect(fixture.server.paths.first == "/storage/things?full=1&limit=500")
    let conditions = fixture.server.log.map { request in
      request.headers.first { $0.name == "X-If-Unmodified-Since" }?.value.exposedText()
    }
    let time = FakeStorage.decimal(try #require(fixture.server.collections["things"]).modified)
    #expect(conditions == [nil, time, time])
  }

  @Test func appliesTheLimitToAllPages() throws {
    var query = StorageQuery()
    query.order = .oldest
    query.limit = 700
    #expect(try ids(query).count == 700)
    #expect(fixture.server.paths.map { $0.contains("limit=200") } == [false, true])
    #expect(fixture.server.paths.allSatisfy { $0.contains("sort=oldest") })
    fixture.server.pageLimit = 3
    query.limit = 7
    #expect(try ids(query) == (0..<7).map { "id\($0)" })
    query.limit = 1
    fixture.server.clearLog()
    #expect(try ids(query) == ["id0"])
    #expect(fixture.server.log.count == 1)
  }

  @Test func requestsLessIfResponsesAreTooLarge() throws {
    fixture.server.intercept = { _, request in
      if request.url.contains("limit=500") { throw HTTPError.tooLarge(host: "x") }
      return nil
    }
    #expect(try ids().count == 1234)
    #expect(fixture.server.log.count == 1 + 25)
    fixture.server.intercept = { _, _ in throw HTTPError.tooLarge(host: "x") }
    #expect(throws: StorageError.network(.tooLarge(host: "x"))) { try ids() }
  }

  @Test func reportsAChangeInTheMeantime() throws {
    fixture.server.intercept = { [fixture] index, _ in
      if index == 1 { fixture.server.put("new", in: "things", "x") }
      return nil
    }
    var found = 0
    #expect {
      try RawReader(client: fixture.client(), collection: "things").records(StorageQuery()) { found += $0.count }
    } throws: {
      if case StorageError.preconditionFailed = $0 { true } else { false }
    }
    #expect(found == 500, "what was read before is given out")
  }

  @Test func keepsTheRequestedOrderOfIDs() throws {
    try fixture.server.put("a,b", in: "things", fixture.encrypt("{}"))
    var found: [String] = []
    var missing: [String] = []
    let wanted = ["id9", "none", "a,b", "id3"]
    try RawReader(client: fixture.client(), collection: "things").records(ids: wanted) {
      found += $0.map(\.id)
      missing += $1
    }
    #expect(found == ["id9", "a,b", "id3"] && missing == ["none"])
    #expect(fixture.server.log.count == 4, "a comma ends an id, so each is requested separately")
  }

  @Test func readsOnlyIDs() throws {
    var found: [String] = []
    try RawReader(client: fixture.client(), collection: "things").ids(StorageQuery()) { found += $0 }
    #expect(found.count == 1234 && Set(found).count == 1234)
    #expect(fixture.server.paths.allSatisfy { !$0.contains("full") })
  }
}
