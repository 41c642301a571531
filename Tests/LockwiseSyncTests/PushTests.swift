import Foundation
import LockwiseAccounts
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseSync

/// Changes on their way to the server.
@Suite struct PushTests {
  let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture()
    fixture.server.mayWrite = true
    fixture.server.configuration = fixture.server.limits.text
  }

  private func passwords() throws -> [String: String] {
    try Dictionary(
      uniqueKeysWithValues: fixture.serverLogins().map { ($0.key, $0.value["password"] as? String ?? "") })
  }

  @Test func uploadsAddedChangedAndDeletedLogins() throws {
    try fixture.putLogins(0..<3)
    let device = try SyncDevice(fixture)
    try device.push()
    let added = try device.add("new")
    try device.setPassword("login-1", "changed")
    try device.editor.delete(guid: "login-2")
    let result = try device.push()
    #expect(result.uploaded == 3 && result.waiting == 0 && result.refused.isEmpty)
    #expect(try passwords() == ["login-0": "secret", "login-1": "changed", added.guid: "p"])
    let gone = try #require(fixture.server.collections["passwords"]?.items["login-2"])
    let tombstone = try RecordCipher.decrypt(payload: SecretBytes(utf8: gone.payload()), with: fixture.keys)
    #expect(tombstone.exposedText() == #"{"id":"login-2","deleted":true}"#)
    #expect(try device.vault.outbox().isEmpty)
    // No change is left, and none returns.
    fixture.server.clearLog()
    let again = try device.push()
    #expect(again.uploaded == 0 && again.pull.extent == .nothing && fixture.server.log.count == 1)
  }

  @Test func uploadsConditionally() throws {
    try fixture.putLogins(0..<1)
    let device = try SyncDevice(fixture)
    try device.push()
    try device.add("a")
    try device.push()
    let posts = fixture.server.log.filter { $0.method == "POST" }
    #expect(posts.count == 1)
    for post in posts { #expect(post.headers.contains { $0.name == "X-If-Unmodified-Since" }) }
  }

  @Test func uploadsToAnEmptyCollection() throws {
    let device = try SyncDevice(fixture)
    try device.add("a")
    #expect(try device.push().uploaded == 1)
    #expect(try fixture.serverLogins().count == 1)
  }

  /// Another client writes between our pull and our upload.
  @Test func mergesAWriteOfAnotherClient() throws {
    try fixture.putLogins(0..<2)
    let device = try SyncDevice(fixture)
    try device.push()
    try device.setMember("login-0", "note", "1")
    fixture.server.clearLog()
    var isDone = false
    fixture.server.intercept = { _, request in
      guard request.method == "POST", !isDone else { return nil }
      isDone = true
      fixture.clock.now += 1000
      try fixture.putLogin("login-0", password: "foreign")
      try fixture.putLogin("login-9")
      return nil
    }
    let result = try device.push()
    #expect(result.uploaded == 1 && result.pull.merged == 1)
    let server = try #require(try fixture.serverLogins()["login-0"])
    #expect(server["password"] as? String == "foreign" && server["note"] as? Int == 1)
    #expect(try device.logins().keys.sorted() == ["login-0", "login-1", "login-9"])
  }

  @Test func stopsAfterThreeRounds() throws {
    try fixture.putLogins(0..<1)
    let device = try SyncDevice(fixture)
    try device.push()
    try device.add("a")
    var posts = 0
    fixture.server.intercept = { _, request in
      guard request.method == "POST" else { return nil }
      posts += 1
      try fixture.putLogin("other-\(posts)")
      return nil
    }
    #expect(throws: PushError.keepsChanging(changes: 1)) { try device.push() }
    #expect(posts == 3)
    fixture.server.intercept = nil
    #expect(try device.push().uploaded == 1)
  }

  @Test func waitsAfterAConflict() throws {
    let device = try SyncDevice(fixture)
    try device.push()
    try device.add("a")
    var posts = 0
    fixture.server.intercept = { _, request in
      guard request.method == "POST" else { return nil }
      posts += 1
      return posts == 1 ? FakeStorage.answer(409, "0", [("retry-after", "10")]) : nil
    }
    let before = fixture.clock.now
    #expect(try device.push().uploaded == 1)
    #expect(fixture.clock.now - before >= 10_000)
  }

  // MARK: Lost responses

  enum Loss: CaseIterable { case before, after, status500, garbage }

  @Test(arguments: Loss.allCases) func losesAndDuplicatesNothingAfterALostResponse(loss: Loss) throws {
    try fixture.putLogins(0..<3)
    let device = try SyncDevice(fixture)
    try device.push()
    let added = try device.add("new")
    try device.setPassword("login-1", "changed")
    try device.editor.delete(guid: "login-2")
    var isLost = false
    fixture.server.intercept = { _, request in
      guard request.method == "POST", !isLost, loss != .after, loss != .garbage else { return nil }
      isLost = true
      if loss == .status500 { return FakeStorage.answer(500, "<html>") }
      throw HTTPError.broken(host: "node-1.example", reason: "lost")
    }
    fixture.server.decorate = { _, request, response in
      guard request.method == "POST", !isLost, loss == .after || loss == .garbage else { return }
      isLost = true
      response = loss == .garbage ? FakeStorage.answer(200, "<html>") : FakeStorage.answer(502)
    }
    #expect(throws: (any Error).self) { try device.push() }
    #expect(isLost)
    #expect(try device.vault.outbox().count == 3, "no change without a response is finished")
    try device.restart()
    #expect(try device.push().waiting == 0)
    #expect(try passwords() == ["login-0": "secret", "login-1": "changed", added.guid: "p"])
    #expect(try device.logins().keys.sorted() == [added.guid, "login-0", "login-1"].sorted())
  }

  @Test func uploadsAChangeDuringTheUploadNext() throws {
    let device = try SyncDevice(fixture)
    try device.push()
    let added = try device.add("a", password: "first")
    fixture.server.intercept = { _, request in
      if request.method == "POST" { try device.setPassword(added.guid, "second") }
      return nil
    }
    try device.push()
    fixture.server.intercept = nil
    #expect(try passwords() == [added.guid: "first"])
    #expect(try device.vault.outbox().count == 1)
    try device.push()
    #expect(try passwords() == [added.guid: "second"])
  }

  // MARK: Limits

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let limits: @Sendable (inout FakeStorage.Limits) -> Void
    /// Whether the server announces its limits.
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

  @Test(arguments: cases) func staysWithinTheServersLimits(_ limit: Case) throws {
    let told = fixture.server.limits.text
    limit.limits(&fixture.server.limits)
    fixture.server.configuration = limit.isTold ? fixture.server.limits.text : told
    let device = try SyncDevice(fixture)
    try device.push()
    for number in 0..<23 { try device.add("site-\(number)") }
    let result = try device.push()
    #expect(result.uploaded == 23 && result.refused.isEmpty && result.waiting == 0)
    #expect(try fixture.serverLogins().count == 23)
  }

  @Test func keepsAndReportsATooLargeRecord() throws {
    fixture.server.limits.recordBytes = 2000
    fixture.server.configuration = fixture.server.limits.text
    let device = try SyncDevice(fixture)
    try device.push()
    let large = try device.add("large", password: String(repeating: "x", count: 5000))
    let small = try device.add("small")
    let result = try device.push()
    #expect(result.uploaded == 1 && result.waiting == 1)
    #expect(result.refused == [large.guid: "larger than the server accepts"])
    #expect(try fixture.serverLogins().keys.sorted() == [small.guid])
    #expect(try device.logins()[large.guid] != nil)
  }

  @Test func keepsAndReportsARefusedRecord() throws {
    let device = try SyncDevice(fixture)
    try device.push()
    let bad = try device.add("bad")
    try device.add("good")
    fixture.server.refused = [bad.guid: "invalid bso"]
    let result = try device.push()
    #expect(
      result.uploaded == 1 && result.waiting == 1 && result.refused == [bad.guid: "the server considers it invalid"])
    fixture.server.refused = [:]
    #expect(try device.push().uploaded == 1)
  }

  /// Issue 12, A2.
  @Test func reportsARefusalAsNewOnce() throws {
    let device = try SyncDevice(fixture)
    try device.push()
    let bad = try device.add("bad")
    fixture.server.refused = [bad.guid: "invalid bso"]
    #expect(try device.push().newlyRefused == [bad.guid])
    #expect(try device.vault.outbox().map(\.refusal) == ["the server considers it invalid"])
    try device.restart()
    let again = try device.push()
    #expect(again.newlyRefused.isEmpty && again.refused == [bad.guid: "the server considers it invalid"])
    fixture.server.refused = [bad.guid: "another reason"]
    #expect(try device.push().newlyRefused == [bad.guid])
    try device.setPassword(bad.guid, "changed")
    #expect(try device.vault.outbox().map(\.refusal) == [nil], "the change is another one")
    #expect(try device.push().newlyRefused == [bad.guid])
  }

  /// The limits that a server announced yesterday are read again only if it refuses a request (issue 12, A2).
  @Test(arguments: [true, false]) func readsTheLimitsAgainAfterATooLargeRequest(isOneRecordTooLarge: Bool) throws {
    let device = try SyncDevice(fixture)
    try device.push()
    fixture.server.limits.requestBytes = isOneRecordTooLarge ? 3000 : 1500
    fixture.server.configuration = fixture.server.limits.text
    if isOneRecordTooLarge { try device.add("large", password: String(repeating: "x", count: 3000)) }
    for number in 0..<5 { try device.add("site-\(number)") }
    fixture.server.clearLog()
    var refusals = 0
    fixture.server.decorate = { _, request, response in
      if request.method == "POST", response.status == 413 { refusals += 1 }
    }
    let result = try device.push()
    #expect(result.uploaded == 5 && result.refused.count == (isOneRecordTooLarge ? 1 : 0) && refusals == 1)
    #expect(fixture.server.paths.filter { $0 == "/info/configuration" }.count == 1)
    // The limits are kept.
    try device.add("later")
    fixture.server.clearLog()
    try device.push()
    #expect(!fixture.server.paths.contains("/info/configuration") && refusals == 1)
  }

  @Test func writesNothingIfPasswordsAreOff() throws {
    let device = try SyncDevice(fixture)
    try device.push()
    try device.add("a")
    fixture.clock.now += 1000
    fixture.putMeta(declined: #"["passwords"]"#)
    #expect(throws: PushError.passwordsOff(changes: 1)) { try device.push() }
    #expect(!fixture.server.log.contains { $0.method == "POST" })
    #expect(try device.vault.outbox().count == 1)
  }
}
