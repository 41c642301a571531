import Foundation
import Testing

@testable import LockwiseHostSupport

/// The same command lines, given to Debian's pass and to lockwise-pass, have the same status and print the same.
///
/// The differences are those that lockwise-pass makes on purpose: status 64 for a wrong command line, names instead of
/// paths of files, and no reports about folders that are made.
@Suite final class PassCompatibilityTests {
  private let store: PasswordStore
  private let home: PassHome

  init() throws {
    store = try PasswordStore()
    home = try PassHome()
    for name in ["Email/work", "Email/home", "Bank/card", "it's a name", "a b/c d"] {
      try both(["insert", "-m", name], .text("secret of \(name)\nlogin: marie\n"))
    }
    try both(["insert", "-m", "Email"], .text("both an entry and a folder\n"))
  }

  /// A line of a script: arguments and standard input.
  struct Step: Sendable, CustomStringConvertible {
    let arguments: [String]
    let input: String?

    init(_ arguments: String..., input: String? = nil) {
      self.arguments = arguments
      self.input = input
    }

    var description: String { arguments.joined(separator: " ") }
  }

  static let steps: [Step] = [
    Step("show", "Email/work"), Step("Email/work"), Step("ls", "Email/work"), Step("list", "/Email/work"),
    Step("show", "Email"), Step("show", "Bank/card", "extra"), Step("show", "--", "Bank/card"),
    Step("show", "-c9", "Bank/card"), Step("show", "-cx", "Bank/card"), Step("show", "--clip=1x", "Bank/card"),
    Step("show", "-qx", "Bank/card"), Step("show", "--qrcode=7", "Bank/card"), Step("show", "nothing"),
    Step("show", "Email/nothing"), Step("nothing"), Step("ls", "no/folder/"), Step("show", "email/work"),
    Step("show", "Email/work/"), Step("show", "-c", "-q", "Bank/card"), Step("show", "-x", "Bank/card"),
    Step("show", "--none"), Step("ls", "-z"), Step("show", "--clip"), Step("show", ".."), Step("../x"),
    Step("show", "a/../b"), Step("show", "a/.."), Step("find"), Step("search"), Step("grep"),
    Step("insert"), Step("insert", "a", "b"), Step("insert", "-m", "-e", "a"), Step("add", "-me", "a"),
    Step("insert", "--mult=x", "a"), Step("insert", "-x", "a"), Step("insert", "../a"),
    Step("insert", "-m", "New/one", input: "body\nof two\n"), Step("show", "New/one"),
    Step("insert", "-mf", "New/one", input: "other\n"), Step("show", "New/one"),
    Step("insert", "--multiline", "--force", "New/one", input: "third\n\n\n"), Step("show", "New/one"),
    Step("insert", "-m", "New/unicode ä 😀", input: "é\n"), Step("show", "New/unicode ä 😀"),
    Step("insert", "-e", "New/echo", input: "line\nrest\n"), Step("show", "New/echo"),
    Step("insert", "-ef", "New/echo/", input: "again\n"), Step("show", "New/echo"),
    Step("insert", "--echo", "New/unended", input: "no line feed"), Step("show", "New/unended"),
    Step("insert", "New/twice", input: "same\nsame\n"), Step("show", "New/twice"),
    Step("insert", "New/differ", input: "one\ntwo\n"), Step("show", "New/differ"),
    Step("insert", "New/once", input: "one\n"), Step("show", "New/once"),
    Step("add", "-f", "New/twice", input: "b\nb\n"), Step("show", "New/twice"),
    Step("rm"), Step("rm", "a", "b"), Step("delete", "nothing"), Step("remove", "../x"), Step("rm", "-f", "nothing"),
    Step("rm", "-f", "New/once"), Step("rm", "New/echo"), Step("show", "New/echo"), Step("rm", "it's a name"),
    Step("rm", "-rf", "Email"), Step("show", "Email"), Step("show", "Email/home"),
    Step("mv"), Step("mv", "a"), Step("cp", "a", "b", "c"), Step("rename", "-x", "a"), Step("mv", "../a", "b"),
    Step("copy", "a", ".."), Step("mv", "-f", "New/unended", "Moved/one"), Step("show", "Moved/one"),
    Step("show", "New/unended"), Step("cp", "Moved/one", "Copied/one"), Step("show", "Copied/one"),
    Step("mv", "Copied/one", "Moved/"), Step("show", "Moved/one"), Step("cp", "Bank/card", "Moved"),
    Step("show", "Moved/card"), Step("mv", "Moved", "Renamed"), Step("show", "Renamed/card"),
    Step("show", "Moved/card"),
    Step("cp", "Renamed", "Twice"), Step("show", "Twice/one"), Step("rename", "Twice", "Bank/"),
    Step("show", "Bank/Twice/one"), Step("edit"), Step("edit", "a", "b"), Step("generate"),
    Step("generate", "a", "1", "b"), Step("generate", "-i", "-f", "a"), Step("generate", "-c", "-q", "a"),
    Step("generate", "a", "x"), Step("generate", "a", "0"), Step("init"), Step("init", "-p"), Step("git", "log"),
    Step("rm", "-rf", "Bank/"), Step("show", "Bank/card"), Step("grep", "nothing at all"), Step("grep", "-c", "x{{"),
  ]

