import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Background pulls, which keep the vault fresh without making git wait.
@Suite final class StalenessTests {
  private static let hit = "protocol=https\nhost=github.com\n"
  private static let miss = "protocol=https\nhost=added.example\n"

  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
    try stage.sandbox.clearRequests()
  }

  /// Makes the vault and the last attempt an hour old.
  private func makeOld() {
    var times = [timeval(tv_sec: time(nil) - 3600, tv_usec: 0), timeval(tv_sec: time(nil) - 3600, tv_usec: 0)]
    for name in ["pulled", "pull.lock"] { #expect(utimes(stage.scratch.vault + "/" + name, &times) == 0) }
  }

  private func addLogin() throws {
    let origin = "https://added.example"
    let login = LoginJSON(
      "added0000000", origin: origin, realm: nil, form: origin, username: "new", password: "just saved")
    try stage.sandbox.put([login.object])
  }

  private func timed(_ request: String, with variables: [String: String] = [:]) throws -> (run: Run, seconds: Double) {
    let begin = ContinuousClock.now
    let run = try stage.get(request, with: variables)
    return (run, (ContinuousClock.now - begin) / .seconds(1))
  }

  private func awaitPull(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let isThere = try Deadline(seconds: 20).await { try !stage.sandbox.requests().isEmpty }
    #expect(isThere, "no background pull", sourceLocation: sourceLocation)
  }

  @Test(.ownThread) func answersAHitAtOnceAndPullsInTheBackground() throws {
    try addLogin()
    try stage.sandbox.fault("info/collections", ["delayMs": 6000])
    makeOld()
    let (run, seconds) = try timed(Self.hit)
    #expect(run.password == "ghp_webAndGit0123456789" && run.error.isEmpty, "\(run.error)")
    #expect(seconds < 4, "git had to wait \(seconds) s")
    #expect(try stage.sandbox.requests().isEmpty, "the answer came after the pull")
    let isPulled = try Deadline(seconds: 30).await { try stage.status()["logins"] as? Int == 47 }
    #expect(isPulled, "no background pull")
  }

  @Test(.ownThread) func doesNotMakeGitWaitForTheBackgroundPull() throws {
    try stage.scratch.write("[credential]\n\thelper = lockwise\n", to: stage.scratch.root + "/gitconfig")
    try stage.sandbox.fault("info/collections", ["delayMs": 8000])
    makeOld()
    let begin = ContinuousClock.now
    let run = try Run.program(
      Executables.ofSystem("git"), ["credential", "fill"], input: .text("url=https://github.com/x\n\n"),
      environment: stage.scratch.environment
    ).expectSuccess()
    #expect(run.password == "ghp_webAndGit0123456789")
    #expect((ContinuousClock.now - begin) / .seconds(1) < 6)
    try awaitPull()
  }

  @Test func answersAMissAfterAPull() throws {
    try addLogin()
    #expect(try stage.get(Self.miss).output.isEmpty, "a fresh vault is not updated")
    #expect(try stage.sandbox.requests().isEmpty)
    makeOld()
    let run = try stage.get(Self.miss).expectSuccess()
    #expect(run.username == "new" && run.password == "just saved", "\(run.error)")
    #expect(run.error.isEmpty)
  }

  @Test(.ownThread) func doesNotWaitLongForASlowServer() throws {
    try addLogin()
    try stage.sandbox.fault("info/collections", count: 0, ["delayMs": 60_000])
    makeOld()
    let (run, seconds) = try timed(Self.miss, with: ["LOCKWISE_PULL_TIMEOUT": "1"])
    #expect(run.ending == .exited(0))
    #expect(run.outputBytes.isEmpty)
    #expect(seconds >= 1 && seconds < 6, "\(seconds) s")
    // The attempt is recorded, so the next miss does not wait again.
    let (second, next) = try timed(Self.miss, with: ["LOCKWISE_PULL_TIMEOUT": "8"])
    #expect(second.outputBytes.isEmpty && second.ending == .exited(0))
    #expect(next < 6, "\(next) s")
  }

  @Test func triesAServerThatIsDownOnce() throws {
    makeOld()
    stage.sandbox.kill()
    let run = try stage.get(Self.miss)
    #expect(run.ending == .exited(0) && run.outputBytes.isEmpty)
    run.expectWellFormedErrors(by: "git-credential-lockwise")
    var info = stat()
    #expect(stat(stage.scratch.vault + "/pull.lock", &info) == 0)
    #expect(time(nil) - info.st_mtim.tv_sec < 60, "the attempt is not recorded")
    #expect(try stage.get(Self.hit).password == "ghp_webAndGit0123456789")
  }

  /// Waits until the pull that a helper started has failed, so that it does not record its attempt later.
  private func awaitFailedPull(sourceLocation: SourceLocation = #_sourceLocation) {
    let path = stage.scratch.vault + "/pull.lock"
    let hasFailed = Deadline(seconds: 20).await {
      var info = stat()
      guard stat(path, &info) == 0, time(nil) - info.st_mtim.tv_sec < 600 else { return false }
      let descriptor = open(path, O_RDWR | O_CLOEXEC)
      defer { close(descriptor) }
      return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }
    #expect(hasFailed, "no background pull", sourceLocation: sourceLocation)
  }

  @Test func reportsPullsThatHaveFailedForDays() throws {
    let mark = stage.scratch.vault + "/pull-pending"
    #expect(!FileManager.default.fileExists(atPath: mark), "a pull that succeeded leaves no mark")
    stage.sandbox.kill()
    #expect(try stage.sync("pull").ending != .exited(0))
    var times = [
      timeval(tv_sec: time(nil) - 4 * 86_400, tv_usec: 0), timeval(tv_sec: time(nil) - 4 * 86_400, tv_usec: 0),
    ]
    #expect(utimes(mark, &times) == 0, "a pull that failed leaves a mark")
    #expect(try stage.sync("pull").ending != .exited(0))
    var info = stat()
    #expect(stat(mark, &info) == 0 && info.st_mtim.tv_sec == times[1].tv_sec, "the first failure counts")

    makeOld()
    #expect(try stage.get(Self.hit).expectSuccess().error.isEmpty, "nobody reads it in a pipe")
    awaitFailedPull()
    let requestFile = stage.scratch.root + "/request"
    try stage.scratch.write(Self.hit + "\n", to: requestFile)
    func atTerminal() throws -> String {
      makeOld()
      let terminal = try PseudoTerminal(
        "/bin/sh", ["-c", "\(Executables.path("git-credential-lockwise")) get < \(requestFile)"],
        environment: stage.scratch.environment)
      defer { awaitFailedPull() }
      return try terminal.finish().shown
    }
    let first = try atTerminal()
    #expect(first.contains("git-credential-lockwise: notice: no pull has succeeded since "), "\(first)")
    #expect(first.contains("password=ghp_webAndGit0123456789"), "\(first)")
    let second = try atTerminal()
    #expect(!second.contains("notice") && second.contains("password="), "\(second)")
  }

  @Test(arguments: [hit, miss])
  func answersFromAFreshVaultAlone(request: String) throws {
    #expect(try stage.get(request).expectSuccess().error.isEmpty)
    makeOld()
    #expect(try stage.get(request, with: ["LOCKWISE_PULL_INTERVAL": "0"]).expectSuccess().error.isEmpty)
    #expect(try stage.get(request, with: ["LOCKWISE_PULL_INTERVAL": "7200"]).expectSuccess().error.isEmpty)
    // A started program would have taken the lock, which changes its time.
    var info = stat()
    #expect(stat(stage.scratch.vault + "/pull.lock", &info) == 0)
    #expect(time(nil) - info.st_mtim.tv_sec > 3000, "a pull was started")
    #expect(try stage.sandbox.requests().isEmpty)
  }

  @Test func answersWithoutTheSyncProgram() throws {
    let copy = try stage.scratch.copy(of: "git-credential-lockwise")
    makeOld()
    for (request, password) in [(Self.hit, "ghp_webAndGit0123456789"), (Self.miss, nil)] {
      let run = try Run.program(
        copy, ["get"], input: .text(request),
        environment: stage.scratch.environment.merging(["PATH": "/usr/bin"]) { $1 })
      #expect(run.password == password)
      #expect(run.ending == .exited(0))
    }
  }

  @Test func startsNothingForAFreshHit() throws {
    let trace = stage.scratch.root + "/trace"
    let run = try Run.program(
      Executables.ofSystem("strace"),
      ["-f", "-qq", "-e", "trace=network,process", "-o", trace, Executables.path("git-credential-lockwise"), "get"],
      input: .text(Self.hit), environment: stage.scratch.environment)
    #expect(run.password == "ghp_webAndGit0123456789", "\(run.error)")
    let calls = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
    #expect(calls.contains { $0.contains("execve(") })
    for call in calls {
      let isKnown = ["execve(", "arch_prctl(", "exit_group(", "+++ exited"].contains { call.contains($0) }
      #expect(isKnown, "\(call)")
    }
    #expect(calls.filter { $0.contains("execve(") }.count == 1)
  }
}
