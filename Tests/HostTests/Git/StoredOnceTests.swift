import Foundation
import Testing

@testable import LockwiseHostSupport

/// A login stays one login under changes of realm, git and browser.
@Suite struct StoredOnceTests {
  private func makeStage(_ git: Git) throws -> GitTestHome {
    let stage = try GitTestHome(git)
    try stage.makeRepository("one.git")
    try stage.server.accept(["marie": "radium"])
    try stage.stage.signInAndPull()
    stage.person = ["Username": "marie", "Password": "radium"]
    try stage.run("ls-remote", stage.server.url + "/one.git").expectSuccess()
    #expect(stage.takeQuestions().count == 2)
    stage.person = [:]
    try stage.awaitStored { $0.count == 1 }
    _ = try stage.server.takeRequests()
    return stage
  }

  private func expectSilent(
    _ stage: GitTestHome, _ git: Git? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try stage.prepare()
    try Run.program(
      (git ?? stage.git).path, ["ls-remote", stage.server.url + "/one.git"],
      environment: (git ?? stage.git).environment(stage.scratch.environment)
    ).expectSuccess(sourceLocation: sourceLocation)
    #expect(stage.takeQuestions() == [], sourceLocation: sourceLocation)
    #expect(try stage.server.takeCredentials() == ["marie:radium"], sourceLocation: sourceLocation)
    #expect(try stage.stage.status()["waiting"] as? Int == 0, sourceLocation: sourceLocation)
    #expect(try stage.storedHere().count == 1, sourceLocation: sourceLocation)
  }

  @Test(arguments: Git.all) func keepsOneLoginForARenamedRealm(git: Git) throws {
    let stage = try makeStage(git)
    try stage.server.setRealm("Another name")
    for _ in 0..<2 { try expectSilent(stage) }
  }

  @Test(arguments: Git.all) func sharesALoginBetweenVersionsOfGit(git: Git) throws {
    let stage = try makeStage(git)
    for other in Git.all { try expectSilent(stage, other) }
  }

  /// The browser changes the login to the password that git uses next, and deletes it between git's `get` and `store`.
  @Test func keepsChangesOfTheBrowserInTheMeantime() throws {
    let stage = try makeStage(.ofSystem)
    let place = "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n"
    let answer = try stage.helper("get", "capability[]=state\n" + place).expectSuccess()
    let thanks =
      "capability[]=state\n" + place
      + answer.output.split(separator: "\n").filter {
        !$0.hasPrefix("capability")
      }.joined(separator: "\n") + "\n"
    let id = try #require(try stage.storedHere().keys.first)
    let changed = try #require(try stage.storedHere()[id]).merging(["id": id, "password": "changed"]) { $1 }
    try stage.sandbox.put([changed])
    try stage.stage.sync("pull").expectSuccess()
    #expect(try stage.helper("get", place).password == "changed")
    // The refused password is no longer the stored one.
    try stage.helper("erase", thanks).expectSuccess()
    #expect(try stage.helper("get", place).password == "changed")

    try stage.sandbox.edit([
      "edits": [["collection": "passwords", "id": id, "cleartext": ["id": id, "deleted": true]]]
    ])
    try stage.stage.sync("pull").expectSuccess()
    #expect(try stage.helper("get", place).expectSuccess().output.isEmpty)
    for verb in ["erase", "store"] {
      let run = try stage.helper(verb, thanks).expectSuccess()
      #expect(run.output.isEmpty && run.error.isEmpty, "\(run.error)")
    }
    // The user deleted the login. git had it from the vault, and does not restore it.
    #expect(try stage.helper("get", place).expectSuccess().output.isEmpty)
    #expect(try stage.stage.status()["waiting"] as? Int == 0)
    #expect(try stage.storedHere().isEmpty)
  }

  @Test func keepsOneRecordForSimultaneousStores() throws {
    let stage = try makeStage(.ofSystem)
    let programs = try (0..<20).map { number in
      try RunningProgram(
        Executables.path("git-credential-lockwise"), ["store"],
        input: .text("protocol=https\nhost=many.example\nusername=u\npassword=p\(number % 4)\n"),
        environment: stage.environment())
    }
    for program in programs {
      let run = try program.finish().expectSuccess()
      #expect(run.error.isEmpty, "\(run.error)")
    }
    try stage.awaitStored(at: "https://many.example") { $0.count == 1 }
    let isSent = try Deadline(seconds: 20).await {
      usleep(50_000)
      return try stage.stage.status()["waiting"] as? Int == 0
    }
    #expect(isSent)
    let stored = try stage.storedHere(at: "https://many.example")
    #expect(stored.count == 1)
    let answer = try stage.helper("get", "protocol=https\nhost=many.example\n")
    #expect(answer.password == stored.values.first?["password"] as? String)
    #expect(["p0", "p1", "p2", "p3"].contains(answer.password))
  }
}
