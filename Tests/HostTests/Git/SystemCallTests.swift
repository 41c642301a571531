import Foundation
import Testing

@testable import LockwiseHostSupport

/// The system calls of a `get`, and of a `store` without a change.
@Suite struct SystemCallTests {
  private let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
  }

  private func trace(
    _ verb: String, _ request: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (trace: SystemCallTrace, run: Run) {
    let result = try SystemCallTrace.of(
      Executables.path("git-credential-lockwise"), [verb], input: .text(request),
      environment: stage.scratch.environment, in: stage.scratch.root)
    result.run.expectSuccess(sourceLocation: sourceLocation)
    return result
  }

  private func expectQuiet(_ trace: SystemCallTrace, _ name: String, sourceLocation: SourceLocation = #_sourceLocation)
  {
    #expect(trace.processes == 1, "\(name)", sourceLocation: sourceLocation)
    #expect(trace.outward.isEmpty, "\(name): \(trace.outward)", sourceLocation: sourceLocation)
    let writes = trace.writes(outside: stage.scratch.vault)
    #expect(writes.isEmpty, "\(name): \(writes)", sourceLocation: sourceLocation)
    #expect(trace.syncs.isEmpty, "\(name): \(trace.syncs)", sourceLocation: sourceLocation)
  }

  private static let github = "protocol=https\nhost=github.com\n"
  private static let known = github + "username=mcurie\npassword=ghp_webAndGit0123456789\n"

  @Test(.needsTextsInTrace) func writesNothingForGetAndUnchangedStore() throws {
    let before = try stage.scratch.readVault()
    let get = try trace("get", Self.github)
    #expect(get.run.password == "ghp_webAndGit0123456789")
    let state = get.run.lines.filter { $0.hasPrefix("state[]=") }.joined(separator: "\n")
    let newGit = "capability[]=authtype\ncapability[]=state\n"
    let withState = try trace("get", newGit + Self.github)
    let lines = withState.run.lines.filter { $0.hasPrefix("state[]=") }
    #expect(state.isEmpty, "state for a git that did not announce it")
    let store = try trace("store", Self.known)
    let storeWithState = try trace("store", newGit + Self.known + lines.map { $0 + "\n" }.joined())
    let erase = try trace("erase", Self.github + "username=mcurie\npassword=other\n")
    let traces = [
      ("get", get), ("get, git 2.46", withState), ("store", store), ("store, 2.46", storeWithState),

      ("erase, other", erase),
    ]
    for (name, result) in traces { expectQuiet(result.trace, name) }
    for (name, content) in before where name != "vault.db-shm" {
      #expect(try stage.scratch.readVault()[name] == content, "\(name) was written")
    }
    // Without a login there may be an alias, so git's configuration is read once.
    let miss = try trace("get", "protocol=https\nhost=nobody.example\n").trace
    let programs = miss.calls.filter { $0.name == "execve" && $0.result == "0" }.dropFirst()
    #expect(
      programs.allSatisfy { $0.arguments.contains("[\"git\", \"config\", ") } && programs.count <= 1, "\(programs)")
    #expect(miss.outward.allSatisfy { ["clone", "clone3", "vfork", "execve"].contains($0.name) }, "\(miss.outward)")
    #expect(miss.syncs.isEmpty)
    // The check can fail: a new password is written durably, and another process pushes it.
    let new = try trace("store", Self.github + "username=new\npassword=new\n")
    #expect(!new.trace.syncs.isEmpty && !new.trace.outward.isEmpty)
    Self.printTable(
      traces.map { ($0.0, $0.1.trace.counts) } + [("get, none", miss.counts), ("store, new", new.trace.counts)])
  }

  /// Prints the number of each system call.
  private static func printTable(_ columns: [(name: String, counts: [String: Int])]) {
    func cell(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let names = Set(columns.flatMap(\.counts.keys)).sorted()
    var lines = [cell("", 20) + columns.map { cell($0.name, 15) }.joined()]
    for name in names {
      lines.append(cell(name, 20) + columns.map { cell($0.counts[name].map(String.init) ?? "", 15) }.joined())
    }
    lines.append(
      cell("in all", 20) + columns.map { cell(String($0.counts.values.reduce(0, +)), 15) }.joined())
    print(lines.joined(separator: "\n"))
  }
}
