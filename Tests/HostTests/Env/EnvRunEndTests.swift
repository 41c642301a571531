import Foundation
import Testing

@testable import LockwiseHostSupport

/// The end of a command is the end of `lockwise-env run`, and failures of `run` have statuses of their own.
@Suite final class EnvRunEndTests {
  private let home: EnvHome

  init() throws {
    home = try EnvHome([EnvHome.Login(origin: "https://a.example", username: "alice", password: "radium 226")])
  }

  private static let given = ["run", "PASS=lockwise://a.example/alice"]

  @Test func endsWithEveryStatus() throws {
    for status: Int32 in 0...255 {
      #expect(try home.env(Self.given + ["sh", "-c", "exit \(status)"]).ending == .exited(status))
    }
  }

  @Test(arguments: [SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGTERM, SIGPIPE, SIGSEGV, SIGABRT, SIGUSR1, SIGXFSZ])
  func endsByTheSameSignal(number: Int32) throws {
    let itself = try home.env(Self.given + ["sh", "-c", "ulimit -c 0; kill -\(number) $$"])
    #expect(itself.ending == .killed(signal: number))
    // The signal goes to the process that was started.
    let program = try RunningProgram(
      home.executable, Self.given + ["sh", "-c", "ulimit -c 0; echo $$; exec sleep 60"], environment: home.environment)
    #expect(Deadline(seconds: 10).await { program.outputSoFar == "\(program.pid)\n" })
    // The shell becomes sleep(1).
    #expect(
      Deadline(seconds: 10).await {
        (try? String(contentsOfFile: "/proc/\(program.pid)/comm", encoding: .utf8)) == "sleep\n"
      })
    program.signal(number)
    #expect(try program.finish(timeout: 10).ending == .killed(signal: number))
  }

  @Test(
    arguments: [
      (["run"], 125), (["run", "A=lockwise://a.example/alice"], 125), (["run", "--unknown", "true"], 125),
      (["run", "A=lockwise://nobody.example", "touch", "started"], 125), (["run", "A;b=1", "touch", "started"], 125),
      (["run", "-f", "/does/not/exist", "touch", "started"], 125), (["run", "--file", "X", "touch", "started"], 125),
      (["run", "--file", "X=nobody.example", "touch", "started"], 125),
      (["run", "--stdin", "nobody.example", "touch", "started"], 125),
      (["run", "--stdin", "a.example", "--stdin", "a.example", "touch", "started"], 125),
      (["run", "/does/not/exist"], 127), (["run", "no-such-program"], 127), (["run", "--", ""], 127),
      (["run", "/etc/passwd"], 126), (["run", "/"], 126), (["run", "/etc/passwd/x"], 126),
    ] as [([String], Int32)])
  func failsWithStatusesOfItsOwn(arguments: [String], status: Int32) throws {
    let run = try Run.program(
      Executables.ofSystem("env"), ["-C", home.scratch.root, home.executable] + arguments, environment: home.environment
    )
    run.expectRefusal(status, by: "lockwise-env")
    #expect(access(home.scratch.root + "/started", F_OK) != 0)
  }

  /// env(1) decides in the same way.
  @Test(arguments: [
    ["/does/not/exist"], ["no-such-program"], ["/etc/passwd"], ["/"], ["/etc/passwd/x"], ["--", ""], ["plain"],
    ["denied"],
    ["./plain"], ["sub/plain"], ["missing-interpreter"], ["PATH=sub", "only-in-sub"], ["PATH=", "plain"],
    ["PATH=/nowhere::", "plain"], ["PATH=/usr/bin:", "plain"], ["PATH=other:sub", "both"], ["PATH=sub", "sh"],
    [String(repeating: "x", count: 300)], ["PATH=/etc/passwd:/usr/bin", "true"],
  ])
  func searchesAsEnvDoes(arguments: [String]) throws {
    for name in ["sub", "other"] {
      try FileManager.default.createDirectory(atPath: home.scratch.root + "/" + name, withIntermediateDirectories: true)
    }
    // A script without an interpreter line, which execvp(3) runs with /bin/sh.
    for name in ["plain", "sub/plain", "sub/only-in-sub", "sub/both"] {
      chmod(try home.write("echo \"ran \(name) as $0\"\n", to: name), 0o755)
    }
    chmod(try home.write("echo refused\n", to: "other/both"), 0o644)
    chmod(try home.write("echo refused\n", to: "denied"), 0o644)
    chmod(try home.write("#!/no/such/interpreter\n", to: "missing-interpreter"), 0o755)
    var environment = home.environment
    environment["PATH"] = ".:" + home.scratch.root + "/none:/usr/bin:/bin"
    func result(_ prefix: [String]) throws -> Run {
      try Run.program(
        Executables.ofSystem("env"), ["-C", home.scratch.root] + prefix + arguments, environment: environment)
    }
    let (expected, run) = (try result([Executables.ofSystem("env")]), try result([home.executable, "run"]))
    #expect(run.ending == expected.ending, "\(run.error) \(expected.error)")
    #expect(run.output == expected.output)
  }

  /// The limits of execve(2): more arguments than the system accepts are not the vault's fault.
  @Test func reportsThatThereAreTooManyArguments() throws {
    let run = try home.shell("\(home.executable) run sh -c 'exec \"\(home.executable)\" run true $(seq 600000)'")
    #expect(run.status == 126, "\(run.error)")
    #expect(run.error.contains("Argument list too long"))
  }

  @Test func showsItsHelp() throws {
    let run = try home.env("run", "--help").expectSuccess()
    #expect(run.output.contains("usage: lockwise-env run") && run.error.isEmpty)
  }
}
