import LockwiseCore
import LockwiseSync
import Testing

/// Storages that were set up again: everything is downloaded, and logins that exist only here are uploaded again.
@Suite struct GenerationTests {
  /// Resets the account's Sync data as Firefox does: wipe, meta/global, crypto/keys, then the engines.
  private func reset(_ fixture: SyncFixture, logins: [String]) throws {
    fixture.clock.now += 10_000
    fixture.server.collections = [:]
    fixture.keys = try SyncKeyBundle(syncKey: fixture.random.secret(64))
    fixture.putMeta(
      syncID: "syncID000002", engines: #"{"passwords":{"version":1,"syncID":"engine000002"}}"#)
    try fixture.putKeys()
    for login in logins { try fixture.putLogin(login) }
  }

  @Test func downloadsAResetStorage() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    try reset(fixture, logins: ["a", "b"])
    let result = try fixture.pull()
    #expect(result.extent == .everything && result.added == 2)
    #expect(fixture.guids == ["a", "b", "login-0", "login-1", "login-2"])
    #expect(try fixture.mirror.outbox().map(\.guid).sorted() == ["login-0", "login-1", "login-2"])
    #expect(try fixture.pull().requests == 1)
  }

  /// Uploads logins as a Firefox does to a storage without them.
  @Test func uploadsToAStorageWithoutLogins() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    try reset(fixture, logins: [])
    #expect(try fixture.pull().notices == [])
    #expect(fixture.guids.count == 3)
    #expect(try fixture.mirror.outbox().map(\.guid).sorted() == ["login-0", "login-1", "login-2"])
    fixture.clock.now += 1000
    try fixture.putLogin("a")
    _ = try fixture.pull()
    #expect(fixture.guids == ["a", "login-0", "login-1", "login-2"])
  }

  /// A Firefox that sets up the storage writes `meta/global` before it knows of any engine.
  @Test func waitsForAResetInProgress() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    try reset(fixture, logins: [])
    fixture.putMeta(syncID: "syncID000002", engines: "{}")
    #expect(try fixture.pull().notices == [.passwordsNotSynced, .passwordsVanished])
    #expect(try fixture.mirror.outbox().isEmpty && fixture.guids.count == 3)
    fixture.putMeta(syncID: "syncID000002", engines: #"{"passwords":{"version":1,"syncID":"engine000002"}}"#)
    try fixture.putLogin("a")
    #expect(try fixture.pull().notices == [])
    #expect(fixture.guids == ["a", "login-0", "login-1", "login-2"])
    #expect(try fixture.mirror.outbox().map(\.guid).sorted() == ["login-0", "login-1", "login-2"])
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let name: String
    let apply: @Sendable (SyncFixture) throws -> Void
    var testDescription: String { name }
  }

  static let changes: [Change] = [
    Change(name: "syncID") { $0.putMeta(syncID: "syncID000009") },
    Change(name: "engine syncID") {
      $0.putMeta(engines: #"{"passwords":{"version":1,"syncID":"engine000009"}}"#)
    },
    Change(name: "no engine syncID") { $0.putMeta(engines: #"{"passwords":{"version":1}}"#) },
    Change(name: "default key") { fixture in
      fixture.keys = try SyncKeyBundle(syncKey: fixture.random.secret(64))
      try fixture.putKeys()
      try fixture.putLogins(1..<4)
    },
    Change(name: "key of the collection") { fixture in
      let own = try SyncKeyBundle(syncKey: fixture.random.secret(64))
      try fixture.putKeys(collections: "{\"passwords\":\(SyncFixture.json(own))}")
      fixture.keys = own
      try fixture.putLogins(1..<4)
    },
    Change(name: "endpoint") { fixture in
      fixture.server.endpoint = "https://node-2.example:8443/1.5/777"
      fixture.credentials.endpoint = fixture.server.endpoint
    },
  ]

  @Test(arguments: changes) func downloadsEverythingAgain(change: Change) throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(1..<4)
    _ = try fixture.pull()
    // No longer on the server, and without a tombstone.
    fixture.server.collections["passwords"]?.items["login-1"] = nil
    fixture.clock.now += 1000
    try change.apply(fixture)
    fixture.server.collections["passwords"]?.items["login-1"] = nil
    fixture.server.clearLog()
    let result = try fixture.pull()
    #expect(result.extent == .everything && fixture.guids == ["login-1", "login-2", "login-3"])
    #expect(try fixture.mirror.outbox().map(\.guid) == ["login-1"])
    #expect(!fixture.server.log.contains { $0.url.contains("newer=") })
    #expect(try fixture.pull().requests == 1)
  }

  /// Each request of the full download fails once. The old copy stays complete until the download succeeds.
  @Test(arguments: changes) func keepsTheOldCopyUntilTheNewOneIsComplete(change: Change) throws {
    for failing in 0..<12 {
      let fixture = try SyncFixture()
      fixture.server.pageLimit = 1
      try fixture.putLogins(1..<4)
      _ = try fixture.pull()
      fixture.clock.now += 1000
      try change.apply(fixture)
      let before = fixture.copy()
      fixture.server.clearLog()
      fixture.server.intercept = { index, _ in index == failing ? FakeStorage.answer(503) : nil }
      if let result = try? fixture.pull() {
        #expect(result.totalLogins == 3)
      } else {
        #expect(fixture.copy() == before)
        #expect(try fixture.pull().totalLogins == 3)
      }
      #expect(fixture.mirror.openUpdates == 0)
    }
  }

  /// Keys that changed without notice are found by the wrong HMAC of a record.
  @Test func noticesChangedKeys() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    fixture.clock.now += 1000
    let time = fixture.server.collections["crypto"]?.modified ?? 0
    fixture.keys = try SyncKeyBundle(syncKey: fixture.random.secret(64))
    try fixture.putKeys()
    fixture.server.collections["crypto"]?.modified = time
    try fixture.putLogins(1..<3)
    fixture.server.collections["passwords"]?.items["login-0"] = nil
    let result = try fixture.pull()
    #expect(result.extent == .everything && result.setAside == 0)
    #expect(
      try fixture.guids == ["login-0", "login-1", "login-2"] && fixture.mirror.outbox().map(\.guid) == ["login-0"])
  }

  /// Another device resets everything at each of our requests, and nothing is lost.
  @Test func losesNothingInAResetAtAnyRequest() throws {
    for moment in 0..<14 {
      let fixture = try SyncFixture()
      fixture.server.pageLimit = 2
      try fixture.putLogins(0..<5)
      _ = try fixture.pull()
      fixture.clock.now += 1000
      try fixture.putLogins(3..<8)
      fixture.server.clearLog()
      var isReset = false
      fixture.server.intercept = { index, _ in
        if index == moment {
          try reset(fixture, logins: ["a", "b", "c"])
          isReset = true
        }
        return nil
      }
      let result = try? fixture.pull()
      fixture.server.intercept = nil
      let before = (0..<5).map { "login-\($0)" }
      let old = (0..<8).map { "login-\($0)" }
      let new = ["a", "b", "c"]
      let seen = fixture.guids.filter { !new.contains($0) }
      #expect(seen == before || (result != nil && seen == old), "moment \(moment)")
      _ = try fixture.pull()
      #expect(fixture.guids == (isReset ? new + seen : old), "moment \(moment)")
      #expect(try fixture.mirror.outbox().map(\.guid).sorted() == (isReset ? seen : []), "moment \(moment)")
      #expect(fixture.mirror.contents.setAside.isEmpty, "moment \(moment)")
    }
  }

  @Test func restartsIfTheAccountMoves() throws {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 2
    try fixture.putLogins(0..<5)
    fixture.server.intercept = { index, _ in
      guard index == 6 else { return nil }
      fixture.server.endpoint = "https://node-2.example/1.5/9"
      fixture.server.tokens = [:]
      fixture.credentials.onReplace = { $0.endpoint = fixture.server.endpoint }
      return nil
    }
    #expect(try fixture.pull().added == 5)
    #expect(try fixture.state().endpoint == "https://node-2.example/1.5/9" && fixture.mirror.commits == 1)
  }
}
