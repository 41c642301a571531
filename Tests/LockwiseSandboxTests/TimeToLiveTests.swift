import Testing

@testable import LockwiseSandbox

/// The expiry of records to the microsecond, with a clock that the test controls.
@Suite struct TimeToLiveTests {
  private static let start: Int64 = 1_800_000_000_123_456

  @Test func keepsARecordUntilItsTTLEnds() {
    let user = UserStorage(uid: 1)
    var clock = SandboxClock()
    clock.machine = { Self.start }
    // Nine writes within one hundredth of a second get times up to 80 ms ahead.
    for number in 0..<9 { user.write([RecordChange(id: "r\(number)", payload: "p", ttl: 2)], to: "c", clock) }
    #expect(user.modified(of: "c").hundredths == Self.start / 10_000 + 8)
    user.purgeExpired(at: Self.start + 1_999_999)
    #expect(user.collections["c"]?.records.count == 9)
    user.purgeExpired(at: Self.start + 2_000_000)
    #expect(user.collections["c"]?.records.isEmpty == true)
  }

  @Test func expiresATTLOfZeroAtOnce() {
    let user = UserStorage(uid: 1)
    var clock = SandboxClock()
    clock.machine = { Self.start }
    user.write([RecordChange(id: "r", payload: "p", ttl: 0)], to: "c", clock)
    user.purgeExpired(at: Self.start)
    #expect(user.collections["c"]?.records.isEmpty == true)
  }

  @Test func savesTheTimeOfExpiry() throws {
    let user = UserStorage(uid: 1)
    var clock = SandboxClock()
    clock.machine = { Self.start }
    user.write([RecordChange(id: "r", payload: "p", ttl: 7)], to: "c", clock)
    var writer = JSONWriter(capacity: 100)
    user.write(to: &writer)
    let loaded = try UserStorage(uid: 1, json: JSON(parsing: writer.bytes))
    #expect(loaded.collections["c"]?.records["r"]?.expires == Self.start + 7_000_000)
  }
}
