import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Compares the man page of `lockwise-pass` and the recipes with the program, both ways.
@Suite struct PassManPageTests {
  /// Every option that the sources declare is on the page with its letter, and no other.
  @Test func listsTheOptionsOfTheSources() throws {
    let declared = try Self.declaredOptions()
    let listed = try Set(Self.listedOptions().flatMap(\.value))
    #expect(declared.count > 30)
    #expect(declared.subtracting(listed).isEmpty, "not on the page: \(declared.subtracting(listed))")
    #expect(listed.subtracting(declared).isEmpty, "only on the page: \(listed.subtracting(declared))")
  }

  /// Each command accepts the options that the page lists for it. There is no vault, so nothing else happens.
  @Test func eachCommandAcceptsItsOptions() throws {
    let home = try Scratch()
    for (command, options) in try Self.listedOptions() {
      let calls = command == "otp" ? [["otp", "code"], ["otp", "insert"], ["otp", "uri"]] : [[command]]
      for option in options {
        let words = ["--" + option.long] + (option.letter.map { ["-" + $0] } ?? [])
        for word in words {
          let refusals = try calls.filter { call in
            try Run.program(
              Executables.path("lockwise-pass"), call + [word] + (option.isFollowed ? ["1"] : []) + ["x"],
              environment: home.environment
            ).error.contains("option")
          }
          #expect(refusals.count < calls.count, "\(command) \(word)")
        }
      }
    }
  }

  /// The synopsis has every option of the page, by its letter or its name.
  @Test func theSynopsisHasEachOption() throws {
    let text = try Self.page().prefix { $0 != ".Sh DESCRIPTION" }.joined(separator: " ")
    let flags = Set(text.matches(of: /Fl (?:Fl )?([a-z-]+)/).map { String($0.1) })
    for (command, options) in try Self.listedOptions() {
      for option in options {
        #expect(flags.contains(option.long) || option.letter.map(flags.contains) == true, "\(command) --\(option.long)")
      }
    }
  }

  /// Each command in a fenced block of the recipes is in a transcript that a test runs.
  @Test func eachRecipeIsInATranscript() throws {
    let commands = try TranscriptFile.all.filter { $0.name.hasPrefix("recipe-pass-") }
      .flatMap { try $0.read().steps.map(\.command) }.joined(separator: "\n").replacing("{bin}/", with: "")
    let blocks = try Self.text("docs/pass.md").components(separatedBy: "```").enumerated()
      .filter { $0.offset % 2 == 1 }.map(\.element).joined()
    let recipes = blocks.matches(of: /(?:lockwise-)?pass (?:show|shadow|insert|ls|generate|db)[^"`\n)]*/)
      .map { $0.output.split(separator: "  ")[0].trimmingCharacters(in: .whitespaces) }
    #expect(recipes.count > 10)
    for recipe in recipes where !recipe.hasPrefix("pass show \"$") {
      let isTried = commands.contains(recipe) || Self.standIns.contains(recipe)
      #expect(isTried, "\(recipe)")
    }
  }

  /// The commands that start a program which the transcripts replace by its calls.
  private static let standIns: Set = [
    "lockwise-pass shadow -- rofi-pass", "lockwise-pass shadow -- qtpass",
    "lockwise-pass shadow -- docker login registry.example.net",
    "lockwise-pass shadow -- docker pull registry.example.net/radium",
  ]
}

extension PassManPageTests {
  private struct Option: Hashable, CustomStringConvertible {
    let long: String
    let letter: String?
    let hasValue: Bool
    /// Whether the value is the next word.
    var isFollowed = false

    var description: String { (letter.map { "-\($0), " } ?? "") + "--" + long + (hasValue ? " VALUE" : "") }

    static func == (left: Option, right: Option) -> Bool { left.description == right.description }
    func hash(into hasher: inout Hasher) { hasher.combine(description) }
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: Readme.root.appendingPathComponent(path), encoding: .utf8)
  }

  private static func page() throws -> [String] {
    try text("man/lockwise-pass.1").split(separator: "\n").map(String.init)
  }

  /// The options of each command on the page.
  private static func listedOptions() throws -> [String: Set<Option>] {
    var result: [String: Set<Option>] = [:]
    var command = ""
    for line in try page().drop(while: { $0 != ".Sh COMMANDS" }).dropFirst().prefix(while: { !$0.hasPrefix(".Sh ") }) {
      if let heading = line.wholeMatch(of: /\.Ss ([a-z]+)/) {
        command = String(heading.1)
        result[command] = []
      }
      guard line.hasPrefix(".It Fl "), let long = line.firstMatch(of: /Fl Fl ([a-z-]+)/)?.1 else { continue }
      let letter = line.firstMatch(of: /^\.It Fl ([a-z])\b/).map { String($0.1) }
      let hasValue = line.contains(" Ar ")
      result[command, default: []].insert(
        Option(
          long: String(long), letter: letter, hasValue: hasValue, isFollowed: hasValue && !line.contains("Ns Op")))
    }
    return result
  }

  /// The options that the sources declare, without those of grep(1).
  private static func declaredOptions() throws -> Set<Option> {
    var options: Set<Option> = []
    let folder = Readme.root.appendingPathComponent("Sources/LockwisePass").path
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
      let source = try text("Sources/LockwisePass/" + file)
      for match in source.matches(of: /\.init\((?:"(.)"|nil), "([a-z-]+)"(, \.(?:required|optional))?\)/) {
        options.insert(Option(long: String(match.2), letter: match.1.map(String.init), hasValue: match.3 != nil))
      }
      for match in source.matches(of: /\.own\("([a-z-]+)"(, \.(?:required|optional))?(?:, short: "(.)")?\)/) {
        options.insert(Option(long: String(match.1), letter: match.3.map(String.init), hasValue: match.2 != nil))
      }
    }
    return options
  }
}
