import Foundation
import LockwiseCLI
import LockwiseCore
import Testing

@testable import LockwiseHostSupport

/// Compares the man pages and the documents with the programs' own help and the sources, both ways.
@Suite struct ManPageTests {
  static let programs = [
    "git-credential-lockwise", "lockwise-askpass", "lockwise-pass", "lockwise-env", "docker-credential-lockwise",
    "lockwise-sync", "lockwise-sandbox",
  ]
  /// The folders of Sources with the code of all programs but the sandbox.
  private static let folders = [
    "LockwiseCore", "LockwiseCLI", "LockwiseGit", "LockwiseAskpass", "LockwisePass", "LockwiseEnv",
    "LockwiseDocker", "LockwiseSetup", "LockwiseTransfer", "LockwiseAccounts", "LockwiseSync",
    "git-credential-lockwise",
    "lockwise-askpass",
    "lockwise-pass",
    "lockwise-env", "docker-credential-lockwise", "lockwise-sync",
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

  @Test(arguments: ["git-credential-lockwise", "lockwise-askpass", "docker-credential-lockwise", "lockwise-sandbox"])
  func listsTheOptionsOfTheHelp(program: String) throws {
    let page = try ManPage(program)
    let options = page.lines.compactMap(ProgramOption.init(item:))
    #expect(Set(options) == (try HelpText(program).options))
    #expect(Set(options).count == options.count, "an option is listed twice")
    let named = Set(options.flatMap(\.forms)).subtracting(Self.obvious)
    let synopsis = page.synopsis.reduce(into: Set<ProgramOption>()) { $0.formUnion($1.options) }
    #expect(Set(synopsis.flatMap(\.forms)).subtracting(Self.obvious) == named)
  }

  @Test(arguments: ["lockwise-sync", "lockwise-env"]) func listsTheOptionsOfEachCommandsHelp(program: String) throws {
    let page = try ManPage(program)
    var common = Set(page.section("OPTIONS").compactMap(ProgramOption.init(item:)))
    let main = try HelpText(program)
    #expect(main.options.isSubset(of: common))
    if program == "lockwise-env" { common = common.filter { $0.forms == ["help"] } }
    for command in main.commands.subtracting(["help"]) {
      let help = try HelpText(program, [command, "--help"])
      if program == "lockwise-sync" { #expect(try HelpText(program, ["help", command]).text == help.text) }
      let own = Set(page.section("COMMANDS", command).compactMap(ProgramOption.init(item:)))
      #expect(own.union(common) == help.options, "\(command)")
      let wanted = Set(help.options.flatMap(\.forms)).subtracting(Self.obvious)
      let synopsis = page.synopsis.first { $0.commands == [command] }?.options ?? []
      #expect(Set(synopsis.flatMap(\.forms)) == wanted, "\(command) in the synopsis")
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
