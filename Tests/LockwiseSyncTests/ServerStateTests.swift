import LockwiseCore
import LockwiseSync
import Testing

/// The abnormal states of a storage (Sync storage format 5): explained, nothing wiped, nothing written.
@Suite struct ServerStateTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let exit: ExitCategory
    let error: PullError
    let arrange: @Sendable (World) throws -> Void
    var testDescription: String { name }

    init(
      _ name: String, _ exit: ExitCategory, _ error: PullError,
      _ arrange: @escaping @Sendable (World) throws -> Void
    ) {
      self.name = name
      self.exit = exit
      self.error = error
      self.arrange = arrange
    }
  }

  static let rows: [Row] = [
    Row("empty server", .serverState, .noSyncData) { $0.server.collections = [:] },
    Row("no meta/global", .serverState, .noSyncData) { $0.server.collections["meta"] = nil },
    Row("meta without global", .serverState, .noSyncData) {
      $0.server.collections["meta"]?.items = [:]
      $0.server.put("other", in: "meta", "{}")
    },
    Row("meta/global no JSON", .serverState, .unreadableMetaGlobal) {
      $0.server.put("global", in: "meta", "<html>")
    },
    Row("meta/global empty", .serverState, .unreadableMetaGlobal) { $0.server.put("global", in: "meta", "") },
    Row("meta/global list", .serverState, .unreadableMetaGlobal) {
      $0.server.put("global", in: "meta", "[]")
    },
    Row("no syncID", .serverState, .incompleteMetaGlobal) {
      $0.server.put("global", in: "meta", #"{"storageVersion":5,"engines":{}}"#)
    },
    Row("empty syncID", .serverState, .incompleteMetaGlobal) { $0.putMeta(syncID: "") },
    Row("no storageVersion", .serverState, .incompleteMetaGlobal) { $0.putMeta(version: "null") },
    Row("storageVersion 4", .serverState, .storageTooOld(version: 4)) { $0.putMeta(version: "4") },
    Row("storageVersion \"3\"", .serverState, .storageTooOld(version: 3)) { $0.putMeta(version: "\"3\"") },
    Row("storageVersion 6", .serverState, .storageTooNew(version: 6)) { $0.putMeta(version: "6") },
    Row("passwords 2", .serverState, .passwordsTooNew(version: 2)) {
      $0.putMeta(engines: #"{"passwords":{"version":2,"syncID":"x"}}"#)
    },
    Row("passwords \"2\"", .serverState, .passwordsTooNew(version: 2)) {
      $0.putMeta(engines: #"{"passwords":{"version":"2"}}"#)
    },
    Row("no crypto/keys", .serverState, .noKeys) { $0.server.collections["crypto"] = nil },
    Row("crypto/keys of another key", .authentication, .wrongKeys) { world in
      let other = try SyncKeyBundle(syncKey: world.random.secret(64))
      try world.server.put("keys", in: "crypto", world.encrypt("{}", with: other))
    },
    Row("crypto/keys not encrypted", .serverState, .unreadableKeys) {
      $0.server.put("keys", in: "crypto", #"{"default":[]}"#)
    },
    Row("crypto/keys malformed", .serverState, .unreadableKeys) { world in
      try world.server.put("keys", in: "crypto", world.encrypt("{}", with: world.syncKey))
    },
    Row("crypto/keys with another id", .serverState, .unreadableKeys) { world in
      let text = #"{"id":"passwords","default":\#(World.json(world.keys))}"#
      try world.server.put("keys", in: "crypto", world.encrypt(text, with: world.syncKey))
    },
  ]

  @Test(arguments: rows) func onTheFirstPull(row: Row) throws {
    let world = try World()
    try world.putLogins(0..<3)
    world.clock.now += 1000
    try row.arrange(world)
    try check(row, in: world)
  }

  @Test(arguments: rows) func onALaterPull(row: Row) throws {
    let world = try World()
    try world.putLogins(0..<3)
    _ = try world.pull()
    world.clock.now += 1000
    try row.arrange(world)
    if !world.server.collections.isEmpty { try world.putLogin("new") }
    try check(row, in: world)
    #expect(world.guids.count == 3)
  }

  private func check(_ row: Row, in world: World) throws {
    let before = world.copy()
    let succeeded = try world.state().lastSuccess
    world.clock.now += 1000
    for _ in 0..<2 {
      #expect(throws: row.error) { try world.pull() }
      #expect(world.copy() == before)
    }
    #expect(try world.state().lastSuccess == succeeded)
    #expect(try world.state().lastAttempt == world.clock.now)
    #expect(world.server.log.allSatisfy { $0.method == "GET" })
    #expect(row.error.exit == row.exit && row.error.hint != nil)
    #expect(row.error.description.first?.isUppercase == false)
  }

  @Test func declinedPasswordsAreReadAllTheSame() throws {
    let world = try World()
    try world.putLogins(0..<3)
    world.putMeta(engines: "{}", declined: #"["tabs","passwords"]"#)
    #expect(try world.pull().notices == [.passwordsDeclined])
    #expect(world.guids.count == 3)
    // And still after pulls that do not read meta/global.
    #expect(try world.pull().notices == [.passwordsDeclined])
    try world.putLogin("new")
    #expect(try world.pull().notices == [.passwordsDeclined])
    world.clock.now += 1000
    world.putMeta()
    #expect(try world.pull().notices == [])
    #expect(world.guids.count == 4)
  }

  @Test func anEngineThatIsNamedInSyncIDsOnly() throws {
    let world = try World()
    try world.putLogins(0..<3)
    world.putMeta(engines: #"{"bookmarks":{"version":2,"syncID":"b"}}"#)
    #expect(try world.pull().notices == [.passwordsNotSynced])
    #expect(world.guids.count == 3)
    world.clock.now += 1000
    world.server.put(
      "syncids", in: "meta",
      #"{"version":1,"globalSyncID":"syncID000001","engines":{"passwords":{"version":1,"syncID":"p"}}}"#)
    #expect(try world.pull().notices == [])
    #expect(try world.state().passwordsSyncID == "p")
  }

  @Test func versionsAsStringsAndNoEngineSyncID() throws {
    let world = try World()
    try world.putLogins(0..<3)
    world.putMeta(version: "\"5\"", engines: #"{"passwords":{"version":"1"}}"#)
    #expect(try world.pull().added == 3)
    #expect(try world.pull().requests == 1)
  }

  @Test func anAccountWithoutPasswords() throws {
    let world = try World()
    let result = try world.pull()
    #expect(result.extent == .nothing && result.totalLogins == 0 && result.notices == [])
    #expect(try world.pull().requests == 1)
    try world.putLogins(0..<2)
    #expect(try world.pull().added == 2)
  }

  @Test func aCollectionThatVanishes() throws {
    let world = try World()
    try world.putLogins(0..<3)
    _ = try world.pull()
    let before = world.copy()
    world.clock.now += 1000
    world.server.collections["passwords"] = nil
    world.server.put("x", in: "tabs", "{}")
    for _ in 0..<2 {
      #expect(try world.pull().notices == [.passwordsVanished])
      #expect(world.copy() == before)
    }
    world.clock.now += 1000
    try world.putLogin("login-1", password: "again")
    #expect(try world.pull().notices == [])
    #expect(world.guids.count == 3 && world.password("login-1") == "again")
  }

  @Test func aServerThatWasSetBack() throws {
    let world = try World()
    try world.putLogin("kept", password: "old")
    let backup = world.server.collections["passwords"]
    _ = try world.pull()
    world.clock.now += 1000
    try world.putLogin("kept", password: "new")
    try world.putLogin("later")
    _ = try world.pull()
    world.server.collections["passwords"] = backup
    world.server.put("x", in: "tabs", "{}")
    let result = try world.pull()
    #expect(result.extent == .everything && world.guids == ["kept", "later"])
    #expect(world.password("kept") == "old")
    #expect(try world.pull().requests == 1)
  }
}
