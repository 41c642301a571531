import LockwiseCore
import LockwiseSync
import Testing

/// Abnormal states of a storage (Sync storage format 5) are explained, and nothing is wiped or written.
@Suite struct ServerStateTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let exit: ExitCode
    let error: PullError
    let arrange: @Sendable (SyncFixture) throws -> Void
    var testDescription: String { name }

    init(
      _ name: String, _ exit: ExitCode, _ error: PullError,
      _ arrange: @escaping @Sendable (SyncFixture) throws -> Void
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
    Row("crypto/keys of another key", .refused, .wrongKeys) { fixture in
      let other = try SyncKeyBundle(syncKey: fixture.random.secret(64))
      try fixture.server.put("keys", in: "crypto", fixture.encrypt("{}", with: other))
    },
    Row("crypto/keys not encrypted", .serverState, .unreadableKeys) {
      $0.server.put("keys", in: "crypto", #"{"default":[]}"#)
    },
    Row("crypto/keys malformed", .serverState, .unreadableKeys) { fixture in
      try fixture.server.put("keys", in: "crypto", fixture.encrypt("{}", with: fixture.syncKey))
    },
    Row("crypto/keys with another id", .serverState, .unreadableKeys) { fixture in
      let text = #"{"id":"passwords","default":\#(SyncFixture.json(fixture.keys))}"#
      try fixture.server.put("keys", in: "crypto", fixture.encrypt(text, with: fixture.syncKey))
    },
  ]

  @Test(arguments: rows) func explainsTheStateOnTheFirstPull(row: Row) throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    fixture.clock.now += 1000
    try row.arrange(fixture)
    try check(row, in: fixture)
  }

  @Test(arguments: rows) func explainsTheStateOnALaterPull(row: Row) throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    fixture.clock.now += 1000
    try row.arrange(fixture)
    if !fixture.server.collections.isEmpty { try fixture.putLogin("new") }
    try check(row, in: fixture)
    #expect(fixture.guids.count == 3)
  }

  private func check(_ row: Row, in fixture: SyncFixture) throws {
    let before = fixture.copy()
    let succeeded = try fixture.state().lastSuccess
    fixture.clock.now += 1000
    for _ in 0..<2 {
      #expect(throws: row.error) { try fixture.pull() }
      #expect(fixture.copy() == before)
    }
    #expect(try fixture.state().lastSuccess == succeeded)
    #expect(try fixture.state().lastAttempt == fixture.clock.now)
    #expect(fixture.server.log.allSatisfy { $0.method == "GET" })
    #expect(row.error.userFacingError.exitCode == row.exit && !row.error.userFacingError.hints.isEmpty)
    #expect(row.error.userFacingError.message.first?.isUppercase == false)
  }

  @Test func readsDeclinedPasswords() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    fixture.putMeta(engines: "{}", declined: #"["tabs","passwords"]"#)
    #expect(try fixture.pull().notices == [.passwordsDeclined])
    #expect(fixture.guids.count == 3)
    // The state stays after pulls that do not read meta/global.
    #expect(try fixture.pull().notices == [.passwordsDeclined])
    try fixture.putLogin("new")
    #expect(try fixture.pull().notices == [.passwordsDeclined])
    fixture.clock.now += 1000
    fixture.putMeta()
    #expect(try fixture.pull().notices == [])
    #expect(fixture.guids.count == 4)
  }

  @Test func recognisesAnEngineInSyncIDs() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    fixture.putMeta(engines: #"{"bookmarks":{"version":2,"syncID":"b"}}"#)
    #expect(try fixture.pull().notices == [.passwordsNotSynced])
    #expect(fixture.guids.count == 3)
    fixture.clock.now += 1000
    fixture.server.put(
      "syncids", in: "meta",
      #"{"version":1,"globalSyncID":"syncID000001","engines":{"passwords":{"version":1,"syncID":"p"}}}"#)
    #expect(try fixture.pull().notices == [])
    #expect(try fixture.state().passwordsSyncID == "p")
  }

  @Test func acceptsVersionsAsStrings() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    fixture.putMeta(version: "\"5\"", engines: #"{"passwords":{"version":"1"}}"#)
    #expect(try fixture.pull().added == 3)
    #expect(try fixture.pull().requests == 1)
  }

  @Test func acceptsAnAccountWithoutPasswords() throws {
    let fixture = try SyncFixture()
    let result = try fixture.pull()
    #expect(result.extent == .nothing && result.totalLogins == 0 && result.notices == [])
    #expect(try fixture.pull().requests == 1)
    try fixture.putLogins(0..<2)
    #expect(try fixture.pull().added == 2)
  }

  @Test func keepsLoginsIfTheCollectionVanishes() throws {
    let fixture = try SyncFixture()
    try fixture.putLogins(0..<3)
    _ = try fixture.pull()
    let before = fixture.copy()
    fixture.clock.now += 1000
    fixture.server.collections["passwords"] = nil
    fixture.server.put("x", in: "tabs", "{}")
    for _ in 0..<2 {
      #expect(try fixture.pull().notices == [.passwordsVanished])
      #expect(fixture.copy() == before)
    }
    fixture.clock.now += 1000
    try fixture.putLogin("login-1", password: "again")
    #expect(try fixture.pull().notices == [])
    #expect(fixture.guids.count == 3 && fixture.password("login-1") == "again")
  }

  @Test func downloadsAServerRestoredFromABackup() throws {
    let fixture = try SyncFixture()
    try fixture.putLogin("kept", password: "old")
    let backup = fixture.server.collections["passwords"]
    _ = try fixture.pull()
    fixture.clock.now += 1000
    try fixture.putLogin("kept", password: "new")
    try fixture.putLogin("later")
    _ = try fixture.pull()
    fixture.server.collections["passwords"] = backup
    fixture.server.put("x", in: "tabs", "{}")
    let result = try fixture.pull()
    #expect(result.extent == .everything && fixture.guids == ["kept", "later"])
    #expect(fixture.password("kept") == "old")
    #expect(try fixture.pull().requests == 1)
  }
}
