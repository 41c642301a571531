import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct BackoffTests {
  struct Row: Sendable {
    let headers: [(String, String)]
    let seconds: Seconds

    init(_ headers: [(String, String)], _ seconds: Seconds) {
      self.headers = headers
      self.seconds = seconds
    }
  }

  // The test clock starts at Fri, 15 Jan 2027 08:00:00 GMT.
  @Test(arguments: [
    Row([("x-weave-backoff", "120")], 120), Row([("retry-after", "60")], 60), Row([("x-backoff", "5")], 5),
    Row([("x-weave-backoff", "10.2")], 11), Row([("x-weave-backoff", "0")], 0),
    Row([("retry-after", "-5")], 0),
    Row([("retry-after", "soon")], 0), Row([("x-weave-backoff", "10"), ("retry-after", "30")], 30),
    Row([("x-weave-backoff", "10"), ("x-weave-backoff", "40")], 40),
    Row([("retry-after", "Fri, 15 Jan 2027 08:02:00 GMT")], 120),
    Row([("retry-after", "Fri, 15 Jan 2027 07:00:00 GMT")], 0),
    Row([("x-weave-backoff", "99999999999999")], 86400), Row([("x-weave-backoff", "1e15")], 86400),
  ]) func appliesToTheNextRun(row: Row) throws {
    let fixture = try SyncFixture()
    fixture.server.decorate = { _, _, response in
      response.headers += row.headers.map { (name: $0.0, value: $0.1) }
    }
    let client = fixture.client()
    _ = try client.collectionTimes()
    // A run that has started may continue.
    _ = try client.collectionTimes()
    fixture.server.clearLog()
    if row.seconds == 0 {
      _ = try fixture.client().collectionTimes()
      return
    }
    #expect(throws: StorageError.backingOff(row.seconds)) { try fixture.client().collectionTimes() }
    fixture.clock.now += Milliseconds(row.seconds) - 1
    #expect(throws: StorageError.backingOff(1)) { try fixture.client().connect() }
    #expect(fixture.server.log.isEmpty)
    fixture.clock.now += 1
    _ = try fixture.client().collectionTimes()
    #expect(fixture.server.log.count == 1)
  }

  @Test func keepsTheLatestEnd() throws {
    let fixture = try SyncFixture()
    let backoff = Backoff(documents: fixture.mirror)
    try backoff.note(100, now: 1000)
    try backoff.note(10, now: 2000)
    try backoff.save()
    #expect(try Backoff(documents: fixture.mirror).remaining(at: 2000) == 99_000)
  }

  @Test func isHeldUntilSaved() throws {
    let fixture = try SyncFixture()
    let backoff = Backoff(documents: fixture.mirror)
    backoff.isHeld = true
    try backoff.note(100, now: 1000)
    try backoff.save()
    #expect(fixture.mirror.contents.documents[.backoff] == nil)
    backoff.isHeld = false
    try backoff.save()
    #expect(try Backoff(documents: fixture.mirror).remaining(at: 1000) == 100_000)
  }

  @Test func endsWhenTheClockGoesBack() throws {
    let fixture = try SyncFixture()
    let backoff = Backoff(documents: fixture.mirror)
    try backoff.note(100, now: 1_000_000)
    try backoff.save()
    #expect(try Backoff(documents: fixture.mirror).remaining(at: 999_999) == 0)
  }

  @Test(arguments: [
    "", "garbage", "[]", #"{"storage":1}"#, #"{"storage":{"set":5,"until":1}}"#,
    #"{"storage":{"set":0,"until":9000000000000000}}"#,
  ]) func ignoresADamagedDocument(text: String) throws {
    let fixture = try SyncFixture()
    fixture.mirror.contents.documents[.backoff] = SecretBytes(utf8: text)
    #expect(try Backoff(documents: fixture.mirror).remaining(at: 10) == 0)
  }

  @Test func keepsMembersOfOtherPrograms() throws {
    let fixture = try SyncFixture()
    fixture.mirror.contents.documents[.backoff] = SecretBytes(utf8: #"{"accounts":{"until": 7}}"#)
    let backoff = Backoff(documents: fixture.mirror)
    try backoff.note(1, now: 1)
    try backoff.save()
    let object = try JSONValue(parsing: #require(fixture.mirror.contents.documents[.backoff])).object
    #expect(object?["accounts"]?.raw == SecretBytes(utf8: #"{"until": 7}"#) && object?["storage"] != nil)
  }
}

@Suite struct ClockTests {
  /// The clock is off by more than a signature tolerates, so the time of the 401 is used.
  @Test(arguments: [-86_400_000, -61_000, 61_000, 3_600_000, 900_000_000_000])
  func correctsAWrongClockWithOneMoreRequest(skew: Milliseconds) throws {
    let fixture = try SyncFixture()
    fixture.server.skew = skew
    #expect(try fixture.client().collectionTimes().value != nil)
    #expect(fixture.credentials.offsets == [skew] && fixture.server.log.count == 2)
    _ = try fixture.client().collectionTimes()
    #expect(fixture.server.log.count == 3)
  }

  @Test func ignoresSmallClockDifferences() throws {
    let fixture = try SyncFixture()
    fixture.server.skew = 4000
    _ = try fixture.client().collectionTimes()
    #expect(fixture.credentials.offsets.isEmpty && fixture.server.log.count == 1)
  }

  /// A success needs no correction, because its timestamp can be that of a record.
  @Test func keepsToleratedClockDifferences() throws {
    let fixture = try SyncFixture()
    fixture.server.skew = -20_000
    _ = try fixture.client().collectionTimes()
    #expect(fixture.credentials.offsets.isEmpty && fixture.server.log.count == 1)
  }

  @Test func usesTheDateOfA401() throws {
    let fixture = try SyncFixture()
    fixture.server.skew = 7_200_000
    fixture.server.intercept = { index, _ in
      index > 0
        ? nil
        : FakeStorage.answer(
          401, "0", [("date", "Fri, 15 Jan 2027 10:00:00 GMT"), ("x-weave-timestamp", "?")])
    }
    #expect(try fixture.client().collectionTimes().value != nil)
    #expect(fixture.credentials.offsets == [7_200_000])
  }
}
