import Foundation
import LockwiseTestSupport
import Testing

/// The commands in the README: those of its fenced blocks, and those within its sentences.
struct Readme {
  /// A command, as a reader would type it.
  struct Command: CustomTestStringConvertible {
    /// The line, without a comment at its end.
    let text: String
    /// The lines that the README shows below the command; empty outside a transcript.
    var output: [String] = []

    /// Whether it needs a Firefox that is signed in: `InteropTests` run it, `HostTests` do not.
    var needsFirefox: Bool { text.contains("--from-firefox") || isLocalLogin }
    var isLocalLogin: Bool { text.contains("login --local") }
    var isLogin: Bool { text.hasPrefix("lockwise-sync login") }
    /// The program's name, or a script's path.
    var program: String { String(text.prefix { $0 != " " }) }
    var testDescription: String { text }
  }

  /// Commands that belong together.
  struct Block: CustomTestStringConvertible {
    /// Whether it shows what the commands print: a transcript of a terminal.
    let isTranscript: Bool
    var commands: [Command] = []

    var testDescription: String { commands.first?.text ?? "" }
  }

  /// The whole text.
  let text: String
  /// The fenced blocks in their order, then each command within a sentence as a block of its own.
  let blocks: [Block]

  /// Reads the README of this repository.
  init() throws {
    text = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
    let parts = text.components(separatedBy: "```")
    guard parts.count % 2 == 1 else { throw TimedOut(description: "the README has a fence that is not closed") }
    let fenced = parts.enumerated().filter { $0.offset % 2 == 1 }.map { Self.block($0.element) }
    let prose = parts.enumerated().filter { $0.offset % 2 == 0 }.map(\.element).joined()
    blocks = fenced + Self.inlineCommands(prose).map { Block(isTranscript: false, commands: [Command(text: $0)]) }
  }

  /// Reads what a picture of `docs/pictures` shows.
  static func picture(_ name: String) throws -> Block {
    let url = root.appendingPathComponent("docs/pictures/\(name).txt")
    return block("console\n" + (try String(contentsOf: url, encoding: .utf8)))
  }

  /// The root of this repository.
  static let root = TestVectors.fixtures.deletingLastPathComponent().deletingLastPathComponent()

  /// Parses the text between two fences, whose first line names the language: `console` or `sh`.
  private static func block(_ text: String) -> Block {
    let lines = text.split(separator: "\n").map(String.init)
    var block = Block(isTranscript: lines.first == "console")
    for line in lines.dropFirst() {
      if !block.isTranscript {
        block.commands.append(Command(text: withoutComment(line)))
      } else if line.hasPrefix("$ ") {
        block.commands.append(Command(text: String(line.dropFirst(2))))
      } else if !block.commands.isEmpty {
        block.commands[block.commands.count - 1].output.append(line)
      }
    }
    return block
  }

  private static func withoutComment(_ line: String) -> String {
    line.firstMatch(of: /\s+#\s/).map { String(line[..<$0.range.lowerBound]) } ?? line
  }

  /// The code within sentences that is a command: a program of ours with an argument, or a script.
  private static func inlineCommands(_ prose: String) -> [String] {
    let programs = /(lockwise-[a-z]+|git-credential-lockwise|git) .+|contrib\/[a-z-]+( .+)?/
    var commands: [String] = []
    for match in prose.matches(of: #/`([^`\n]+)`/#) {
      let text = String(match.1)
      if text.wholeMatch(of: programs) != nil, !commands.contains(text) { commands.append(text) }
    }
    return commands
  }
}
