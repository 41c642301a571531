import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The processes of `lockwise-env run --mask` without a terminal.
@Suite struct EnvMaskProcessTests {
  private let home: EnvHome

  init() throws { home = try EnvHome([EnvHome.Login(username: "alice", password: "hunter22")]) }

  private func arguments(_ command: [String]) -> [String] {
    ["run", "--mask", "P=lockwise://example.com", "--"] + command
  }

  private func mask(_ script: String) throws -> Run { try home.env(arguments(["sh", "-c", script])) }

  @Test(arguments: [0, 1, 2, 125, 126, 127, 128, 200, 255]) func endsWithTheStatus(status: Int32) throws {
    #expect(try mask("exit \(status)").ending == .exited(status))
  }

  @Test(arguments: [SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGTERM, SIGSEGV, SIGABRT, SIGUSR1, SIGALRM, SIGPIPE])
  func endsByTheSignal(number: Int32) throws {
    let run = try mask("echo $P; kill -\(number) $$; sleep 9")
    #expect(run.ending == .killed(signal: number) && run.output == "<hidden:P>\n")
  }

  @Test func reportsCommandsThatCannotBeRun() throws {
    let missing = try home.env(arguments(["no-such-program"]))
    #expect(missing.ending == .exited(127) && missing.error.contains("no-such-program"))
    let forbidden = try home.env(arguments(["/etc/passwd"]))
    #expect(forbidden.ending == .exited(126))
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2]) func handsSignalsOn(number: Int32) throws {
    let script = "trap 'echo got; exit 7' \(number); echo ready; while :; do sleep 0.05; done"
    let program = try RunningProgram(
      home.bin + "/lockwise-env", arguments(["sh", "-c", script]), environment: home.environment)
    #expect(Deadline(seconds: 20).await { program.outputSoFar == "ready\n" })
    program.signal(number)
    let run = try program.finish()
    #expect(run.output == "ready\ngot\n" && run.ending == .exited(7))
  }

  @Test func staysInTheGroup() throws {
    let script = #"test "$(ps -o pgid= -p $$)" = "$(ps -o pgid= -p $PPID)" && echo same; ps -o sid= -p $$ >/dev/null"#
    #expect(try mask(script).output == "same\n")
  }

  @Test func restoresTheState() throws {
    let script = "umask; ulimit -c; grep -E '^Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd | wc -l"
    let direct = try home.program("/bin/sh", ["-c", script])
    #expect(try mask(script).output == direct.output)
  }

  @Test func letsTheCommandNoticeAClosedOutput() throws {
    let script =
      "\(home.bin)/lockwise-env run --mask P=lockwise://example.com -- yes | head -n 1; echo ${PIPESTATUS[0]}"
    let run = try home.program("/bin/bash", ["-c", script], timeout: 20)
    #expect(run.output == "y\n141\n" && run.error.isEmpty)
  }

  @Test func keepsTheOrderOfOneFile() throws {
    let script =
      "exec 2>&1; for i in 1 2 3 4 5; do \(home.bin)/lockwise-env run --mask P=lockwise://example.com -- "
      + "sh -c 'echo a; echo b >&2; echo c; echo $P >&2'; done"
    let run = try home.program("/bin/sh", ["-c", script])
    #expect(run.output == String(repeating: "a\nb\nc\n<hidden:P>\n", count: 5))
  }

  @Test func endsBeforeProcessesInTheBackground() throws {
    // The shell's child still has the pipe. What it writes later is hidden, too.
    let file = home.path("later")
    let script =
      "\(home.bin)/lockwise-env run --mask P=lockwise://example.com -- "
      + #"sh -c '(sleep 1; echo later $P; sleep 0.2) & echo now $P' >"# + file
    let start = ContinuousClock.now
    let run = try home.program("/bin/sh", ["-c", script])
    #expect(run.status == 0 && ContinuousClock.now - start < .milliseconds(900))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "now <hidden:P>\n")
    #expect(
      Deadline(seconds: 20).await {
        (try? String(contentsOfFile: file, encoding: .utf8)) == "now <hidden:P>\nlater <hidden:P>\n"
      })
  }

  @Test func reportsAFullDisk() throws {
    try #require(access("/dev/full", W_OK) == 0)
    let script = "\(home.bin)/lockwise-env run --mask P=lockwise://example.com -- sh -c 'echo $P; exit 0' >/dev/full"
    #expect(try home.program("/bin/sh", ["-c", script]).error.contains("No space left"))
  }

  @Test func survivesAnIgnoredChildSignal() throws {
    let script = """
      import os, signal
      signal.signal(signal.SIGCHLD, signal.SIG_IGN)
      os.execv('\(home.bin)/lockwise-env', ['lockwise-env', 'run', '--mask', 'P=lockwise://example.com', '--', 'python3',
        '-c', 'import signal, sys; print(signal.getsignal(signal.SIGCHLD).name); sys.exit(5)'])
      """
    let run = try home.program("/usr/bin/python3", ["-c", script])
    #expect(run.output == "SIG_IGN\n" && run.ending == .exited(5))
  }
}
