import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `lockwise-env run` with a real `lockwise-sync` and servers.
@Suite final class EnvRunPullTests {
  private let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
    try stage.sandbox.clearRequests()
    var times = [timeval(tv_sec: time(nil) - 3600, tv_usec: 0), timeval(tv_sec: time(nil) - 3600, tv_usec: 0)]
    for name in ["pulled", "pull.lock"] { #expect(utimes(stage.scratch.vault + "/" + name, &times) == 0) }
  }

  /// A line of shell that prints the children of the shell.
  private static let children = "read -r list </proc/$$/task/$$/children; echo \"[$list]\""

  private func run(_ arguments: String...) throws -> Run {
    try Run.program(
      Executables.path("lockwise-env"), ["run"] + arguments, environment: stage.scratch.environment)
  }

  /// The command starts before the pull has a response, and ends as if it were alone.
  @Test(.ownThread) func pullsInTheBackground() throws {
    try stage.sandbox.fault("info/collections", ["delayMs": 4000])
    let begin = ContinuousClock.now
    let run = try run(
      "A=lockwise://github.com/mcurie", "sh", "-c",
      "sleep 0.5; \(Self.children); wait; echo \"$A\"; exit 7")
    #expect(run.ending == .exited(7) && run.output == "[]\nghp_webAndGit0123456789\n", "\(run.output)")
    #expect(run.error.isEmpty, "\(run.error)")
    #expect((ContinuousClock.now - begin) / .seconds(1) < 3, "the command had to wait")
    let isPulled = try Deadline(seconds: 20).await { try !stage.sandbox.requests().isEmpty }
    #expect(isPulled, "no background pull")
  }

  /// A login that was saved a moment ago.
  @Test func pullsBeforeTheCommandIfALoginIsMissing() throws {
    try stage.sandbox.put([EnvRunPullTests.added])
    let run = try run("A=lockwise://added.example", "sh", "-c", "\(Self.children); echo \"$A\"")
    #expect(run.expectSuccess().output == "[]\njust saved\n", "\(run.error)")
  }

  private static var added: [String: Any] {
    LoginJSON(
      "added0000000", origin: "https://added.example", realm: nil, form: "https://added.example", username: "new",
      password: "just saved"
    ).object
  }

  /// The first process of a container gets every orphan as a child.
  @Test(.enabled(if: geteuid() == 0, "needs root to make a process the first of its namespace"))
  func startsNoPullAsTheFirstProcess() throws {
    let run = try Run.program(
      Executables.ofSystem("unshare"),
      [
        "--pid", "--fork", "--mount-proc", try Executables.path("lockwise-env"), "run",
        "A=lockwise://github.com/mcurie",
      ]
        + ["sh", "-c", "sleep 0.5; echo $$; \(Self.children)"],
      environment: stage.scratch.environment)
    #expect(run.expectSuccess().output == "1\n[]\n", "\(run.error)")
    #expect(try stage.sandbox.requests().isEmpty)
  }
}
