import LockwiseCore
import LockwiseSync
import Testing

/// Storages that were set up anew: everything is downloaded, and what is only here waits to be uploaded again, as from a
/// Firefox.
@Suite struct GenerationTests {
  /// What a Firefox does that resets the account's Sync data: wipe, meta/global, crypto/keys, then the engines.
  private func reset(_ world: World, logins: [String]) throws {
    world.clock.now += 10_000
    world.server.collections = [:]
    world.keys = try SyncKeyBundle(syncKey: world.random.secret(64))
    world.putMeta(
      syncID: "syncID000002", engines: #"{"passwords":{"version":1,"syncID":"engine000002"}}"#)
    try world.putKeys()
    for login in logins { try world.putLogin(login) }
  }

  @Test func aResetStorage() throws {
    let world = try World()
    try world.putLogins(0..<3)
    _ = try world.pull()
    try reset(world, logins: ["a", "b"])
    let result = try world.pull()
    #expect(result.extent == .everything && result.added == 2)
    #expect(world.guids == ["a", "b", "login-0", "login-1", "login-2"])
    #expect(try world.mirror.outbox().map(\.guid).sorted() == ["login-0", "login-1", "login-2"])
    #expect(try world.pull().requests == 1)
  }

  /// As a Firefox does that finds a storage without its logins.
  @Test func aResetWithoutLogins() throws {
    let world = try World()
    try world.putLogins(0..<3)
    _ = try world.pull()
    try reset(world, logins: [])
    #expect(try world.pull().notices == [])
    #expect(world.guids.count == 3)
    #expect(try world.mirror.outbox().map(\.guid).sorted() == ["login-0", "login-1", "login-2"])
    world.clock.now += 1000
    try world.putLogin("a")
    _ = try world.pull()
    #expect(world.guids == ["a", "login-0", "login-1", "login-2"])
  }

  /// A Firefox that sets up the storage writes `meta/global` before it knows of any engine.
  @Test func aResetThatIsUnderWay() throws {
    let world = try World()
    try world.putLogins(0..<3)
    _ = try world.pull()
    try reset(world, logins: [])
    world.putMeta(syncID: "syncID000002", engines: "{}")
    #expect(try world.pull().notices == [.passwordsNotSynced, .passwordsVanished])
    #expect(try world.mirror.outbox().isEmpty && world.guids.count == 3)
    world.putMeta(syncID: "syncID000002", engines: #"{"passwords":{"version":1,"syncID":"engine000002"}}"#)
    try world.putLogin("a")
    #expect(try world.pull().notices == [])
    #expect(world.guids == ["a", "login-0", "login-1", "login-2"])
    #expect(try world.mirror.outbox().map(\.guid).sorted() == ["login-0", "login-1", "login-2"])
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let name: String
    let apply: @Sendable (World) throws -> Void
    var testDescription: String { name }
  }

  static let changes: [Change] = [
    Change(name: "syncID") { $0.putMeta(syncID: "syncID000009") },
    Change(name: "engine syncID") {
      $0.putMeta(engines: #"{"passwords":{"version":1,"syncID":"engine000009"}}"#)
    },
    Change(name: "no engine syncID") { $0.putMeta(engines: #"{"passwords":{"version":1}}"#) },
    Change(name: "default key") { world in
      world.keys = try SyncKeyBundle(syncKey: world.random.secret(64))
      try world.putKeys()
      try world.putLogins(1..<4)
    },
    Change(name: "key of the collection") { world in
      let own = try SyncKeyBundle(syncKey: world.random.secret(64))
      try world.putKeys(collections: "{\"passwords\":\(World.json(own))}")
      world.keys = own
      try world.putLogins(1..<4)
    },
    Change(name: "endpoint") { world in
      world.server.endpoint = "https://node-2.example:8443/1.5/777"
      world.credentials.endpoint = world.server.endpoint
    },
  ]

  @Test(arguments: changes) func everythingAgain(change: Change) throws {
    let world = try World()
    try world.putLogins(1..<4)
    _ = try world.pull()
    // Not on the server any more, without a tombstone.
    world.server.collections["passwords"]?.items["login-1"] = nil
    world.clock.now += 1000
    try change.apply(world)
    world.server.collections["passwords"]?.items["login-1"] = nil
    world.server.clearLog()
    let result = try world.pull()
    #expect(result.extent == .everything && world.guids == ["login-1", "login-2", "login-3"])
    #expect(try world.mirror.outbox().map(\.guid) == ["login-1"])
    #expect(!world.server.log.contains { $0.url.contains("newer=") })
    #expect(try world.pull().requests == 1)
  }

  /// Each request of the full download fails once; until it succeeds the old copy stays whole.
  @Test(arguments: changes) func theOldCopyStaysUntilTheNewOneIsWhole(change: Change) throws {
    for failing in 0..<12 {
      let world = try World()
      world.server.pageLimit = 1
      try world.putLogins(1..<4)
      _ = try world.pull()
      world.clock.now += 1000
      try change.apply(world)
      let before = world.copy()
      world.server.clearLog()
      world.server.intercept = { index, _ in index == failing ? FakeStorage.answer(503) : nil }
      if let result = try? world.pull() {
        #expect(result.totalLogins == 3)
      } else {
        #expect(world.copy() == before)
        #expect(try world.pull().totalLogins == 3)
      }
      #expect(world.mirror.openUpdates == 0)
    }
  }

  /// Keys that changed without a sign: the wrong HMAC of a record makes us look.
  @Test func keysThatChangeUnderOurHands() throws {
    let world = try World()
    try world.putLogins(0..<3)
    _ = try world.pull()
    world.clock.now += 1000
    let time = world.server.collections["crypto"]?.modified ?? 0
    world.keys = try SyncKeyBundle(syncKey: world.random.secret(64))
    try world.putKeys()
    world.server.collections["crypto"]?.modified = time
    try world.putLogins(1..<3)
    world.server.collections["passwords"]?.items["login-0"] = nil
    let result = try world.pull()
    #expect(result.extent == .everything && result.setAside == 0)
    #expect(try world.guids == ["login-0", "login-1", "login-2"] && world.mirror.outbox().map(\.guid) == ["login-0"])
  }

  /// Another device resets everything at each request of ours: nothing is lost.
  @Test func aResetAtAnyMoment() throws {
    for moment in 0..<14 {
      let world = try World()
      world.server.pageLimit = 2
      try world.putLogins(0..<5)
      _ = try world.pull()
      world.clock.now += 1000
      try world.putLogins(3..<8)
      world.server.clearLog()
      var isReset = false
      world.server.intercept = { index, _ in
        if index == moment {
          try reset(world, logins: ["a", "b", "c"])
          isReset = true
        }
        return nil
      }
      let result = try? world.pull()
      world.server.intercept = nil
      let before = (0..<5).map { "login-\($0)" }
      let old = (0..<8).map { "login-\($0)" }
      let new = ["a", "b", "c"]
      let seen = world.guids.filter { !new.contains($0) }
      #expect(seen == before || (result != nil && seen == old), "moment \(moment)")
      _ = try world.pull()
      #expect(world.guids == (isReset ? new + seen : old), "moment \(moment)")
      #expect(try world.mirror.outbox().map(\.guid).sorted() == (isReset ? seen : []), "moment \(moment)")
      #expect(world.mirror.contents.setAside.isEmpty, "moment \(moment)")
    }
  }

  @Test func anAccountThatMovesInTheMiddle() throws {
    let world = try World()
    world.server.pageLimit = 2
    try world.putLogins(0..<5)
    world.server.intercept = { index, _ in
      guard index == 6 else { return nil }
      world.server.endpoint = "https://node-2.example/1.5/9"
      world.server.tokens = [:]
      world.credentials.onReplace = { $0.endpoint = world.server.endpoint }
      return nil
    }
    #expect(try world.pull().added == 5)
    #expect(try world.state().endpoint == "https://node-2.example/1.5/9" && world.mirror.commits == 1)
  }
}
