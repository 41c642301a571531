import LockwiseAccounts
import LockwiseCore
import LockwiseSync
import Testing

@Suite struct PullTests {
  @Test func downloadsEverythingAtFirst() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<5)
    try fixture.putTombstone("gone")
    var seen: [(Int, Int?)] = []
    let result = try fixture.pull { pull in pull.progress = { seen.append(($0, $1)) } }
    #expect(result.extent == .everything && result.added == 5 && result.changed == 0 && result.removed == 0)
    #expect(result.setAside == 0 && result.totalLogins == 5 && result.notices == [] && result.alert == nil)
    #expect(
      fixture.server.paths == [
        "/info/collections", "/info/configuration", "/storage/meta/global", "/storage/crypto/keys",
        "/storage/passwords?full=1&limit=1000&sort=oldest",
      ])
    #expect(result.requests == 5 && fixture.mirror.commits == 1 && fixture.mirror.openUpdates == 0)
    #expect(seen.count == 1 && seen[0] == (6, 6))
    #expect(try fixture.state().lastSuccess == fixture.clock.now)
  }

  /// Found by a 304, or by a comparison if the server does not send 304.
  @Test(arguments: [true, false]) func sendsOneRequestToAnUnchangedServer(sends304: Bool) throws {
    let fixture = try SyncFixture()
    fixture.server.sends304 = sends304
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    fixture.server.clearLog()
    fixture.clock.now += 90_000_000
    let before = fixture.copy()
    let result = try fixture.pull()
    #expect(result.extent == .nothing && result.requests == 1 && result.totalLogins == 3)
    #expect(fixture.server.paths == ["/info/collections"])
    #expect(fixture.copy() == before && fixture.mirror.commits == 1)
    #expect(try fixture.state().lastSuccess == fixture.clock.now)
  }

  /// If another collection changes, the passwords are not read again.
  @Test func ignoresOtherCollections() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    fixture.clock.now += 1000
    fixture.server.put("x", in: "bookmarks", "{}")
    #expect(try fixture.pull().requests == 1)
    fixture.server.clearLog()
    _ = try fixture.pull()
    #expect(
      fixture.server.log[0].headers.contains { $0.name == "X-If-Modified-Since" })
  }

  @Test func downloadsOnlyChanges() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    let last = try #require(try fixture.state().passwordsTime)
    fixture.clock.now += 5000
    try fixture.putLogin("login-1", password: "newer")
    try fixture.putTombstone("login-2")
    try fixture.putTombstone("never-seen", withID: false)
    try fixture.putLogin("new")
    fixture.server.clearLog()
    let result = try fixture.pull()
    #expect(result.extent == .changes && result.added == 1 && result.changed == 1 && result.removed == 1)
    #expect(
      fixture.server.paths == [
        "/info/collections", "/storage/passwords?full=1&newer=\(last)&limit=1000&sort=oldest",
      ])
    #expect(fixture.guids == ["login-0", "login-1", "new"] && fixture.password("login-1") == "newer")
  }

  @Test func acceptsTombstonesWithoutAnID() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<1)
    _ = try fixture.pull()
    try fixture.putTombstone("login-0", withID: false)
    #expect(try fixture.pull().removed == 1)
    #expect(fixture.guids.isEmpty)
  }

  @Test func readsTheLimitsOnceADay() throws {
    let fixture = try SyncFixture()
    _ = try fixture.pull()
    for (milliseconds, asks) in [(86_399_999, false), (2, true), (-1000, true)] {
      fixture.clock.now += Milliseconds(Int64(milliseconds))
      try fixture.putLogin("a")
      fixture.server.clearLog()
      _ = try fixture.pull()
      #expect(fixture.server.paths.contains("/info/configuration") == asks)
    }
  }

  @Test func readsManyPages() throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 3
    try fixture.putLogins(0..<10)
    var seen: [Int] = []
    let result = try fixture.pull { pull in
      pull.progress = { records, expected in
        seen.append(records)
        #expect(expected == (records == 10 ? 10 : nil))
      }
    }
    #expect(result.added == 10 && seen == [3, 6, 9, 10])
    let time = try #require(try fixture.state().passwordsTime).description
    let pages = fixture.server.log.filter { $0.url.contains("/storage/passwords") }
    let conditions = pages.map { page in
      page.headers.first { $0.name == "X-If-Unmodified-Since" }?.value.exposedText()
    }
    #expect(conditions == [nil, time, time, time])
    // Required, because a server that sends everything in one page would crash the process here.
    let second = try #require(pages.dropFirst().first, "there was no second page")
    #expect(second.url.contains("&offset=n%2Bpasswords%20-1%20oldest%20"))
  }

  @Test(arguments: 1...3) func restartsAfterAChangeBetweenPages(changes: Int) throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 3
    try fixture.putLogins(0..<7)
    var left = changes
    fixture.server.intercept = { _, request in
      if left > 0, request.url.contains("offset=") {
        left -= 1
        fixture.clock.now += 1000
        try fixture.putLogin("late-\(left)")
      }
      return nil
    }
    let result = try fixture.pull()
    #expect(result.added == 7 + changes && fixture.mirror.commits == 1)
    let time = fixture.server.collections["passwords"]?.modified
    #expect(try fixture.state().passwordsTime?.hundredths == time)
    fixture.server.intercept = nil
    #expect(try fixture.pull().requests == 1)
  }

  @Test func stopsAfterRepeatedChanges() throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 3
    try fixture.putLogins(0..<7)
    let before = fixture.copy()
    fixture.server.intercept = { _, request in
      if request.url.contains("offset=") {
        fixture.clock.now += 1000
        try fixture.putLogin("login-0")
      }
      return nil
    }
    #expect(throws: PullError.keepsChanging) { try fixture.pull() }
    #expect(fixture.copy() == before && fixture.server.log.filter { $0.url.contains("offset=") }.count == 4)
    #expect(try fixture.state().lastSuccess == nil && fixture.state().lastAttempt != nil)
  }

  /// A server that ignores X-If-Unmodified-Since still shows the time of the collection.
  @Test(arguments: ["1.00", "9000000000.00"]) func restartsAfterAPageOfAnotherTime(time: String) throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 3
    try fixture.putLogins(0..<7)
    var isDone = false
    fixture.server.decorate = { _, request, response in
      guard request.url.contains("offset="), !isDone else { return }
      isDone = true
      response.headers = response.headers.map { name, value in
        (name: name, value: name == "x-last-modified" ? time : value)
      }
    }
    #expect(try fixture.pull().added == 7)
    #expect(fixture.server.log.filter { $0.url.contains("/info/collections") }.count == 2)
  }

  /// The pages of such a server are of different times, so a record that moves between them would be missing from both.
  @Test func doesNotMixPagesOfDifferentTimes() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<7)
    fixture.server.pageLimit = 3
    var isDone = false
    fixture.server.decorate = { _, request, response in
      guard request.url.contains("/storage/passwords"), request.url.contains("offset="), !isDone else { return }
      isDone = true
      // Written since the first page, so it is last now, where the response has only the records of the second page.
      fixture.clock.now += 1000
      _ = try? fixture.putLogin("login-4", password: "moved")
      let rest = response.body.exposedText()?.replacing("login-4", with: "login-9") ?? ""
      response.body = SecretBytes(utf8: rest)
      response.headers = response.headers.map { name, value in
        let time = fixture.server.collections["passwords"]?.modified ?? 0
        return (name: name, value: name == "x-last-modified" ? FakeStorage.decimal(time) : value)
      }
    }
    let result = try fixture.pull()
    #expect(isDone && result.added == 7 && result.setAside == 0)
    #expect(fixture.guids == (0..<7).map { "login-\($0)" })
    #expect(fixture.password("login-4") == "moved")
  }

  @Test func requestsLargeResponsesInParts() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<25)
    fixture.server.intercept = { _, request in
      if request.url.contains("limit=1000") || request.url.contains("limit=100&") {
        throw HTTPError.tooLarge(host: "node-1.example")
      }
      return nil
    }
    #expect(try fixture.pull().added == 25)
    #expect(fixture.server.log.last?.url.contains("limit=10&") == true)
  }

  @Test func returnsAMessageOfTheOperators() throws {
    let fixture = try SyncFixture()
    fixture.server.decorate = { _, _, response in response.headers.append(("x-weave-alert", "maintenance")) }
    #expect(try fixture.pull().alert?.message == "maintenance")
  }

  @Test func savesBackoffDuringADownload() throws {
    for fails in [false, true] {
      let fixture = try SyncFixture()
      fixture.server.pageLimit = 3
      try fixture.putLogins(0..<7)
      fixture.server.intercept = { index, _ in
        fails && index == 6 ? FakeStorage.answer(503, "0", [("retry-after", "60")]) : nil
      }
      fixture.server.decorate = { index, _, response in
        if index == 5 { response.headers.append(("x-weave-backoff", "50")) }
      }
      if fails {
        #expect(throws: StorageError.busy(status: 503, retryAfter: 60)) { try fixture.pull() }
        #expect(fixture.guids.isEmpty)
      } else {
        #expect(try fixture.pull().added == 7)
      }
      #expect(fixture.mirror.writesDuringUpdate == 0)
      fixture.server.clearLog()
      #expect(throws: StorageError.backingOff(fails ? 60 : 50)) { try fixture.pull() }
      #expect(fixture.server.log.isEmpty)
      fixture.server.intercept = nil
      fixture.clock.now += 60_000
      #expect(try fixture.pull().totalLogins == 7)
    }
  }

  @Test func continuesWithANewToken() throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 2
    try fixture.putLogins(0..<9)
    fixture.server.intercept = { index, _ in
      if index == 6 { fixture.server.tokens = [:] }
      return nil
    }
    #expect(try fixture.pull().added == 9)
    #expect(fixture.credentials.replacements == 1)
  }
}
