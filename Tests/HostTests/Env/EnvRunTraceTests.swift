import Foundation
import Testing

@testable import LockwiseHostSupport

/// The system calls of `lockwise-env run`.
@Suite final class EnvRunTraceTests {
  private static let secret = "radium 226"
  private static let count = 20

  private let home: EnvHome

  init() throws {
    home = try EnvHome(
      (0..<Self.count).map {
        EnvHome.Login(origin: "https://a.example", username: "u\($0)", password: Self.secret + " \($0)")
      })
  }

  private func trace(_ options: [String], with variables: [String: String] = [:]) throws -> SystemCallTrace {
    let references = (0..<Self.count).map { "V\($0)=lockwise://a.example/u\($0)" }
    let (trace, run) = try SystemCallTrace.of(
      home.executable, ["run"] + options + references + ["/bin/true"], input: .none,
      environment: home.environment.merging(variables) { $1 }, in: home.scratch.root)
    run.expectSuccess()
    return trace
  }

  static let options = [[], ["--files"], ["--file", "F=a.example/u1", "--stdin", "a.example/u2"]]

  @Test(.needsTextsInTrace, arguments: options) func showsNoSecretAndReachesNothing(options: [String]) throws {
    let trace = try trace(options)
    #expect(trace.processes == 1)
    for call in trace.calls where !["write", "pwrite64"].contains(call.name) {
      #expect(!call.arguments.contains(Self.secret), "\(call)")
    }
    // The command, and nothing else.
    #expect(trace.outward.map(\.path) == ["/bin/true"])
    let vault = home.scratch.vault
    let writes = trace.writes(outside: vault).filter { call in
      // A file in memory, which has no path.
      !(["write", "fchmod"].contains(call.name) && call.descriptor?.hasPrefix("/memfd:lockwise") == true)
    }
    #expect(writes.isEmpty, "\(writes)")
    #expect(trace.calls.contains { $0.name == "memfd_create" } == !options.isEmpty)
    let openings = trace.calls.filter { $0.name.hasPrefix("open") && $0.path?.hasSuffix("/vault.db") == true }
    #expect(openings.count == 1, "\(openings)")
  }

  /// The process that starts the pull ends before the command begins.
  @Test(.needsTextsInTrace) func startsThePullFromAProcessThatEnds() throws {
    let trace = try trace([], with: ["LOCKWISE_PULL_INTERVAL": "1"])
    let clones = trace.calls.filter { $0.name.hasPrefix("clone") || $0.name.hasSuffix("fork") }
    #expect(clones.count >= 2, "\(clones)")
    // No SIGCHLD, which would stay pending.
    #expect(clones.first?.arguments.contains("SIGCHLD") == false, "\(clones)")
    let wait = try #require(trace.calls.firstIndex { $0.name == "wait4" })
    let command = try #require(trace.calls.firstIndex { $0.name == "execve" && $0.path == "/bin/true" })
    #expect(wait < command)
  }
}
