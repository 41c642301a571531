import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The completions of random and of chosen names in real shells at terminals. A name is completed if the command prints
/// the password of its entry.
///
/// `LOCKWISE_COMPLETIONS` sets the number of random names for each shell and quoting (6).
@Suite(.serialized) struct PassNameCompletionTests {
  private static let difficult = [
    "host.example:8443/alice@example.org", "host.example:8443/bob", "github.com/alice", "github.com/alice/deep er",
    "github.com/mcurie", "it's $HOME/a\"b", "it's $HOME/a'b", "it's $HOME/`id`", "it's $HOME/bang!1",
    "Shopping/amazon books", "Shopping/tab;semi&(x)", "back\\slash", "ünï cødé 🦊", "[set]*?/x", "~tilde", "#hash",
    "-dash/x", "{a,b}", "per%20cent/x", "e\u{301}combining", "$(touch pwned)/`touch pwned`", "a\"q/b'q", "a'q/b\"q",
    "=equals", "@at", "a:b:c/d:e", "<in>", "|pipe", "x -> y", "'single", "'single'", "\"double", "\"double\"", "q'",
    "r\"",
    "שלום/a", "שלום עולם", "?mark/x", "xmark/y", "s*r/x", "full.", "dots...",
  ]

  /// The shells and the quoting of what is typed.
  static let typed = PassShell.Kind.allCases.flatMap { kind in PassShell.Quoting.allCases.map { (kind, $0) } }

  /// The beginning of a name that is typed: the shortest one that no other name has; `nil` if the name is the beginning
  /// of another one, or the shell cannot complete it.
  private static func beginning(
    of name: String, among names: [String], _ kind: PassShell.Kind, _ quoting: PassShell.Quoting
  ) -> String? {
    var beginning = ""
    for character in name {
      beginning.append(character)
      // fish 3 does not complete a word of its own completions after a star, nor after a question mark within quotes
      // (`theShellsCannotDoBetter`).
      let isWildcard = character == "*" || (character == "?" && quoting != .backslashes)
      if kind == .fish, isWildcard, beginning.utf8.count < name.utf8.count { continue }
      guard names.count(where: { $0.utf8.starts(with: beginning.utf8) }) == 1 else { continue }
      switch (kind, quoting) {
      // A user cannot type an exclamation mark within double quotes.
      case (.bash, .double), (.zsh, .double): return beginning.contains("!") ? nil : beginning
      // zsh completes commands after an equals sign.
      case (.zsh, .backslashes): return beginning.hasPrefix("=") ? nil : beginning
      // For bash a command, or the name of a host, begins there (`theShellsCannotDoBetter`).
      case (.bash, .backslashes): return beginning.contains(/[;|&{(`]@/) ? nil : beginning
      default: return beginning
      }
    }
    return nil
  }

  /// Completes names in a shell.
  ///
  /// - Returns: how many were tried.
  private func complete(_ names: [String], _ kind: PassShell.Kind, _ quoting: PassShell.Quoting) throws -> Int {
    let home = try PassHome(names: names)
    let shell = try PassShell(kind, environment: home.environment)
    var tried = 0
    for (number, name) in names.enumerated() {
      guard let beginning = Self.beginning(of: name, among: names, kind, quoting) else { continue }
      tried += 1
      var line = "pass show -- " + shell.typed(beginning, quoting)
      line += shell.tabs(for: name.dropFirst(beginning.count))
      // fish leaves the quote open after these, so that the user can go on (`theShellsCannotDoBetter`).
      if kind == .fish, let mark = quoting.mark, beginning != name, name.contains(/[\/=@:.,-]$/) { line += mark }
      do {
        try shell.enter(line, showing: PassHome.password(number))
      } catch {
        Issue.record("\(name), typed \(line.debugDescription): \(error)")
      }
    }
    for folder in [home.environment["HOME", default: ""], FileManager.default.currentDirectoryPath] {
      #expect(!FileManager.default.fileExists(atPath: folder + "/pwned"))
    }
    return tried
  }

  @Test(arguments: typed) func difficultNames(kind: PassShell.Kind, quoting: PassShell.Quoting) throws {
    #expect(try complete(Self.difficult, kind, quoting) > 30)
  }

  @Test(arguments: typed) func randomNames(kind: PassShell.Kind, quoting: PassShell.Quoting) throws {
    var random = TestSeed.generator()
    let count = ProcessInfo.processInfo.environment["LOCKWISE_COMPLETIONS"].flatMap { Int($0) } ?? 6
    var names: Set<[UInt8]> = []
    while names.count < count { names.insert(Array(RandomNames.path(&random).utf8)) }
    let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
    #expect(try complete(sorted, kind, quoting) > count / 6)
  }

  /// The names that `beginning` leaves out, or that are typed in another way: bash cannot complete such names of files
  /// either, nor fish such words of any other completion.
  @Test func theShellsCannotDoBetter() throws {
    let home = try PassHome()
    let folder = home.environment["HOME", default: ""]
    for name in ["a;@b", "`id`@c"] { try home.scratch.write("the file\n", to: folder + "/" + name) }
    let bash = try PassShell(.bash, before: "cd", environment: home.environment)
    try bash.enter("cat a\\;@\t", showing: "'a;@': No such file")
    try bash.enter("cat \\`id\\`@\t", showing: "'`id`@': No such file")
    let fish = try PassShell(
      .fish, before: "function zz; echo got $argv; end; complete -c zz -f -a \"'s*r' full=\"",
      environment: home.environment)
    try fish.enter("zz s\\*\t", showing: "got s*\r")
    let other = try PassShell(
      .fish, before: "function zz; echo got $argv; end; complete -c zz -f -a \"'q/?/r' other\"",
      environment: home.environment)
    try other.enter("zz 'q/?\t", showing: "got q/?\r")
    // A second quote would not end the word.
    try fish.enter("zz 'ful\t'", showing: "got full=\r")
  }
}
