import LockwiseAccounts
import LockwiseCore
import LockwiseSync
import Testing

/// Whatever happens at whichever moment: the vault is as it was or as it should be.
@Suite struct InterruptionTests {
  enum Blow: String, CaseIterable, Sendable {
    case noAnswer, broken, busy, serverTrouble, garbage, html, unauthorized, stop, notFound, gone,
      precondition
  }

  /// A vault with a copy, and a server with every kind of news for it.
  private func world() throws -> World {
    let world = try World()
    world.server.pageLimit = 2
    try world.putLogins(0..<4)
    world.server.put("bad", in: "passwords", "x")
    _ = try world.pull()
    world.clock.now += 100_000_000
    try world.putLogin("login-0", password: "changed")
    try world.putTombstone("login-1")
    try world.putLogin("new-1")
    world.server.put("login-2", in: "passwords", "x")
    try world.putLogin("bad")
    try world.putLogin("new-2")
    world.putMeta(declined: #"["tabs"]"#)
    try world.putKeys()
    world.server.clearLog()
    return world
  }

  @Test(arguments: Blow.allCases) func atEveryRequest(blow: Blow) throws {
    let reference = try world()
    _ = try reference.pull()
    let expected = reference.copy()
    let requests = reference.server.log.count
    #expect(requests == 7 && expected.logins.count == 6)
    for moment in 0..<requests + 1 {
      let world = try world()
      let before = world.copy()
      let state = try world.state()
      var stops = false
      world.server.intercept = { index, _ in
        guard index >= moment else { return nil }
        switch blow {
        case .noAnswer: throw HTTPError.unreachable(host: "h", reason: "r")
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
        let result = try world.pull { pull in pull.shouldStop = { stops } }
        #expect(world.copy() == expected, "\(blow) at \(moment)")
        #expect(result.totalLogins == 6)
      } catch {
        #expect(error is any ExplainedError)
        #expect(world.copy() == before, "\(blow) at \(moment)")
        #expect(try world.state().lastSuccess == state.lastSuccess)
        #expect(try world.state().passwordsTime == state.passwordsTime)
      }
      #expect(world.mirror.openUpdates == 0 && world.mirror.writesDuringUpdate == 0)
      #expect(world.server.log.count < 40 && world.server.log.allSatisfy { $0.method == "GET" })
      world.server.intercept = nil
      world.clock.now += 60_000
      stops = false
      _ = try world.pull()
      #expect(world.copy() == expected, "\(blow) at \(moment), repaired")
    }
  }

  @Test func atEveryWrite() throws {
    let reference = try world()
    _ = try reference.pull()
    var failed = 0
    for write in 1..<20 {
      let world = try world()
      let before = world.copy()
      world.mirror.failingWrite = write
      do {
        _ = try world.pull()
        #expect(world.copy() == reference.copy())
      } catch {
        failed += 1
        #expect(error is MemoryMirror.Failure && world.copy() == before && world.mirror.openUpdates == 0)
      }
    }
    // Six records, what is kept of the deleted one and forgotten of earlier ones, the state and the commit.
    #expect(failed == 10)
  }

  @Test func stoppingIsAskedForOften() throws {
    let reference = try world()
    var asked = 0
    _ = try reference.pull { pull in
      pull.shouldStop = {
        asked += 1
        return false
      }
    }
    #expect(asked >= 8)
    for moment in 1...asked {
      let world = try world()
      let before = world.copy()
      var count = 0
      #expect(throws: PullError.interrupted) {
        try world.pull { pull in
          pull.shouldStop = {
            count += 1
            return count == moment
          }
        }
      }
      #expect(world.copy() == before)
    }
  }

  /// A transport that is told to stop ends its request without an answer.
  @Test func aRequestThatIsStopped() throws {
    let world = try world()
    var stops = false
    world.server.intercept = { index, _ in
      guard index == 3 else { return nil }
      stops = true
      throw HTTPError.broken(host: "h", reason: "aborted by callback")
    }
    #expect(throws: PullError.interrupted) { try world.pull { pull in pull.shouldStop = { stops } } }
  }
}
