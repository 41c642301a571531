import Foundation
import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSync

/// Changes on their way to the server.
@Suite struct PushTests {
  let world: World

  init() throws {
    world = try World()
    world.server.mayWrite = true
    world.server.configuration = world.server.limits.text
  }

  private func passwords() throws -> [String: String] {
    try Dictionary(
      uniqueKeysWithValues: world.serverLogins().map { ($0.key, $0.value["password"] as? String ?? "") })
  }

  @Test func addedChangedDeleted() throws {
    try world.putLogins(0..<3)
    let device = try SyncDevice(world)
    try device.push()
    let added = try device.add("new")
    try device.setPassword("login-1", "changed")
    try device.editor.delete(guid: "login-2")
    let result = try device.push()
    #expect(result.uploaded == 3 && result.waiting == 0 && result.refused.isEmpty)
    #expect(try passwords() == ["login-0": "secret", "login-1": "changed", added.guid: "p"])
    let gone = try #require(world.server.collections["passwords"]?.items["login-2"])
    let tombstone = try RecordCipher.decrypt(payload: SecretBytes(utf8: gone.payload()), with: world.keys)
    #expect(tombstone.exposedText() == #"{"id":"login-2","deleted":true}"#)
    #expect(try device.vault.outbox().isEmpty)
    // Nothing is left to do, and nothing comes back.
    world.server.clearLog()
    let again = try device.push()
    #expect(again.uploaded == 0 && again.pull.extent == .nothing && world.server.log.count == 1)
  }

  @Test func everyUploadIsConditional() throws {
    try world.putLogins(0..<1)
    let device = try SyncDevice(world)
    try device.push()
    try device.add("a")
    try device.push()
    let posts = world.server.log.filter { $0.method == "POST" }
    #expect(posts.count == 1)
    for post in posts { #expect(post.headers.contains { $0.name == "X-If-Unmodified-Since" }) }
  }

  @Test func intoAnEmptyCollection() throws {
    let device = try SyncDevice(world)
    try device.add("a")
    #expect(try device.push().uploaded == 1)
    #expect(try world.serverLogins().count == 1)
  }

  /// Somebody writes between our pull and our upload.
  @Test func aForeignWriteInBetweenIsMerged() throws {
    try world.putLogins(0..<2)
    let device = try SyncDevice(world)
    try device.push()
    try device.setMember("login-0", "note", "1")
    world.server.clearLog()
    var isDone = false
    world.server.intercept = { _, request in
      guard request.method == "POST", !isDone else { return nil }
      isDone = true
      world.clock.now += 1000
      try world.putLogin("login-0", password: "foreign")
      try world.putLogin("login-9")
      return nil
    }
    let result = try device.push()
    #expect(result.uploaded == 1 && result.pull.merged == 1)
    let server = try #require(try world.serverLogins()["login-0"])
    #expect(server["password"] as? String == "foreign" && server["note"] as? Int == 1)
    #expect(try device.logins().keys.sorted() == ["login-0", "login-1", "login-9"])
  }

  @Test func afterThreeRoundsItIsLeftForNextTime() throws {
    try world.putLogins(0..<1)
    let device = try SyncDevice(world)
    try device.push()
    try device.add("a")
    var posts = 0
    world.server.intercept = { _, request in
      guard request.method == "POST" else { return nil }
      posts += 1
      try world.putLogin("other-\(posts)")
      return nil
    }
    #expect(throws: PushError.keepsChanging(changes: 1)) { try device.push() }
    #expect(posts == 3)
    world.server.intercept = nil
    #expect(try device.push().uploaded == 1)
  }

  @Test func aConflictIsWaitedFor() throws {
    let device = try SyncDevice(world)
    try device.push()
    try device.add("a")
    var posts = 0
    world.server.intercept = { _, request in
      guard request.method == "POST" else { return nil }
      posts += 1
      return posts == 1 ? FakeStorage.answer(409, "0", [("retry-after", "10")]) : nil
    }
    let before = world.clock.now
    #expect(try device.push().uploaded == 1)
    #expect(world.clock.now - before >= 10_000)
  }

  // MARK: Lost answers

  enum Loss: CaseIterable { case before, after, status500, garbage }

  @Test(arguments: Loss.allCases) func aLostAnswerDoublesAndLosesNothing(loss: Loss) throws {
    try world.putLogins(0..<3)
    let device = try SyncDevice(world)
    try device.push()
    let added = try device.add("new")
    try device.setPassword("login-1", "changed")
    try device.editor.delete(guid: "login-2")
    var isLost = false
    world.server.intercept = { _, request in
      guard request.method == "POST", !isLost, loss != .after, loss != .garbage else { return nil }
      isLost = true
      if loss == .status500 { return FakeStorage.answer(500, "<html>") }
      throw HTTPError.broken(host: "node-1.example", reason: "lost")
    }
    world.server.decorate = { _, request, response in
      guard request.method == "POST", !isLost, loss == .after || loss == .garbage else { return }
      isLost = true
      response = loss == .garbage ? FakeStorage.answer(200, "<html>") : FakeStorage.answer(502)
    }
    #expect(throws: (any Error).self) { try device.push() }
    #expect(isLost)
    #expect(try device.vault.outbox().count == 3, "nothing is settled that was not answered")
    try device.restart()
    #expect(try device.push().waiting == 0)
    #expect(try passwords() == ["login-0": "secret", "login-1": "changed", added.guid: "p"])
    #expect(try device.logins().keys.sorted() == [added.guid, "login-0", "login-1"].sorted())
  }

  @Test func whatChangesDuringTheUploadGoesUpNext() throws {
    let device = try SyncDevice(world)
    try device.push()
    let added = try device.add("a", password: "first")
    world.server.intercept = { _, request in
      if request.method == "POST" { try device.setPassword(added.guid, "second") }
      return nil
    }
    try device.push()
    world.server.intercept = nil
    #expect(try passwords() == [added.guid: "first"])
    #expect(try device.vault.outbox().count == 1)
    try device.push()
    #expect(try passwords() == [added.guid: "second"])
  }

  // MARK: Limits

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let limits: @Sendable (inout FakeStorage.Limits) -> Void
    /// Whether the server says what its limits are.
    var isTold = true
  }

