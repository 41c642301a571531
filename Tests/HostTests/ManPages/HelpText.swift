import Foundation

@testable import LockwiseHostSupport

/// A program's help.
struct HelpText {
  let text: String

  init(_ program: String, _ arguments: [String] = ["--help"]) throws {
    let bin = ProcessInfo.processInfo.environment["LOCKWISE_TEST_BIN"] ?? ""
    let folder = bin.isEmpty ? Repository.path(".build/bin") : bin
    let result = try Repository.run(folder + "/" + program, arguments)
    guard result.status == 0 else {
      throw Problem("\(program) \(arguments): \(result.ending) \(result.error)")
    }
    text = result.output
  }

  private var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  var options: Set<ProgramOption> { Set(lines.compactMap(ProgramOption.init(help:))) }

  /// The subcommands or operations, and the hidden `help` of swift-argument-parser.
  var commands: Set<String> {
    guard let start = lines.firstIndex(where: { ["SUBCOMMANDS:", "operations:", "commands:"].contains($0) }) else {
      return []
    }
    let names = lines[(start + 1)...].prefix { !$0.isEmpty }
      .compactMap { $0.prefixMatch(of: /\ \ ([a-z][a-z-]*)/).map { String($0.1) } }
    return Set(names + (lines[start] == "SUBCOMMANDS:" ? ["help"] : []))
  }

  var defaults: [String] {
    text.matches(of: /\(default:\s+([^\s)]+)\)/).map { String($0.1) }
  }
}
