import Testing

@testable import LockwiseHostSupport

/// Every sub-command of every program has a transcript, and so has every prompt.
@Suite struct TranscriptCoverageTests {
  @Test(arguments: CommandLineTests.names) func everySubcommandHasATranscript(program: String) throws {
    let steps = try Self.steps().filter { $0.mode != .preparation }
    #expect(steps.contains { $0.command.contains(program) })
    let subcommands = try Self.subcommands(of: program)
    // The transcripts call it by its other name.
    let name = program == "lockwise-pass" ? "pass" : program
    let least = ["lockwise-sandbox": 0, "lockwise-askpass": 3][program] ?? 5
    #expect(subcommands.count >= least, "\(subcommands)")
    for subcommand in subcommands {
      let isCovered = steps.contains { Self.contains($0.command, "\(name) \(subcommand)") }
      #expect(isCovered, "no transcript runs \(program) \(subcommand)")
    }
  }

  @Test(arguments: [
    "lockwise-sync setup", "lockwise-sync login", "lockwise-sync unlock", "lockwise-sync passphrase",
    "lockwise-sync slots add",
    "lockwise-sync logout", "lockwise-sync delete-collection", "lockwise-sync wipe",
    "lockwise-sync import", "lockwise-sync export", "git credential fill",
    "git ls-remote",
  ])
  func everyPromptHasATranscript(command: String) throws {
    let isCovered = try Self.steps().contains {
      $0.mode == .terminal && Self.contains($0.command, command) && !TranscriptTerminal.entries($0.expected).isEmpty
    }
    #expect(isCovered, "no transcript answers a prompt of \(command)")
  }

  @Test func theSubcommandsAreReadFromTheHelp() throws {
    #expect(try Self.subcommands(of: "lockwise-sandbox") == [])
    let sync = try Self.subcommands(of: "lockwise-sync")
    for name in ["login", "delete-collection", "slots", "slots add", "logout"] { #expect(sync.contains(name)) }
    let git = try Self.subcommands(of: "git-credential-lockwise")
    for name in ["get", "store", "erase", "capability", "configure", "unconfigure"] { #expect(git.contains(name)) }
  }

  private static func steps() throws -> [Transcript.Step] { try TranscriptFile.all.flatMap { try $0.read().steps } }

  /// Whether words follow each other in a command, and end there.
  private static func contains(_ command: String, _ words: String) -> Bool {
    command.ranges(of: words).contains { range in
      range.upperBound == command.endIndex || !(command[range.upperBound].isLetter || command[range.upperBound] == "-")
    }
  }

  /// The sub-commands that `--help` lists, and the actions of those that have some.
  private static func subcommands(of program: String) throws -> [String] {
    let names = try list(help(program, []))
    return try names.flatMap { name in
      [name] + (program == "lockwise-sync" ? try actions(help(program, [name])).map { "\(name) \($0)" } : [])
    }
  }

  private static func help(_ program: String, _ arguments: [String]) throws -> String {
    try Run.program(Executables.path(program), arguments + ["--help"], environment: ["PATH": "/usr/bin:/bin"])
      .expectSuccess().output
  }

  /// The indented words below a heading such as `SUBCOMMANDS:`, up to a blank line.
  private static func list(_ help: String) -> [String] {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    guard
      let heading = lines.firstIndex(where: { ["subcommands:", "operations:", "commands:"].contains($0.lowercased()) })
    else {
      return []
    }
    return lines[(heading + 1)...].prefix { !$0.isEmpty }
      .compactMap { $0.prefixMatch(of: #/  ([a-z][a-z-]*)(?: |$)/#).map { String($0.1) } }
  }

  /// The values of an argument `<action>`.
  private static func actions(_ help: String) -> [String] {
    let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let match = words.firstMatch(of: /<action> [^<]*\(values: ([^;)]*)/) else { return [] }
    return match.1.split(separator: ", ").map(String.init)
  }
}
