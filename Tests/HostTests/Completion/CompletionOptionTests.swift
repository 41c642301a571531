import Foundation
import Testing

@testable import LockwiseHostSupport

/// Compares what the completions offer in real shells with the commands and options of the programs, both ways.
@Suite(.serialized) struct CompletionOptionTests {
  /// The shells and the programs.
  static let cases = PassShell.Kind.allCases.flatMap { kind in CompletionTable.programs.map { (kind, $0) } }

  /// Further names of commands. `help` belongs to swift-argument-parser and `lockwise-pass`.
  private static let others: Set = [
    "help", "list", "search", "add", "delete", "remove", "rename", "copy",
  ]

  private static func shell(_ kind: PassShell.Kind, _ program: String, _ scratch: Scratch) throws -> CompletingShell {
    try CompletingShell(kind, of: program, environment: scratch.environment)
  }

  /// Returns the options that are offered. A `=` at the end waits for a value.
  private static func options(_ offer: CompletingShell.Offer) -> Set<String> {
    Set(offer.words.filter { $0.hasPrefix("-") }.map { $0.hasSuffix("=") ? String($0.dropLast()) : $0 })
  }

  @Test(arguments: cases) func offersEachCommand(kind: PassShell.Kind, program: String) throws {
    let scratch = try Scratch()
    let table = try CompletionTable(program)
    guard !table.commands.isEmpty else { return #expect(program == "lockwise-sandbox") }
    let offer = try Self.shell(kind, program, scratch).offer(for: program + " ")
    let words = Set(offer.words.filter { !$0.hasPrefix("-") })
    #expect(words.subtracting(Self.others) == table.commands.subtracting(Self.others))
    #expect(offer.error.isEmpty, "\(offer.error)")
  }

  @Test(arguments: cases) func offersEachOption(kind: PassShell.Kind, program: String) throws {
    let scratch = try Scratch()
    let shell = try Self.shell(kind, program, scratch)
    let lines = try CompletionTable(program).lines
    #expect(!lines.isEmpty)
    for line in lines {
      let offer = try shell.offer(for: line.text)
      #expect(Self.options(offer) == line.options, "\(line.text)")
      #expect(offer.error.isEmpty, "\(line.text): \(offer.error)")
    }
  }

  /// The commands of `lockwise-pass otp`, whose options the page lists together.
  @Test(arguments: PassShell.Kind.allCases) func offersTheOptionsOfOtp(kind: PassShell.Kind) throws {
    let scratch = try Scratch()
    let shell = try Self.shell(kind, "lockwise-pass", scratch)
    let lines = ["otp", "otp code", "otp insert", "otp append", "otp uri"].map { "lockwise-pass \($0) -" }
    let offers = try lines.map { Self.options(try shell.offer(for: $0)) }
    #expect(offers.allSatisfy { !$0.isEmpty })
    #expect(
      offers.reduce([]) { $0.union($1) } == CompletionTable.options(of: "otp", try ManPage("lockwise-pass")))
    let commands = try shell.offer(for: "lockwise-pass otp ").words
    #expect(Set(["code", "insert", "append", "uri", "validate"]).isSubset(of: commands), "\(commands)")
  }

  /// The values of options and operands that the program names.
  @Test(
    arguments: PassShell.Kind.allCases,
    [
      ("lockwise-pass", "show --field ", ["login", "url", "otp"]),
      ("lockwise-pass", "git ", ["init", "pull", "push", "status"]),
      ("lockwise-env", "export --format ", ["sh", "fish", "elvish", "json", "null", "github", "docker", "dotenv"]),
      ("lockwise-env", "hook ", ["bash", "zsh", "fish"]),
      ("lockwise-askpass", "save ", ["ssh", "key", "sudo"]),
      ("lockwise-askpass", "save sudo roo", ["root"]),
      ("lockwise-askpass", "configure ", ["ssh", "git", "sudo", "systemd"]),
      ("lockwise-sync", "export --format ", ["csv", "json", "netrc"]),
      ("lockwise-sync", "slots ", ["list", "add", "remove"]),
      ("lockwise-sync", "get book", ["bookmarks"]),
    ])
  func offersTheValues(kind: PassShell.Kind, value: (program: String, line: String, words: [String])) throws {
    let scratch = try Scratch()
    let offer = try Self.shell(kind, value.program, scratch).offer(for: "\(value.program) \(value.line)")
    #expect(Set(offer.words.filter { !$0.hasPrefix("-") }) == Set(value.words))
    #expect(offer.error.isEmpty, "\(offer.error)")
  }

  /// Files where the program reads or writes one, also with difficult names.
  @Test(
    arguments: PassShell.Kind.allCases,
    [
      ("lockwise-pass", ["audit --breached "]),
      ("lockwise-env", ["export -f ", "run --from ", "inject -i ", "inject --output ", "check --input ", "hook -f "]),
      ("lockwise-askpass", ["save key "]),
      ("lockwise-sync", ["import ", "export --output ", "slots --key-file "]),
      ("lockwise-sandbox", ["--state ", "--log ", "--port-file "]),
    ])
  func offersFiles(kind: PassShell.Kind, lines: (program: String, lines: [String])) throws {
    let scratch = try Scratch()
    let names = ["plain", "with blank", "ünï", "quote'd"]
    let folder = scratch.environment["HOME", default: ""] + "/files"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for name in names { try scratch.write("", to: folder + "/" + name) }
    let shell = try Self.shell(kind, lines.program, scratch)
    for line in lines.lines {
      let offer = try shell.offer(for: "\(lines.program) \(line)files/")
      // zsh quotes what it offers, and handles the folder by itself.
      let offered = offer.words.map { $0.replacing("\\", with: "").replacing("files/", with: "") }
      #expect(Set(offered).subtracting(["files"]) == Set(names), "\(line)")
      #expect(offer.error.isEmpty, "\(line): \(offer.error)")
    }
  }
}
