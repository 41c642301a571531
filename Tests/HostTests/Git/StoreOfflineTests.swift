import Foundation
import Testing

@testable import LockwiseHostSupport

/// `store` never waits for a server, and the password is uploaded when it is reachable.
@Suite struct StoreOfflineTests {
  private let stage: TestHome
  private static let new = "protocol=https\nhost=git.example.com\nusername=u\npassword=p\n"
  private static let host = "https://git.example.com"

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
  }

  /// Stores as git does.
  ///
  /// - Returns: the time that git would wait for the helper.
  private func store(_ request: String = Self.new) throws -> Duration {
    let begin = ContinuousClock.now
    let run = try Run.program(
      Executables.path("git-credential-lockwise"), ["store"], input: .text(request),
      environment: stage.scratch.environment)
    let time = ContinuousClock.now - begin
    run.expectSuccess()
    #expect(run.output.isEmpty && run.error.isEmpty, "\(run.error)")
    return time
  }

  private func stored() throws -> [String] {
    try stage.sandbox.storedLogins().values.filter { $0["hostname"] as? String == Self.host }
      .compactMap { $0["password"] as? String }
  }

  private func expectPushed(_ passwords: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let isThere = try Deadline(seconds: 20).await {
      usleep(20_000)
      return try stored() == passwords
    }
    #expect(isThere, sourceLocation: sourceLocation)
    let isSent = try Deadline(seconds: 20).await { try stage.status()["waiting"] as? Int == 0 }
    #expect(isSent, sourceLocation: sourceLocation)
  }

  @Test func keepsAChangeUntilTheServerReturns() throws {
    try stage.sandbox.faults([["match": ["count": 0], "action": ["dropBefore": true]]])
    #expect(try store() < .seconds(2))
    #expect(try stage.get(Self.new.replacing("password=p\n", with: "")).password == "p")
    #expect(try stage.status()["waiting"] as? Int == 1)
    #expect(try stage.sync("status").output.contains("to upload:  1\n"))
    #expect(try stored() == [])
    // The background push fails, and the change stays.
    usleep(500_000)
    #expect(try stage.status()["waiting"] as? Int == 1)
    try stage.sandbox.clearFaults()
    try stage.sync("push").expectSuccess()
    try expectPushed(["p"])
  }

  @Test func doesNotWaitForASlowServer() throws {
    try stage.sandbox.fault("storage", count: 0, ["delayMs": 3000])
    let time = try store()
    #expect(time < .seconds(2), "\(time)")
    #expect(try stage.get(Self.new.replacing("password=p\n", with: "")).password == "p")
    #expect(try stored() == [])
    try stage.sandbox.clearFaults()
    try expectPushed(["p"])
  }

  /// git does not wait for a server that never responds, nor for the push, which has none of git's descriptors.
  @Test func doesNotMakeGitWaitForAHangingPush() throws {
    stage.sandbox.pause()
    defer { stage.sandbox.resume() }
    try stage.scratch.write("[credential]\n\thelper = lockwise\n", to: stage.scratch.root + "/gitconfig")
    let begin = ContinuousClock.now
    let script = "printf '\(Self.new.replacing("\n", with: "\\n"))\\n' | git credential approve 2>&1 | cat"
    let run = try Run.program("/bin/sh", ["-c", script], environment: stage.scratch.environment).expectSuccess()
    #expect(run.output.isEmpty, "\(run.output)")
    #expect(ContinuousClock.now - begin < .seconds(3))
    #expect(try stage.get(Self.new.replacing("password=p\n", with: "")).password == "p")
    stage.sandbox.resume()
    try expectPushed(["p"])
  }

  /// Two changes before the upload are one record with the last password.
  @Test func uploadsChangesBeforeThePushAsOneRecord() throws {
    try stage.sandbox.faults([["match": ["count": 0], "action": ["dropBefore": true]]])
    _ = try store()
    _ = try store(Self.new.replacing("password=p", with: "password=q"))
    #expect(try stage.status()["waiting"] as? Int == 1)
    try stage.sandbox.clearFaults()
    try stage.sync("push").expectSuccess()
    try expectPushed(["q"])
  }

  /// A pull that waits for its server does not make git wait, nor does it undo a store in the meantime.
  @Test func storesDuringAPull() throws {
    try stage.sandbox.fault("storage/passwords", ["delayMs": 1500])
    let pull = try RunningProgram(
      Executables.path("lockwise-sync"), ["pull"], environment: stage.scratch.environment)
    usleep(500_000)
    #expect(try store() < .seconds(1))
    try pull.finish().expectSuccess()
    #expect(try stage.get(Self.new.replacing("password=p\n", with: "")).password == "p")
    try expectPushed(["p"])
  }

  @Test func losesNothingInFiftyStoresAndGetsAtOnce() throws {
    let helper = try Executables.path("git-credential-lockwise")
    let stores = try (0..<50).map { number in
      try RunningProgram(
        helper, ["store"], input: .text("protocol=https\nhost=h\(number).example\nusername=u\npassword=p\(number)\n"),
        environment: stage.scratch.environment)
    }
    let gets = try (0..<50).map { _ in
      try RunningProgram(
        helper, ["get"], input: .text("protocol=https\nhost=github.com\n"), environment: stage.scratch.environment)
    }
    for get in gets {
      let run = try get.finish()
      #expect(run.password == "ghp_webAndGit0123456789" && run.error.isEmpty, "\(run.ending) \(run.error)")
    }
    for program in stores {
      let run = try program.finish().expectSuccess()
      #expect(run.output.isEmpty && run.error.isEmpty, "\(run.error)")
    }
    for number in 0..<50 {
      #expect(try stage.get("protocol=https\nhost=h\(number).example\n").password == "p\(number)")
    }
    let isSent = try Deadline(seconds: 30).await {
      usleep(100_000)
      return try stage.status()["waiting"] as? Int == 0
    }
    #expect(isSent)
    let logins = try stage.sandbox.storedLogins()
    #expect(logins.count == 46 + 50)
    for number in 0..<50 {
      let found = logins.values.filter { $0["hostname"] as? String == "https://h\(number).example" }
      #expect(found.count == 1 && found.first?["password"] as? String == "p\(number)")
    }
  }
}