  /// Runs all steps in turn, since each sees what the earlier ones left.
  @Test func agreesStepByStep() throws {
    for step in Self.steps { try both(step.arguments, step.input.map { .text($0) } ?? .none) }
  }

  /// The entries after each question at a terminal, and what the terminal showed.
  @Test(arguments: ["y\r", "Y\r", "n\r", "yes\r", "\r", "\u{3}", "\u{4}"]) func asksAlike(answer: String) throws {
    try question(["insert", "-e", "Bank/card"], "Overwrite it? [y/N] ", answer) { terminal in
      guard answer.lowercased() == "y\r" else { return }
      try terminal.expect("Enter password for Bank/card: ")
      terminal.enter("new")
    }
    try both(["show", "Bank/card"], isLineOneOnly: true)
    try question(["rm", "Bank/card"], "Are you sure you would like to delete Bank/card? [y/N] ", answer) { _ in }
    try both(["show", "Bank/card"], isLineOneOnly: true)
    try question(["rm", "-r", "Email/"], "Are you sure you would like to delete Email/? [y/N] ", answer) { _ in }
    try both(["show", "Email/home"])
  }

  /// Two typed passwords: equal, different, ended by Ctrl-C or Ctrl-D at either prompt.
  @Test(arguments: [["s\r", "s\r"], ["s\r", "t\r"], ["\u{3}"], ["\u{4}"], ["s\r", "\u{3}"], ["s\r", "\u{4}"]])
  func hidesPasswordsAlike(keys: [String]) throws {
    try question(["insert", "New/typed"], "Enter password for New/typed: ", keys[0]) { terminal in
      guard keys.count > 1 else { return }
      try terminal.expect("Retype password for New/typed: ")
      terminal.send(keys[1])
    }
    try both(["show", "New/typed"])
  }

  /// Runs a command at a terminal in both, and compares what is shown and the status.
  private func question(
    _ arguments: [String], _ prompt: String, _ answer: String, then: (PseudoTerminal) throws -> Void
  ) throws {
    let outcomes = try [store.terminal(arguments), home.terminal(arguments)].map { terminal in
      try terminal.expect(prompt)
      // bash restores the terminal late, and keys that arrive before are lost.
      terminal.send(answer)
      try then(terminal)
      return try terminal.finish()
    }
    #expect(outcomes[1].status == outcomes[0].status, "\(arguments) \(answer.debugDescription)")
    #expect(plain(outcomes[1].shown) == plain(outcomes[0].shown), "\(arguments) \(answer.debugDescription)")
    #expect(outcomes[1].isRestored)
  }

  /// Runs a command in both, and compares.
  private func both(_ arguments: [String], _ input: Input = .none, isLineOneOnly: Bool = false) throws {
    let (theirs, ours) = (try store.pass(arguments, input: input), try home.pass(arguments, input: input))
    let isUsage = theirs.error.contains("Usage: pass ")
    #expect(ours.status == (isUsage ? 64 : theirs.status), "\(arguments): \(ours.error)")
    #expect(plain(ours.error) == plain(theirs.error), "\(arguments)")
    guard isLineOneOnly else {
      #expect(plain(ours.output) == plain(theirs.output), "\(arguments)")
      return
    }
    // insert without -m keeps the notes.
    #expect(ours.lines.first == theirs.lines.first, "\(arguments)")
  }

  /// The lines without paths, colours, reports about folders and what a terminal adds. rm(1) and cp(1) print the files
  /// of a folder in no order, so their lines are sorted.
  private func plain(_ text: String) -> [String] {
    // By scalars: a carriage return and a line feed are one character.
    let text = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" }))
    let lines: [String] = text.replacing("\(store.folder)/", with: "")
      .replacing(store.folder, with: "").replacing(/\u{1B}\[[0-9;?]*[a-zA-Z]/, with: "").replacing(".gpg", with: "")
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).replacing(/\/('|$)/) { String($0.output.1) } }
      .filter { !$0.hasPrefix("mkdir: created directory") && !$0.hasPrefix("removed directory") }
    func isUnordered(_ line: String) -> Bool { line.hasPrefix("removed ") || line.hasPrefix("'") }
    return lines.filter { !isUnordered($0) } + lines.filter(isUnordered).sorted()
  }
}
