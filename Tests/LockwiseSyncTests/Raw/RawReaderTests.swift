import LockwiseAccounts
import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct RawReaderTests {
  let world: World

  init() throws {
    world = try World()
    for number in 0..<1234 {
      try world.server.put("id\(number)", in: "things", world.encrypt("{\"id\":\"id\(number)\"}"))
    }
  }

  private func ids(_ query: StorageQuery = StorageQuery()) throws -> [String] {
    var found: [String] = []
    try RawReader(client: world.client(), collection: "things").records(query) { found += $0.map(\.id) }
    return found
  }

  @Test func readsAPageAtATime() throws {
    var pages: [Int] = []
    try RawReader(client: world.client(), collection: "things").records(StorageQuery()) { pages.append($0.count) }
    #expect(pages == [500, 500, 234])
    #expect(world.server.paths.first == "/storage/things?full=1&limit=500")
    let conditions = world.server.log.map { request in
      request.headers.first { $0.name == "X-If-Unmodified-Since" }?.value.exposedText()
    }
    let time = FakeStorage.decimal(try #require(world.server.collections["things"]).modified)
    #expect(conditions == [nil, time, time])
  }

  @Test func theLimitIsOfAllPages() throws {
    var query = StorageQuery()
    query.order = .oldest
    query.limit = 700
    #expect(try ids(query).count == 700)
    #expect(world.server.paths.map { $0.contains("limit=200") } == [false, true])
    #expect(world.server.paths.allSatisfy { $0.contains("sort=oldest") })
    world.server.pageLimit = 3
    query.limit = 7
    #expect(try ids(query) == (0..<7).map { "id\($0)" })
    query.limit = 1
    world.server.clearLog()
    #expect(try ids(query) == ["id0"])
    #expect(world.server.log.count == 1)
  }

  @Test func asksForLessWhereAnswersAreTooLarge() throws {
    world.server.intercept = { _, request in
      if request.url.contains("limit=500") { throw HTTPError.tooLarge(host: "x") }
      return nil
    }
    #expect(try ids().count == 1234)
    #expect(world.server.log.count == 1 + 25)
    world.server.intercept = { _, _ in throw HTTPError.tooLarge(host: "x") }
    #expect(throws: StorageError.network(.tooLarge(host: "x"))) { try ids() }
  }

  @Test func aChangeMeanwhileIsToldNotHidden() throws {
    world.server.intercept = { [world] index, _ in
      if index == 1 { world.server.put("new", in: "things", "x") }
      return nil
    }
    var found = 0
    #expect {
      try RawReader(client: world.client(), collection: "things").records(StorageQuery()) { found += $0.count }
    } throws: {
      if case StorageError.preconditionFailed = $0 { true } else { false }
    }
    #expect(found == 500, "what was read before is given out")
  }

  @Test func idsComeInTheOrderAskedFor() throws {
    try world.server.put("a,b", in: "things", world.encrypt("{}"))
    var found: [String] = []
    var missing: [String] = []
    let wanted = ["id9", "none", "a,b", "id3"]
    try RawReader(client: world.client(), collection: "things").records(ids: wanted) {
      found += $0.map(\.id)
      missing += $1
    }
    #expect(found == ["id9", "a,b", "id3"] && missing == ["none"])
    #expect(world.server.log.count == 4, "a comma ends an id, so each is asked for by itself")
  }

  @Test func readsIDsOnly() throws {
    var found: [String] = []
    try RawReader(client: world.client(), collection: "things").ids(StorageQuery()) { found += $0 }
    #expect(found.count == 1234 && Set(found).count == 1234)
    #expect(world.server.paths.allSatisfy { !$0.contains("full") })
  }
}