  static let cases = [
    Case(testDescription: "defaults", limits: { _ in }),
    Case(testDescription: "two records a request", limits: { $0.postRecords = 2 }),
    Case(testDescription: "one record a request, no batches", limits: { ($0.postRecords, $0.hasBatches) = (1, false) }),
    Case(testDescription: "small requests", limits: { $0.requestBytes = 2000 }),
    Case(testDescription: "few payload bytes", limits: { $0.postBytes = 1500 }),
    Case(testDescription: "small batches", limits: { ($0.postRecords, $0.totalRecords) = (2, 5) }),
    Case(testDescription: "smaller than it says", limits: { $0.postRecords = 3 }, isTold: false),
    Case(testDescription: "batches that it does not say", limits: { $0.requestBytes = 3000 }, isTold: false),
  ]

  @Test(arguments: cases) func theServersLimits(_ limit: Case) throws {
    let told = world.server.limits.text
    limit.limits(&world.server.limits)
    world.server.configuration = limit.isTold ? world.server.limits.text : told
    let device = try SyncDevice(world)
    try device.push()
    for number in 0..<23 { try device.add("site-\(number)") }
    let result = try device.push()
    #expect(result.uploaded == 23 && result.refused.isEmpty && result.waiting == 0)
    #expect(try world.serverLogins().count == 23)
  }

  @Test func aRecordThatIsTooLargeStaysAndIsTold() throws {
    world.server.limits.recordBytes = 2000
    world.server.configuration = world.server.limits.text
    let device = try SyncDevice(world)
    try device.push()
    let large = try device.add("large", password: String(repeating: "x", count: 5000))
    let small = try device.add("small")
    let result = try device.push()
    #expect(result.uploaded == 1 && result.waiting == 1)
    #expect(result.refused == [large.guid: "larger than the server takes"])
    #expect(try world.serverLogins().keys.sorted() == [small.guid])
    #expect(try device.logins()[large.guid] != nil)
  }

