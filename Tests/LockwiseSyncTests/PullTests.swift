import LockwiseAccounts
import LockwiseCore
import LockwiseSync
import Testing

@Suite struct PullTests {
  @Test func theFirstPull() throws {
    let world = try World()
    try world.putLogins(0..<5)
    try world.putTombstone("gone")
    var seen: [(Int, Int?)] = []
    let result = try world.pull { pull in pull.progress = { seen.append(($0, $1)) } }
    #expect(result.extent == .everything && result.added == 5 && result.changed == 0 && result.removed == 0)
    #expect(result.setAside == 0 && result.totalLogins == 5 && result.notices == [] && result.alert == nil)
    #expect(
      world.server.paths == [
        "/info/collections", "/info/configuration", "/storage/meta/global", "/storage/crypto/keys",
        "/storage/passwords?full=1&limit=1000&sort=oldest",
      ])
    #expect(result.requests == 5 && world.mirror.commits == 1 && world.mirror.openUpdates == 0)
    #expect(seen.count == 1 && seen[0] == (6, 6))
    #expect(try world.state().lastSuccess == world.clock.now)
  }

  /// Both by a 304 and, where the server has none, by comparing.
  @Test(arguments: [true, false]) func anUnchangedServerCostsOneRequest(sends304: Bool) throws {
    let world = try World()
    world.server.sends304 = sends304
    try world.putLogins(0..<3)
    _ = try world.pull()
    world.server.clearLog()
    world.clock.now += 90_000_000
    let before = world.copy()
    let result = try world.pull()
    #expect(result.extent == .nothing && result.requests == 1 && result.totalLogins == 3)
    #expect(world.server.paths == ["/info/collections"])
    #expect(world.copy() == before && world.mirror.commits == 1)
    #expect(try world.state().lastSuccess == world.clock.now)
  }

  /// Another collection changed: nothing of ours has to be read again.
  @Test func otherCollectionsDoNotMatter() throws {
    let world = try World()
    try world.putLogins(0..<3)
    _ = try world.pull()
    world.clock.now += 1000
    world.server.put("x", in: "bookmarks", "{}")
    #expect(try world.pull().requests == 1)
    world.server.clearLog()
    _ = try world.pull()
    #expect(
      world.server.log[0].headers.contains { $0.name == "X-If-Modified-Since" })
  }

  @Test func newsOnly() throws {
    let world = try World()
    try world.putLogins(0..<3)
    _ = try world.pull()
    let last = try #require(try world.state().passwordsTime)
    world.clock.now += 5000
    try world.putLogin("login-1", password: "newer")
    try world.putTombstone("login-2")
    try world.putTombstone("never-seen", withID: false)
    try world.putLogin("new")
    world.server.clearLog()
    let result = try world.pull()
    #expect(result.extent == .changes && result.added == 1 && result.changed == 1 && result.removed == 1)
    #expect(
      world.server.paths == [
        "/info/collections", "/storage/passwords?full=1&newer=\(last)&limit=1000&sort=oldest",
      ])
    #expect(world.guids == ["login-0", "login-1", "new"] && world.password("login-1") == "newer")
  }

  @Test func tombstonesWithoutID() throws {
    let world = try World()
    try world.putLogins(0..<1)
    _ = try world.pull()
    try world.putTombstone("login-0", withID: false)
    #expect(try world.pull().removed == 1)
    #expect(world.guids.isEmpty)
  }

  @Test func theLimitsAreAskedForOnceADay() throws {
    let world = try World()
    _ = try world.pull()
    for (milliseconds, asks) in [(86_399_999, false), (2, true), (-1000, true)] {
      world.clock.now += Int64(milliseconds)
      try world.putLogin("a")
      world.server.clearLog()
      _ = try world.pull()
      #expect(world.server.paths.contains("/info/configuration") == asks)
    }
  }

  @Test func manyPages() throws {
    let world = try World()
    world.server.pageLimit = 3
    try world.putLogins(0..<10)
    var seen: [Int] = []
    let result = try world.pull { pull in
      pull.progress = { records, expected in
        seen.append(records)
        #expect(expected == (records == 10 ? 10 : nil))
      }
    }
    #expect(result.added == 10 && seen == [3, 6, 9, 10])
    let time = try #require(try world.state().passwordsTime).description
    let pages = world.server.log.filter { $0.url.contains("/storage/passwords") }
    let conditions = pages.map { page in
      page.headers.first { $0.name == "X-If-Unmodified-Since" }?.value.exposedText()
    }
    #expect(conditions == [nil, time, time, time])
    // Required, since a server that sends everything in one page would crash the process here.
    let second = try #require(pages.dropFirst().first, "there was no second page")
    #expect(second.url.contains("&offset=n%2Bpasswords%20-1%20oldest%20"))
  }

  @Test(arguments: 1...3) func aChangeBetweenPagesRestarts(changes: Int) throws {
    let world = try World()
    world.server.pageLimit = 3
    try world.putLogins(0..<7)
    var left = changes
    world.server.intercept = { _, request in
      if left > 0, request.url.contains("offset=") {
        left -= 1
        world.clock.now += 1000
        try world.putLogin("late-\(left)")
      }
      return nil
    }
    let result = try world.pull()
    #expect(result.added == 7 + changes && world.mirror.commits == 1)
    let time = world.server.collections["passwords"]?.modified
    #expect(try world.state().passwordsTime?.hundredths == time)
    world.server.intercept = nil
    #expect(try world.pull().requests == 1)
  }

  @Test func changesWithoutEndAreGivenUp() throws {
    let world = try World()
    world.server.pageLimit = 3
    try world.putLogins(0..<7)
    let before = world.copy()
    world.server.intercept = { _, request in
      if request.url.contains("offset=") {
        world.clock.now += 1000
        try world.putLogin("login-0")
      }
      return nil
    }
    #expect(throws: PullError.keepsChanging) { try world.pull() }
    #expect(world.copy() == before && world.server.log.filter { $0.url.contains("offset=") }.count == 4)
    #expect(try world.state().lastSuccess == nil && world.state().lastAttempt != nil)
  }

  /// A server that ignores X-If-Unmodified-Since still shows the time of the collection.
  @Test(arguments: ["1.00", "9000000000.00"]) func aPageOfAnotherTimeRestarts(time: String) throws {
    let world = try World()
    world.server.pageLimit = 3
    try world.putLogins(0..<7)
    var isDone = false
    world.server.decorate = { _, request, response in
      guard request.url.contains("offset="), !isDone else { return }
      isDone = true
      response.headers = response.headers.map { name, value in
        (name: name, value: name == "x-last-modified" ? time : value)
      }
    }
    #expect(try world.pull().added == 7)
    #expect(world.server.log.filter { $0.url.contains("/info/collections") }.count == 2)
  }

  /// Such a server's pages are of different moments: what moved from one to the other would be missing from both.
  @Test func pagesOfDifferentTimesAreNotMixed() throws {
    let world = try World()
    try world.putLogins(0..<7)
    world.server.pageLimit = 3
    var isDone = false
    world.server.decorate = { _, request, response in
      guard request.url.contains("/storage/passwords"), request.url.contains("offset="), !isDone else { return }
      isDone = true
      // Written since the first page: it comes last now, where only what was on the second page is answered.
      world.clock.now += 1000
      _ = try? world.putLogin("login-4", password: "moved")
      let rest = response.body.exposedText()?.replacing("login-4", with: "login-9") ?? ""
      response.body = SecretBytes(utf8: rest)
      response.headers = response.headers.map { name, value in
        let time = world.server.collections["passwords"]?.modified ?? 0
        return (name: name, value: name == "x-last-modified" ? FakeStorage.decimal(time) : value)
      }
    }
    let result = try world.pull()
    #expect(isDone && result.added == 7 && result.setAside == 0)
    #expect(world.guids == (0..<7).map { "login-\($0)" })
    #expect(world.password("login-4") == "moved")
  }

  // MARK: The vault is not locked while a server is waited for (issue 12, A4)

  /// Whether the vault was locked when a page was asked for, for each.
  private func lockedPages(_ world: World, delay: Int64) -> () -> [Bool] {
    var locked: [Bool] = []
    world.server.intercept = { _, request in
      guard request.url.contains("/storage/passwords") else { return nil }
      locked.append(world.mirror.openUpdates > 0)
      world.clock.now += delay
      return nil
    }
    return { locked }
  }

  @Test func aSlowDownloadDoesNotLockTheVault() throws {
    let world = try World()
    world.server.pageLimit = 2
    try world.putLogins(0..<9)
    let locked = lockedPages(world, delay: 500)
    var shown: [Int] = []
    let result = try world.pull { $0.progress = { records, _ in shown.append(records) } }
    #expect(result.added == 9 && world.guids.count == 9 && world.mirror.commits == 1)
    #expect(locked() == [false, false, false, false, false])
    #expect(shown == [2, 4, 6, 8, 9])
  }

  /// The first page came quickly, the others do not: what was applied is undone, and all is fetched first.
  @Test func aDownloadThatBecomesSlowUnlocksTheVault() throws {
    let world = try World()
    world.server.pageLimit = 2
    try world.putLogins(0..<13)
    var (locked, isSlow) = (0, false)
    world.server.intercept = { _, request in
      guard request.url.contains("offset=") else { return nil }
      if world.mirror.openUpdates > 0 { locked += 1 }
      world.clock.now += isSlow || locked > 2 ? 200 : 0
      isSlow = isSlow || locked > 2
      return nil
    }
    let result = try world.pull()
    #expect(result.added == 13 && world.guids.count == 13 && world.mirror.commits == 1)
    #expect(locked == 4, "two quick pages, and as many slow ones as it takes to notice")
  }

  /// A page that does not come, or needs other credentials: neither is waited for with the vault locked.
  @Test(arguments: ["stalls", "401", "502"]) func aPageThatFailsUnlocksTheVault(trouble: String) throws {
    let world = try World()
    world.server.pageLimit = 2
    try world.putLogins(0..<9)
    var (isDone, locked) = (false, 0)
    world.server.intercept = { _, request in
      guard request.url.contains("offset=") else { return nil }
      #expect((request.timeout != nil) == (world.mirror.openUpdates > 0), "only so long while the vault is locked")
      if isDone, world.mirror.openUpdates > 0 { locked += 1 }
      guard !isDone, request.url.hasSuffix("4") else { return nil }
      isDone = true
      if trouble == "stalls" { throw HTTPError.timedOut(host: "node-1.example") }
      return FakeStorage.answer(trouble == "401" ? 401 : 502, "0")
    }
    world.credentials.onReplace = { _ in Issue.record("credentials were fetched with the vault locked") }
    #expect(try world.pull().added == 9)
    #expect(isDone && locked == 0 && world.mirror.commits == 1 && world.clock.sleeps.isEmpty)
  }

  @Test func aQuickServerIsReadWhileItIsStored() throws {
    let world = try World()
    world.server.pageLimit = 2
    try world.putLogins(0..<9)
    let locked = lockedPages(world, delay: 0)
    #expect(try world.pull().added == 9)
    #expect(locked() == [false, true, true, true, true])
  }

  /// Keys are asked for again, and duplicates looked for, with the vault unlocked.
  @Test func noOtherRequestLocksTheVaultEither() throws {
    let world = try World()
    for id in ["one", "two"] {
      let text = World.login(id).replacing("https://\(id).example", with: "https://same.example")
      try world.server.put(id, in: "passwords", world.encrypt(text))
    }
    _ = try world.pull()
    world.clock.now += 1000
    world.server.collections["passwords"]?.items["one"] = nil
    let other = try SyncKeyBundle(syncKey: world.random.secret(64))
    try world.server.put("bad", in: "passwords", world.encrypt("{}", with: other))
    var paths: [String] = []
    world.server.intercept = { _, request in
      paths.append(request.url)
      #expect(world.mirror.openUpdates == 0, "\(request.url)")
      return nil
    }
    #expect(try world.pull().removed == 1)
    #expect(paths.contains { $0.contains("crypto/keys") } && paths.contains { $0.contains("ids=") })
    #expect(world.guids == ["two"])
  }

  @Test func answersThatAreTooLargeAreAskedForInParts() throws {
    let world = try World()
    try world.putLogins(0..<25)
    world.server.intercept = { _, request in
      if request.url.contains("limit=1000") || request.url.contains("limit=100&") {
        throw HTTPError.tooLarge(host: "node-1.example")
      }
      return nil
    }
    #expect(try world.pull().added == 25)
    #expect(world.server.log.last?.url.contains("limit=10&") == true)
  }

  @Test func aMessageOfTheOperatorsIsPassedOn() throws {
    let world = try World()
    world.server.decorate = { _, _, response in response.headers.append(("x-weave-alert", "maintenance")) }
    #expect(try world.pull().alert?.message == "maintenance")
  }

  @Test func backoffDuringADownloadIsKeptAndHonoured() throws {
    for fails in [false, true] {
      let world = try World()
      world.server.pageLimit = 3
      try world.putLogins(0..<7)
      world.server.intercept = { index, _ in
        fails && index == 6 ? FakeStorage.answer(503, "0", [("retry-after", "60")]) : nil
      }
      world.server.decorate = { index, _, response in
        if index == 5 { response.headers.append(("x-weave-backoff", "50")) }
      }
      if fails {
        #expect(throws: StorageError.busy(status: 503, retryAfter: 60)) { try world.pull() }
        #expect(world.guids.isEmpty)
      } else {
        #expect(try world.pull().added == 7)
      }
      #expect(world.mirror.writesDuringUpdate == 0)
      world.server.clearLog()
      #expect(throws: StorageError.backingOff(seconds: fails ? 60 : 50)) { try world.pull() }
      #expect(world.server.log.isEmpty)
      world.server.intercept = nil
      world.clock.now += 60_000
      #expect(try world.pull().totalLogins == 7)
    }
  }

  @Test func aTokenThatEndsInTheMiddle() throws {
    let world = try World()
    world.server.pageLimit = 2
    try world.putLogins(0..<9)
    world.server.intercept = { index, _ in
      if index == 6 { world.server.tokens = [:] }
      return nil
    }
    #expect(try world.pull().added == 9)
    #expect(world.credentials.replacements == 1)
  }
}
