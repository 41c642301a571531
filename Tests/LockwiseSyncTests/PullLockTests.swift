import LockwiseAccounts
import LockwiseCore
import LockwiseSync
import Testing

/// Downloads during which other programs use the vault: requests must not hold its write lock.
@Suite struct PullLockTests {
  /// Whether the vault was locked at the request for each page.
  private func lockedPages(_ fixture: SyncFixture, delay: Milliseconds) -> () -> [Bool] {
    var locked: [Bool] = []
    fixture.server.intercept = { _, request in
      guard request.url.contains("/storage/passwords") else { return nil }
      locked.append(fixture.mirror.openUpdates > 0)
      fixture.clock.now += delay
      return nil
    }
    return { locked }
  }

  @Test func leavesTheVaultUnlockedDuringASlowDownload() throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 2
    try fixture.putLogins(0..<9)
    let locked = lockedPages(fixture, delay: 500)
    var shown: [Int] = []
    let result = try fixture.pull { $0.progress = { records, _ in shown.append(records) } }
    #expect(result.added == 9 && fixture.guids.count == 9 && fixture.mirror.commits == 1)
    #expect(locked() == [false, false, false, false, false])
    #expect(shown == [2, 4, 6, 8, 9])
  }

  /// The first page is quick but the others are slow, so the changes are undone and all pages are fetched first.
  @Test func unlocksTheVaultWhenADownloadBecomesSlow() throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 2
    try fixture.putLogins(0..<13)
    var (locked, isSlow) = (0, false)
    fixture.server.intercept = { _, request in
      guard request.url.contains("offset=") else { return nil }
      if fixture.mirror.openUpdates > 0 { locked += 1 }
      fixture.clock.now += isSlow || locked > 2 ? 200 : 0
      isSlow = isSlow || locked > 2
      return nil
    }
    let result = try fixture.pull()
    #expect(result.added == 13 && fixture.guids.count == 13 && fixture.mirror.commits == 1)
    #expect(locked == 4, "two quick pages, and as many slow ones as it takes to notice")
  }

  /// The vault is not locked while a page is missing or needs new credentials.
  @Test(arguments: ["stalls", "401", "502"]) func unlocksTheVaultWhenAPageFails(trouble: String) throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 2
    try fixture.putLogins(0..<9)
    var (isDone, locked) = (false, 0)
    fixture.server.intercept = { _, request in
      guard request.url.contains("offset=") else { return nil }
      #expect((request.timeout != nil) == (fixture.mirror.openUpdates > 0), "only so long while the vault is locked")
      if isDone, fixture.mirror.openUpdates > 0 { locked += 1 }
      guard !isDone, request.url.hasSuffix("4") else { return nil }
      isDone = true
      if trouble == "stalls" { throw HTTPError.timedOut(host: "node-1.example") }
      return FakeStorage.answer(trouble == "401" ? 401 : 502, "0")
    }
    fixture.credentials.onReplace = { _ in Issue.record("credentials were fetched with the vault locked") }
    #expect(try fixture.pull().added == 9)
    #expect(isDone && locked == 0 && fixture.mirror.commits == 1 && fixture.clock.sleeps.isEmpty)
  }

  @Test func storesWhileAQuickServerIsRead() throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 2
    try fixture.putLogins(0..<9)
    let locked = lockedPages(fixture, delay: 0)
    #expect(try fixture.pull().added == 9)
    #expect(locked() == [false, true, true, true, true])
  }

  /// Keys are read again, and duplicates searched, with the vault unlocked.
  @Test func leavesTheVaultUnlockedDuringOtherRequests() throws {
    let fixture = try SyncFixture()
    for id in ["one", "two"] {
      let text = SyncFixture.login(id).replacing("https://\(id).example", with: "https://same.example")
      try fixture.server.put(id, in: "passwords", fixture.encrypt(text))
    }
    _ = try fixture.pull()
    fixture.clock.now += 1000
    fixture.server.collections["passwords"]?.items["one"] = nil
    let other = try SyncKeyBundle(syncKey: fixture.random.secret(64))
    try fixture.server.put("bad", in: "passwords", fixture.encrypt("{}", with: other))
    var paths: [String] = []
    fixture.server.intercept = { _, request in
      paths.append(request.url)
      #expect(fixture.mirror.openUpdates == 0, "\(request.url)")
      return nil
    }
    #expect(try fixture.pull().removed == 1)
    #expect(paths.contains { $0.contains("crypto/keys") } && paths.contains { $0.contains("ids=") })
    #expect(fixture.guids == ["two"])
  }
}