  @Test func aRecordThatTheServerRefusesStaysAndIsTold() throws {
    let device = try SyncDevice(world)
    try device.push()
    let bad = try device.add("bad")
    try device.add("good")
    world.server.refused = [bad.guid: "invalid bso"]
    let result = try device.push()
    #expect(result.uploaded == 1 && result.waiting == 1 && result.refused == [bad.guid: "invalid bso"])
    world.server.refused = [:]
    #expect(try device.push().uploaded == 1)
  }

  @Test func nothingIsWrittenWherePasswordsAreOff() throws {
    let device = try SyncDevice(world)
    try device.push()
    try device.add("a")
    world.clock.now += 1000
    world.putMeta(declined: #"["passwords"]"#)
    #expect(throws: PushError.passwordsOff(changes: 1)) { try device.push() }
    #expect(!world.server.log.contains { $0.method == "POST" })
    #expect(try device.vault.outbox().count == 1)
  }

  // MARK: Two devices

  /// Random work of two devices, each disturbed at random: in the end all agree, and nothing that was acknowledged is
  /// lost or doubled.
  @Test(arguments: [UInt64(1), 2, 3, 4]) func anythingAtAnyTime(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let devices = [try SyncDevice(world), try SyncDevice(world)]
    for device in devices { try device.push() }
    world.server.limits.postRecords = 3
    var notes: [String: Set<String>] = [:]
    var made: Set<String> = []
    var deleted: Set<String> = []
    func disturb() {
      let moment = Int.random(in: 0..<8, using: &random)
      let kind = Int.random(in: 0..<5, using: &random)
      var index = 0
      func isNow() -> Bool {
        defer { index += 1 }
        return index == moment
      }
      world.server.intercept = { _, _ in
        guard kind < 3, isNow() else { return nil }
        if kind == 0 { throw HTTPError.broken(host: "node-1.example", reason: "lost") }
        return kind == 1 ? FakeStorage.answer(503, "0") : FakeStorage.answer(412, "0")
      }
      world.server.decorate = { _, _, response in
        guard kind >= 3, isNow() else { return }
        response = kind == 3 ? FakeStorage.answer(502) : FakeStorage.answer(200, "{")
      }
    }
    for step in 0..<200 {
      world.clock.now += 700
      let device = devices[Int.random(in: 0..<2, using: &random)]
      let guids = try device.logins().keys.sorted()
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3: made.insert(try device.add("site-\(step)").guid)
      case 3..<6:
        guard let guid = guids.randomElement(using: &random) else { continue }
        try device.setMember(guid, "n\(step)", "\(step)")
        notes[guid, default: []].insert("n\(step)")
      case 6:
        guard let guid = guids.randomElement(using: &random) else { continue }
        try device.setPassword(guid, "password \(step)")
      case 7:
        guard let guid = guids.randomElement(using: &random) else { continue }
        try device.editor.delete(guid: guid)
        deleted.insert(guid)
      default:
        if Bool.random(using: &random) { disturb() }
        _ = try? device.push()
        (world.server.intercept, world.server.decorate) = (nil, nil)
        if Bool.random(using: &random) { try device.restart() }
      }
    }
    for _ in 0..<3 {
      for device in devices {
        world.clock.now += 3_600_000
        try device.push()
      }
    }
    let server = try world.serverLogins()
    for device in devices {
      #expect(try device.logins().keys.sorted() == server.keys.sorted())
      #expect(try device.vault.outbox().isEmpty)
      for (guid, login) in try device.logins() {
        #expect(login.password.exposedText() == server[guid]?["password"] as? String)
      }
    }
    #expect(made.subtracting(deleted).subtracting(server.keys).isEmpty, "lost logins")
    for (guid, names) in notes where !deleted.contains(guid) {
      let members = Set((server[guid] ?? [:]).keys)
      #expect(names.subtracting(members).isEmpty, "lost members of \(guid)")
    }
  }
}
