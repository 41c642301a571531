import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The command `generate`, compared with Debian's pass where the password is not random.
@Suite(.serialized) struct PassGenerateTests {
  private let home: PassHome
  private let store: PasswordStore

  init() throws {
    home = try PassHome()
    store = try PasswordStore()
  }

  /// Runs a command line in both, with only one possible password.
  private func compare(
    _ arguments: [String], with variables: [String: String] = ["PASSWORD_STORE_CHARACTER_SET": "x"],
    isUsage: Bool = false
  ) throws {
    let theirs = try store.pass(arguments, with: variables)
    let ours = try home.pass(arguments, with: variables)
    #expect(ours.status == (isUsage ? 64 : theirs.status), "\(arguments): \(ours.error)")
    // pass has colours in a pipe too, and its mkdir reports new folders.
    let output = theirs.output.replacing(#/\u{1B}\[[0-9]+m/#, with: "").split(separator: "\n")
      .filter { !$0.hasPrefix("mkdir: created directory") }
    #expect(ours.output.split(separator: "\n") == output, "\(arguments)")
    #expect(ours.error == theirs.error, "\(arguments)")
  }

  @Test func texts() throws {
    try compare(["generate", "a/b"])
    try compare(["show", "a/b"])
    try compare(["generate", "a/c", "7"])
    try compare(["generate", "-f", "a/c", "8"])
    try compare(
      ["generate", "a/d"], with: ["PASSWORD_STORE_CHARACTER_SET": "y", "PASSWORD_STORE_GENERATED_LENGTH": "3"])
    try compare(["generate", "-n", "a/e", "4"], with: ["PASSWORD_STORE_CHARACTER_SET_NO_SYMBOLS": "z"])
    try compare(["generate", "-i", "a/e", "5"])
    try compare(["show", "a/e"])
    try compare(["generate", "a/f", "x"])
    try compare(["generate", "a/f", "-3"], isUsage: true)
    try compare(["generate", "a/f", "0"])
    try compare(["generate", "a/f", "00"])
    try compare(["generate"], isUsage: true)
    try compare(["generate", "a", "1", "2"], isUsage: true)
    try compare(["generate", "-fi", "a"], isUsage: true)
    try compare(["generate", "-cq", "a"], isUsage: true)
    try compare(["generate", "../a"])
    try compare(["show", "a/f"])
  }

  @Test func notesAreKept() throws {
    try home.pass("insert", "-m", "shop.example/alice", input: .text("old\nnote 1\n\nnote 2")).expectSuccess()
    for options in [["-i"], ["-f"], []] {
      try home.pass(["generate"] + options + ["shop.example/alice", "12"]).expectSuccess()
      let lines = try home.pass("show", "shop.example/alice").output.split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0].count == 12 && lines[0] != "old")
      #expect(lines[1...].joined(separator: "\n") == "note 1\n\nnote 2\n")
    }
  }

  @Test func words() throws {
    let run = try home.pass("generate", "--words", "5", "a/w").expectSuccess()
    #expect(run.lines[0] == "The generated password for a/w is:")
    #expect(run.lines[1].split(separator: "-").count == 5)
    #expect(try home.pass("show", "a/w").output == run.lines[1] + "\n")
    for arguments in [["--words", "0", "a/x"], ["--words", "9999999999999999999", "a/x"]] {
      #expect(try home.pass(["generate"] + arguments).status == 1)
    }
    for arguments in [["--words", "x", "a/x"], ["--words", "3", "a/x", "9"], ["--words", "3", "-n", "a/x"]] {
      #expect(try home.pass(["generate"] + arguments).status == 64)
    }
    #expect(try home.pass("show", "a/x").status == 1)
  }

  @Test(arguments: ["z-a", "[:none:]", "\\n", "\u{E9}", "[:space:]"]) func sets(set: String) throws {
    let run = try home.pass("generate", "a/x", with: ["PASSWORD_STORE_CHARACTER_SET": set])
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(try home.logins().isEmpty)
  }

  @Test func coloursAtATerminal() throws {
    let terminal = try home.terminal(
      ["generate", "a/t", "3"], with: ["PASSWORD_STORE_CHARACTER_SET": "x", "TERM": "xterm"])
    let outcome = try terminal.finish()
    #expect(outcome.status == 0)
    let text =
      "\u{1B}[1mThe generated password for \u{1B}[4ma/t\u{1B}[24m is:\u{1B}[0m\r\n\u{1B}[1m\u{1B}[93mxxx\u{1B}[0m\r\n"
    #expect(outcome.shown == text + "\r\n")
  }
}
