import Foundation
import Testing

@testable import LockwiseHostSupport

/// The system calls of the commands that print.
@Suite struct EnvReadTraceTests {
  private static let password = "pitchblende 1898 polonium"

  private func trace(_ home: EnvHome, _ arguments: [String]) throws -> (trace: SystemCallTrace, run: Run) {
    try SystemCallTrace.of(
      home.bin + "/lockwise-env", arguments, input: .none, environment: home.environment, in: home.scratch.root)
  }

  @Test(.needsTextsInTrace) func leavesNoTrace() throws {
    let home = try EnvHome((0..<20).map { .init(username: "user\($0)", password: Self.password) })
    let file = try home.write((0..<20).map { "V\($0)=lockwise://example.com/user\($0)\n" }.joined(), to: "refs")
    let template = try home.write(String(repeating: "{{ lockwise://example.com/user1 }}\n", count: 20), to: "template")
    let output = home.path("output")
    let commands = [
      ["export", "-f", file], ["export", "--format", "github", "-f", file],
      ["read", "example.com/user1", "example.com/user2"],
      ["inject", "-i", template], ["inject", "-i", template, "-o", output], ["check", "-f", file, "-i", template],
      ["ref"],
      ["ref", "example.com/user1"],
    ]
    for command in commands {
      let (trace, run) = try trace(home, command)
      run.expectSuccess()
      #expect(trace.processes == 1 && trace.outward.isEmpty, "\(command): \(trace.outward)")
      #expect(
        trace.calls.filter { $0.name == "openat" && $0.path?.hasSuffix("/vault.db") == true }.count == 1, "\(command)")
      let outside = trace.writes(outside: home.scratch.vault).filter { call in
        !command.contains("-o") || !(call.descriptor ?? call.path ?? "").contains("/output")
      }
      #expect(outside.isEmpty, "\(command): \(outside)")
      for call in trace.calls where !["write", "writev", "pread64", "read"].contains(call.name) {
        #expect(!call.arguments.contains("pitchblende"), "\(call)")
      }
    }
    #expect(try String(contentsOfFile: output, encoding: .utf8).contains(Self.password))
  }

  @Test(.needsTextsInTrace) func opensNoVaultWithoutAReference() throws {
    let home = try EnvHome()
    for command in [["export", "A=b"], ["export", "--unset", "A=lockwise://example.com"], ["inject"]] {
      let (trace, run) = try trace(home, command)
      run.expectSuccess()
      #expect(!trace.calls.contains { $0.path?.contains(home.scratch.vault) == true }, "\(command)")
    }
  }
}
