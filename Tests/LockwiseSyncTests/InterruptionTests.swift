import LockwiseAccounts
import LockwiseCore
import LockwiseSync
import Testing

/// Interruptions at any moment leave the vault either as it was or completely updated.
@Suite struct InterruptionTests {
  enum Failure: String, CaseIterable, Sendable {
    case noResponse, broken, busy, serverTrouble, garbage, html, unauthorized, stop, notFound, gone,
      precondition
  }

  /// A vault with logins, and a server with every kind of change for it.
  private func fixture() throws -> SyncFixture {
    let fixture = try SyncFixture()
    fixture.server.pageLimit = 2
    try fixture.putLogins(0..<4)
    fixture.server.put("bad", in: "passwords", "x")
    _ = try fixture.pull()
    fixture.clock.now += 100_000_000
    try fixture.putLogin("login-0", password: "changed")
    try fixture.putTombstone("login-1")
    try fixture.putLogin("new-1")
    fixture.server.put("login-2", in: "passwords", "x")
    try fixture.putLogin("bad")
    try fixture.putLogin("new-2")
    fixture.putMeta(declined: #"["tabs"]"#)
    try fixture.putKeys()
    fixture.server.clearLog()
    return fixture
  }

  @Test(arguments: Failure.allCases) func survivesAFailureOfAnyRequest(failure: Failure) throws {
    let reference = try fixture()
    _ = try reference.pull()
    let expected = reference.copy()
    let requests = reference.server.log.count
    #expect(requests == 7 && expected.logins.count == 6)
    for moment in 0..<requests + 1 {
      let fixture = try fixture()
      let before = fixture.copy()
      let state = try fixture.state()
      var stops = false
      fixture.server.intercept = { index, _ in
        guard index >= moment else { return nil }
        switch failure {
        case .noResponse: throw HTTPError.unreachable(host: "h", reason: "r")
        case .broken: throw HTTPError.broken(host: "h", reason: "r")
        case .busy: return FakeStorage.answer(503, "0", [("retry-after", "10")])
        case .serverTrouble: return FakeStorage.answer(500, "0")
        case .garbage: return FakeStorage.answer(200, "{\"a\":", [("x-last-modified", "1.00")])
        case .html: return FakeStorage.answer(200, "<html>")
        case .unauthorized: return FakeStorage.answer(401, "0")
        case .notFound: return FakeStorage.answer(404, "0")
        case .gone: return FakeStorage.answer(513)
        case .precondition: return FakeStorage.answer(412, "0", [("x-last-modified", "1.00")])
        case .stop:
          stops = true
          return nil
        }
      }
      do {
        let result = try fixture.pull { pull in pull.shouldStop = { stops } }
        #expect(fixture.copy() == expected, "\(failure) at \(moment)")
        #expect(result.totalLogins == 6)
      } catch {
        #expect(error is any UserFacingErrorConvertible)
        #expect(fixture.copy() == before, "\(failure) at \(moment)")
        #expect(try fixture.state().lastSuccess == state.lastSuccess)
        #expect(try fixture.state().passwordsTime == state.passwordsTime)
      }
      #expect(fixture.mirror.openUpdates == 0 && fixture.mirror.writesDuringUpdate == 0)
      #expect(fixture.server.log.count < 40 && fixture.server.log.allSatisfy { $0.method == "GET" })
      fixture.server.intercept = nil
      fixture.clock.now += 60_000
      stops = false
      _ = try fixture.pull()
      #expect(fixture.copy() == expected, "\(failure) at \(moment), repaired")
    }
  }

  @Test func survivesAFailureOfAnyWrite() throws {
    let reference = try fixture()
    _ = try reference.pull()
    var failed = 0
    for write in 1..<20 {
      let fixture = try fixture()
      let before = fixture.copy()
      fixture.mirror.failingWrite = write
      do {
        _ = try fixture.pull()
        #expect(fixture.copy() == reference.copy())
      } catch {
        failed += 1
        #expect(error is MemoryMirror.Failure && fixture.copy() == before && fixture.mirror.openUpdates == 0)
      }
    }
    // Six records, the deleted login that is kept, the earlier ones that are forgotten, the state and the commit.
    #expect(failed == 10)
  }

  @Test func checksOftenWhetherToStop() throws {
    let reference = try fixture()
    var asked = 0
    _ = try reference.pull { pull in
      pull.shouldStop = {
        asked += 1
        return false
      }
    }
    #expect(asked >= 8)
    for moment in 1...asked {
      let fixture = try fixture()
      let before = fixture.copy()
      var count = 0
      #expect(throws: PullError.interrupted) {
        try fixture.pull { pull in
          pull.shouldStop = {
            count += 1
            return count == moment
          }
        }
      }
      #expect(fixture.copy() == before)
    }
  }

  /// A transport that should stop ends its request without a response.
  @Test func stopsDuringARequest() throws {
    let fixture = try fixture()
    var stops = false
    fixture.server.intercept = { index, _ in
      guard index == 3 else { return nil }
      stops = true
      throw HTTPError.broken(host: "h", reason: "aborted by callback")
    }
    #expect(throws: PullError.interrupted) { try fixture.pull { pull in pull.shouldStop = { stops } } }
  }
}
