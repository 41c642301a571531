import Foundation
import LockwiseCLI
import LockwiseCore
import Testing

@testable import LockwiseHostSupport

/// Compares the man pages and the documents with the programs' own help and the sources, both ways.
@Suite struct ManPageTests {
  static let programs = ["git-credential-lockwise", "lockwise-pass", "lockwise-sync", "lockwise-sandbox"]
  /// The folders of Sources with the code of all programs but the sandbox.
  private static let folders = [
    "LockwiseCore", "LockwiseCLI", "LockwiseGit", "LockwisePass", "LockwiseAccounts", "LockwiseSync",
    "git-credential-lockwise", "lockwise-pass", "lockwise-sync",
  ]
  /// The options of every program, which no synopsis repeats.
  private static let obvious: Set = ["help", "version"]

  @Test func hasAPageForEachExecutable() throws {
    let pages = try Repository.names(in: "man").filter { $0.hasSuffix(".1") }.map { String($0.dropLast(2)) }
    let executables = try Repository.names(in: "Sources").filter { $0.first?.isLowercase == true }
    #expect(Set(pages) == Set(executables))
    #expect(Set(pages) == Set(Self.programs))
    let readme = try Repository.text("README.md")
    for name in executables { #expect(readme.contains("| `\(name)` |"), "\(name) in the README's table") }
  }

  @Test(arguments: programs) func listsTheCommandsOfTheHelp(program: String) throws {
    #expect(try ManPage(program).commands == HelpText(program).commands)
  }

  @Test(arguments: ["git-credential-lockwise", "lockwise-sandbox"])
  func listsTheOptionsOfTheHelp(program: String) throws {
    let page = try ManPage(program)
    let options = page.lines.compactMap(Option.init(item:))
    #expect(Set(options) == (try HelpText(program).options))
    #expect(Set(options).count == options.count, "an option is listed twice")
    let named = Set(options.map(\.form)).subtracting(Self.obvious)
    let synopsis = page.synopsis.reduce(into: Set<Option>()) { $0.formUnion($1.options) }
    #expect(Set(synopsis.map(\.form)).subtracting(Self.obvious) == named)
  }

  @Test func listsTheOptionsOfEachCommandsHelp() throws {
    let page = try ManPage("lockwise-sync")
    let common = Set(page.section("OPTIONS").compactMap(Option.init(item:)))
    let main = try HelpText("lockwise-sync")
    #expect(main.options.isSubset(of: common))
    for command in main.commands.subtracting(["help"]) {
      let help = try HelpText("lockwise-sync", [command, "--help"])
      #expect(try HelpText("lockwise-sync", ["help", command]).text == help.text)
      let own = Set(page.section("COMMANDS", command).compactMap(Option.init(item:)))
      #expect(own.union(common) == help.options, "\(command)")
      let wanted = Set(help.options.map(\.form)).subtracting(Self.obvious)
      let synopsis = page.synopsis.first { $0.commands == [command] }?.options ?? []
      #expect(Set(synopsis.map(\.form)) == wanted, "\(command) in the synopsis")
    }
  }

  /// Each `(default: VALUE)` of the help is on the page.
  @Test(arguments: [("lockwise-sync", ["login"]), ("lockwise-sandbox", [])])
  func namesTheDefaults(program: String, command: [String]) throws {
    let page = try ManPage(program).lines.joined(separator: " ")
    let defaults = try HelpText(program, command + ["--help"]).defaults
    #expect(!defaults.isEmpty)
    for value in defaults { #expect(page.contains(value), "\(value)") }
  }

  @Test func listsEachExitStatus() throws {
    let known = try ExitStatuses().meanings
    #expect(known[0] != nil && known.count > 5)
    let listed = try ManPage("lockwise-sync").statuses
    #expect(Set(listed.keys) == Set(known.keys))
    for (status, meaning) in known {
      #expect(listed[status]?.lowercased().hasPrefix(meaning.lowercased()) == true, "\(status): \(meaning)")
    }
    for program in Self.programs {
      #expect(Set(try ManPage(program).statuses.keys).isSubset(of: known.keys), "\(program)")
    }
  }

  @Test func listsEachVariableOfOurs() throws {
    let sources = try Repository.swiftFiles(in: "Sources").map { try Repository.text($0) }.joined()
    let used = Set(sources.matches(of: /LOCKWISE_[A-Z_]+/).map { String($0.output) })
      .subtracting(Setting.all.filter { !$0.isInEnvironment }.map(\.variable))
    #expect(!used.isEmpty)
    let inPages = try Self.programs.flatMap { try ManPage($0).variables }
    #expect(Set(inPages.filter { $0.hasPrefix("LOCKWISE_") }) == used)
    for document in try Repository.documents() {
      let named = try Repository.text(document).matches(of: /LOCKWISE_[A-Z_]+/).map { String($0.output) }
      let known = used.union(["LOCKWISE_TEST_BIN", "LOCKWISE_TEST_TARGETS", "LOCKWISE_TEST_COMPLETE"])
      #expect(Set(named).isSubset(of: known), "\(document)")
    }
  }

  /// The table of settings has the settings of the man page with their variables, in the same order.
  @Test func theDocumentListsTheSettingsOfGit() throws {
    let page = try ManPage("git-credential-lockwise").section("CONFIGURATION").compactMap {
      $0.wholeMatch(of: /\.It Va (\S+) Pq Ev (LOCKWISE_[A-Z_]+)/).map { "\($0.1) \($0.2)" }
    }
    let rows = try Repository.text("docs/matching.md").matches(of: #/(?m)^\| `(\S+)` \| `(LOCKWISE_[A-Z_]+)` \|/#)
    #expect(!page.isEmpty && rows.map { "\($0.1) \($0.2)" } == page)
  }

  /// Every relative link leads to a file of the repository.
  @Test func everyLinkOfADocumentLeadsSomewhere() throws {
    for document in try Repository.documents() {
      let folder = document.split(separator: "/").dropLast().map { $0 + "/" }.joined()
      for match in try Repository.text(document).matches(of: /\]\(([^)\s]+)\)/) where !match.1.contains("://") {
        let path = Repository.path(folder + match.1.prefix { $0 != "#" })
        #expect(FileManager.default.fileExists(atPath: path), "\(document): \(match.1)")
      }
    }
  }

  /// Every variable that is read by name is on a page.
  @Test func listsTheOtherVariablesThatAreRead() throws {
    var used: Set<String> = []
    for folder in Self.folders {
      for file in try Repository.swiftFiles(in: "Sources/" + folder) {
        let reads = /(?:nvironment\[|onfiguration\[|\.value\(|isOn\(|seconds\(|absolute\()"([A-Z][A-Z_]+)"/
        used.formUnion(try Repository.text(file).matches(of: reads).map { String($0.1) })
      }
    }
    #expect(used.contains("GIT_TERMINAL_PROMPT") && used.contains("HOME"))
    let pages = Set(try Self.programs.flatMap { try ManPage($0).variables })
    #expect(used.isSubset(of: pages), "\(used.subtracting(pages))")
  }

  /// Every setting has its line in lockwise-config(5), with its variable, in the same order.
  @Test func theConfigurationsPageListsEachSetting() throws {
    let lines = try Repository.text("man/lockwise-config.5").split(separator: "\n").map(String.init)
    let items = lines.compactMap { $0.wholeMatch(of: /\.It Va ([a-z-]+) Pq (?:Ev (LOCKWISE_[A-Z_]+)|no variable)/) }
    #expect(items.map { String($0.1) } == Setting.all.map(\.name))
    #expect(items.map { $0.2.map(String.init) } == Setting.all.map { $0.isInEnvironment ? $0.variable : nil })
    #expect(try Repository.text("README.md").contains("(man/lockwise-config.5)"))
  }

  /// A variable without a setting would be an unknown name in the file.
  @Test func everyVariableOfOursIsASetting() throws {
    for folder in Self.folders {
      for file in try Repository.swiftFiles(in: "Sources/" + folder) {
        let names = try Repository.text(file).matches(of: /LOCKWISE_[A-Z_]+/).map { String($0.output) }
        #expect(Set(names).isSubset(of: Setting.all.map(\.variable)), "\(file)")
      }
    }
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/man")),
    arguments: programs.map { $0 + ".1" } + ["lockwise-config.5"])
  func isFormattedWithoutAWarning(name: String) throws {
    let page = Repository.path("man/" + name)
    let result = try Repository.run("/usr/bin/man", ["--warnings", "-l", page])
    #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
    #expect(result.output.contains("DESCRIPTION"))
  }
}

/// An option, from the help or a man page.
private struct Option: Hashable, CustomStringConvertible {
  var names: Set<String> = []
  var takesValue = false

  /// The long name without its hyphens, and whether it has a value, as in a synopsis.
  var form: String { (names.first { $0.count > 1 } ?? "?") + (takesValue ? " VALUE" : "") }
  var description: String { names.sorted().joined(separator: ", ") + (takesValue ? " VALUE" : "") }

  /// Reads `  -q, --quiet  Say …` or `  --server <url>  The …`; `nil` for any other line.
  init?(help line: Substring) {
    guard line.hasPrefix("  -") else { return nil }
    for word in line.split(separator: " ") {
      if word.hasPrefix("-") {
        names.insert(String(word.drop { $0 == "-" }.prefix { $0 != "," }))
      } else {
        takesValue = word.hasPrefix("<")
        break
      }
    }
  }

  /// Reads `.It Fl q , Fl Fl quiet` or `.It Fl Fl server Ar url`; `nil` for any other line.
  init?(item line: String) {
    guard line.hasPrefix(".It Fl ") else { return nil }
    names = Set(line.matches(of: /Fl (?:Fl )?([A-Za-z][a-z-]*)/).map { String($0.1) })
    takesValue = line.contains(" Ar ")
  }

  init(name: String, takesValue: Bool) {
    names = [name]
    self.takesValue = takesValue
  }
}

/// A program's help.
private struct HelpText {
  let text: String

  init(_ program: String, _ arguments: [String] = ["--help"]) throws {
    let bin = ProcessInfo.processInfo.environment["LOCKWISE_TEST_BIN"] ?? ""
    let folder = bin.isEmpty ? Repository.path(".build/bin") : bin
    let result = try Repository.run(folder + "/" + program, arguments)
    guard result.status == 0 else {
      throw Problem("\(program) \(arguments): status \(result.status) \(result.error)")
    }
    text = result.output
  }

  private var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  var options: Set<Option> { Set(lines.compactMap(Option.init(help:))) }

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

/// A man page in mdoc(7).
private struct ManPage {
  let lines: [String]

  init(_ program: String) throws {
    lines = try Repository.text("man/\(program).1").split(separator: "\n").map(String.init)
  }

  /// The lines of a section, or of a subsection of it.
  func section(_ name: String, _ subsection: String? = nil) -> [String] {
    let body = lines.drop { $0 != ".Sh " + name }.dropFirst().prefix { !$0.hasPrefix(".Sh ") }
    guard let subsection else { return Array(body) }
    return Array(body.drop { $0 != ".Ss " + subsection }.dropFirst().prefix { !$0.hasPrefix(".Ss ") })
  }

  /// The subsections of COMMANDS and the items that are commands.
  var commands: Set<String> {
    let headings = section("COMMANDS").filter { $0.hasPrefix(".Ss ") }
    let items = lines.filter { $0.hasPrefix(".It Cm ") }
    return Set(headings.map { String($0.dropFirst(4)) } + items.map { String($0.dropFirst(7)) })
  }

  /// The lines of the synopsis, each with its commands and options.
  var synopsis: [(commands: [String], options: Set<Option>)] {
    section("SYNOPSIS").split(separator: ".Nm").map { group in
      let words = group.filter { $0.hasPrefix(".Cm ") }.flatMap { $0.dropFirst(4).split(separator: " ") }
      let options = group.flatMap { line in
        line.matches(of: /Fl Fl ([a-z-]+)( Ar)?/).map { Option(name: String($0.1), takesValue: $0.2 != nil) }
      }
      return (words.filter { $0 != "|" }.map(String.init), Set(options))
    }
  }

  /// The variables that have an item under ENVIRONMENT.
  var variables: [String] {
    section("ENVIRONMENT").filter { $0.hasPrefix(".It Ev ") }
      .flatMap { $0.dropFirst(7).split(separator: " ").filter { $0 != "," }.map(String.init) }
  }

  /// The exit statuses with their texts.
  var statuses: [Int: String] {
    var result: [Int: String] = [:]
    var current: Int?
    for line in section("EXIT STATUS") {
      if let item = line.wholeMatch(of: /\.It (\d+)/) {
        current = Int(item.1)
      } else if let current, !line.hasPrefix(".") {
        result[current] = (result[current].map { $0 + " " } ?? "") + line
      }
    }
    return result
  }
}

/// `ExitCode`, read from its source.
private struct ExitStatuses {
  var meanings: [Int: String] = [:]

  init() throws {
    let files = try Repository.swiftFiles(in: "Sources").filter { $0.hasSuffix("/ExitCode.swift") }
    guard files.count == 1 else { throw Problem("not one ExitCode.swift: \(files)") }
    let source = try Repository.text(files[0])
    var numbers: [Substring: Int] = [:]
    for match in source.matches(of: /case (\w+) = (\d+)/) { numbers[match.1] = Int(match.2) }
    for match in source.matches(of: /case \.(\w+): "(.+)"/) {
      guard let number = numbers[match.1] else { throw Problem("a meaning of no status: \(match.1)") }
      meanings[number] = String(match.2)
    }
    guard meanings.count == numbers.count else { throw Problem("a status without a meaning") }
  }
}

private struct Problem: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The files of the repository, found from this one.
private enum Repository {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ path: String) -> String { root.appendingPathComponent(path).path }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder))
  }

  /// The documents: Markdown files at the root and in `docs`.
  static func documents() throws -> [String] {
    try (names(in: "") + names(in: "docs").map { "docs/" + $0 }).filter { $0.hasSuffix(".md") }.sorted()
  }

  static func swiftFiles(in folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path(folder))
      .filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }
  }

  static func run(_ program: String, _ arguments: [String]) throws -> (
    status: Int32, output: String, error: String
  ) {
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw Problem("\(program) is missing: run contrib/build all first")
    }
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: errors) }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self),
      try String(contentsOf: errors, encoding: .utf8)
    )
  }
}
