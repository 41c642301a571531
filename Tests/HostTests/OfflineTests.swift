import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Changes without a server are durable, visible at once, listed, and uploaded later.
@Suite final class OfflineTests {
  private static let github = "protocol=https\nhost=github.com\n"

  let stage: TestHome
  let logins = NewLogins(2)

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
  }

  private func password(_ host: String) throws -> String? {
    try stage.get("protocol=https\nhost=\(host)\n").expectSuccess().password
  }

  /// Changes two logins and deletes one, none of which reaches the server.
  private func changeOffline() throws {
    let github = try #require(ExpectedLogin.all().first { $0.origin == "https://site05.example" })
    let put = try stage.sync("put", "passwords", input: .text(logins.json))
    #expect(put.status == 4 && put.lines == [NewLogins.id(0), NewLogins.id(1)], "\(put.error)")
    let delete = try stage.sync("delete", "passwords", github.guid)
    #expect(delete.status == 4, "\(delete.error)")
    for run in [put, delete] {
      #expect(run.error.contains("notice: the change is kept in the vault and uploaded by the next pull or push"))
      #expect(run.error.contains("error: "))
      run.expectWellFormedErrors(by: "lockwise-sync")
    }
  }

  private func expectWaiting(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try stage.status()["waiting"] as? Int == count, sourceLocation: sourceLocation)
    let text = try stage.sync("status").expectSuccess().output
    #expect(text.contains("to upload:  \(count)\n") == (count > 0), "\(text)", sourceLocation: sourceLocation)
    let doctor = try stage.sync("doctor").output
    #expect(
      doctor.contains(count == 0 ? "not uploaded yet" : "\(count) change\(count == 1 ? "" : "s") not uploaded yet")
        == (count > 0), "\(doctor)",
      sourceLocation: sourceLocation)
  }

  @Test func keepsChangesUntilTheServerReturns() throws {
    try expectWaiting(0)
    try stage.sandbox.faults([["match": ["count": 0], "action": ["dropBefore": true]]])
    try changeOffline()
    #expect(try password(NewLogins.host(0)) == "p0")
    #expect(try password("site05.example") == nil)
    try expectWaiting(3)
    try stage.sync("push").expectRefusal(4)
    try expectWaiting(3)
    // Two changes of a waiting login are one change.
    let again = logins.json.replacing("\"p0\"", with: "\"p0\",\"more\":1")
    #expect(try stage.sync("put", "passwords", input: .text(again)).status == 4)
    try expectWaiting(3)
    try stage.sandbox.clearFaults()
    try stage.sync("push").expectSuccess()
    try expectWaiting(0)
    let stored = try stage.sandbox.storedLogins()
    #expect(stored.count == 46 + 2 - 1 && stored[NewLogins.id(0)]?["more"] as? Int == 1)
    #expect(!stored.values.contains { $0["hostname"] as? String == "https://site05.example" })
  }

  /// No process listens any more.
  @Test func doesNotWaitLongWithoutAServer() throws {
    stage.sandbox.kill()
    let begin = ContinuousClock.now
    try changeOffline()
    try expectWaiting(3)
    for command in [
      ["pull"], ["push"], ["get", "tabs"], ["get", "passwords"], ["put", "things"], ["delete", "things", "x"],
    ] {
      let run = try Run.program(
        Executables.path("lockwise-sync"), command, input: .text("{}"), environment: stage.scratch.environment)
      run.expectRefusal(4, "hint: ")
    }
    #expect(ContinuousClock.now - begin < .seconds(30))
    #expect(try stage.get(Self.github).password == "ghp_webAndGit0123456789")
  }

  /// It ends after the time limit of one request (60 s), not a day later.
  @Test(.ownThread) func doesNotWaitLongForAServerThatNeverResponds() throws {
    // The request in its queue was signed a minute earlier.
    try stage.sandbox.set(["hawk.skew": 600])
    stage.sandbox.pause()
    defer { stage.sandbox.resume() }
    let begin = ContinuousClock.now
    let put = try RunningProgram(
      Executables.path("lockwise-sync"), ["put", "passwords"], input: .text(logins.json),
      environment: stage.scratch.environment)
    // Helpers and commands that only read the vault do not wait for it.
    #expect(try stage.get(Self.github).password == "ghp_webAndGit0123456789")
    try stage.sync("status").expectSuccess()
    #expect(ContinuousClock.now - begin < .seconds(20))
    let run = try put.finish(timeout: 100)
    let time = ContinuousClock.now - begin
    #expect(time > .seconds(55) && time < .seconds(75), "\(time)")
    #expect(run.status == 4 && run.lines.count == 2 && run.error.contains("kept in the vault"), "\(run.error)")
    #expect(try password(NewLogins.host(1)) == "p1")
    stage.sandbox.resume()
    try stage.sync("push").expectSuccess()
    #expect(try logins.stored(in: stage.sandbox) == [0, 1])
  }

  @Test(arguments: [["push"], ["put", "passwords"], ["get", "tabs"], ["put", "things", "x"]])
  func savesChangesWhenInterrupted(command: [String]) throws {
    stage.sandbox.pause()
    defer { stage.sandbox.resume() }
    let program = try RunningProgram(
      Executables.path("lockwise-sync"), command,
      input: .text(oneLogin), environment: stage.scratch.environment)
    usleep(700_000)
    #expect(!program.hasEnded)
    program.signal(SIGINT)
    let begin = ContinuousClock.now
    let run = try program.finish(timeout: 30)
    #expect(ContinuousClock.now - begin < .seconds(3))
    #expect(run.ending == .killed(signal: SIGINT) && run.output.isEmpty, "\(run.ending) \(run.error)")
    // A change that was not reported is not saved, the vault is complete, and no process holds its lock.
    #expect(try stage.status()["waiting"] as? Int == 0)
    stage.sandbox.resume()
    try stage.sync("push").expectSuccess()
  }

  @Test func keepsWaitingChangesAtASignOut() throws {
    stage.mayBeRejected = true
    try stage.sandbox.faults([["match": ["count": 0], "action": ["dropBefore": true]]])
    try changeOffline()
    try stage.sandbox.clearFaults()
    try stage.sandbox.clearRequests()
    try stage.sync("logout").expectRefusal(
      1, "3 changes in the vault are not on the server yet", "hint: upload them: lockwise-sync push", "logout --force")
    #expect(try stage.sandbox.requests().isEmpty)
    #expect(try password(NewLogins.host(0)) == "p0")
    try stage.sync("logout", "--force").expectSuccess()
    #expect(!stage.scratch.hasVault)
    #expect(try logins.stored(in: stage.sandbox) == [])
  }

  @Test(arguments: [
    ["pull"], ["push"], ["put", "passwords"], ["delete", "passwords", "x"], ["put", "things", "x"], ["status"],
  ])
  func reportsAMissingVault(command: [String]) throws {
    try stage.sandbox.clearRequests()
    var environment = stage.scratch.environment
    environment["LOCKWISE_HOME"] = stage.scratch.root + "/none"
    try Run.program(Executables.path("lockwise-sync"), command, input: .text(oneLogin), environment: environment)
      .expectRefusal(2, "no vault", "hint: ")
    #expect(try stage.sandbox.requests().isEmpty)
    #expect(access(stage.scratch.root + "/none", F_OK) != 0)
  }

  @Test(arguments: [["pull"], ["push"], ["put", "passwords"], ["delete", "passwords", "x"]])
  func reportsALockedVault(command: [String]) throws {
    try FileManager.default.removeItem(atPath: stage.scratch.keyFile)
    try stage.sync("lock").expectSuccess()
    try stage.sandbox.clearRequests()
    try Run.program(
      Executables.path("lockwise-sync"), command, input: .text(oneLogin), environment: stage.scratch.environment
    ).expectRefusal(3)
    #expect(try stage.sandbox.requests().isEmpty)
  }

  private var oneLogin: String { LoginJSON(username: nil).text }
}
