import Foundation
import Testing

@testable import LockwiseHostSupport

/// A command cannot tell that `lockwise-env run` started it.
@Suite final class EnvRunStateTests {
  private let home: EnvHome
  private let probe: ProcessProbe

  init() throws {
    home = try EnvHome([EnvHome.Login(origin: "https://a.example", username: "alice", password: "radium 226")])
    probe = try ProcessProbe(in: home.scratch.root)
  }

  /// Returns the report of a process that was started in a state, directly or through a prefix such as `run`.
  private func report(_ state: String, through prefix: [String], with variables: [String: String]) throws -> [String] {
    let path = home.scratch.root + "/report"
    unlink(path)
    let command = [probe.path, "report", path, "x", "", "two words\n", "--", "-f", "A=1", "$HOME"]
    let run = try Run.program(
      probe.path, ["start", state] + prefix + command, environment: home.environment.merging(variables) { $1 })
    #expect(run.ending == .exited(0), "\(run.error)")
    #expect(run.outputBytes.isEmpty)
    #expect(state == "variables" || run.errorBytes.isEmpty, "\(run.error)")
    return try ProcessProbe.report(path)
  }

  private func expectSame(_ state: String, through prefix: [String], with variables: [String: String] = [:]) throws {
    let direct = try report(state, through: [], with: variables)
    let through = try report(state, through: [home.executable] + prefix, with: variables)
    #expect(direct.count > 100)
    let (gone, new) = (direct.filter { !through.contains($0) }, through.filter { !direct.contains($0) })
    #expect(gone == [] && new == [], "\(state): \(prefix)")
    #expect(direct == through, "the order differs")
  }

  @Test(arguments: ProcessProbe.states) func changesNothingWithoutSecrets(state: String) throws {
    try expectSame(state, through: ["run"])
    try expectSame(state, through: ["run", "--"])
  }

  /// The state is the same after the vault was opened, by a key file.
  @Test(arguments: ProcessProbe.states) func changesNothingButTheVariable(state: String) throws {
    // The vault's home must be known.
    guard state != "without-variables" else { return }
    let direct = try report(state, through: [], with: [:])
    let through = try report(state, through: [home.executable, "run", "PASS=lockwise://a.example/alice"], with: [:])
    #expect(through.filter { !direct.contains($0) } == ["variable: PASS=radium\\x20226"], "\(state)")
    #expect(direct.filter { !through.contains($0) } == [], "\(state)")
  }

  @Test(arguments: ProcessProbe.states) func startsAPullThatTheCommandCannotSee(state: String) throws {
    guard state != "without-variables" else { return }
    let syncLog = home.path("sync-log")
    // The pull is still running when the command looks.
    try home.scratch.write(
      "#!/bin/sh\necho \"$*\" >>\(syncLog)\nls -l /proc/self/fd >\(syncLog).fds\nsleep 1\n",
      to: home.bin + "/lockwise-sync")
    let due = ["LOCKWISE_PULL_INTERVAL": "1"]
    let direct = try report(state, through: [], with: due)
    let begin = ContinuousClock.now
    let through = try report(state, through: [home.executable, "run", "PASS=lockwise://a.example/alice"], with: due)
    #expect((ContinuousClock.now - begin) / .seconds(1) < 0.9, "the command had to wait")
    #expect(through.filter { !direct.contains($0) } == ["variable: PASS=radium\\x20226"], "\(state)")
    #expect(direct.filter { !through.contains($0) } == [], "\(state)")
    #expect(Deadline(seconds: 10).await { access(syncLog + ".fds", R_OK) == 0 }, "no pull was started")
    #expect(try String(contentsOfFile: syncLog, encoding: .utf8) == "pull --quiet --background\n")
    // The pull holds nothing that the command was given: the standard streams, and what ls and the shell have open.
    let held = try String(contentsOfFile: syncLog + ".fds", encoding: .utf8).split(separator: "\n")
      .compactMap { $0.split(separator: ">").last.map { $0.trimmingCharacters(in: .whitespaces) } }
    let strange = held.filter {
      $0 != "/dev/null" && !$0.hasPrefix("/proc/") && !$0.hasSuffix(".fds") && !$0.hasPrefix("total")
        && !$0.hasSuffix("lockwise-sync")
    }
    #expect(strange == [], "\(held)")
  }

  /// The check can fail: each of these changes is seen.
  @Test(arguments: ["umask 0123", "ulimit -c 1", "trap '' PIPE", "cd /", "export X=1", "exec 9</dev/null", "sleep 1 &"])
  func noticesAChange(change: String) throws {
    let direct = try report("usual", through: [], with: [:])
    let changed = try report("usual", through: ["/bin/sh", "-c", change + "\nexec \"$@\"", "sh"], with: [:])
    #expect(direct != changed)
  }
}
