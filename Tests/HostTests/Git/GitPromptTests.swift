import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Prompts of a locked vault under git: where, how often, and not at all if forbidden.
@Suite struct GitPromptTests {
  private static let passphrase = "polonium"

  private let stage: GitTestHome

  init() throws {
    stage = try GitTestHome()
    for name in ["one.git", "two.git", "three.git"] { try stage.makeRepository(name) }
    try stage.server.accept(["marie": "radium"])
    try stage.saveInFirefox("firefox00001", username: "marie", password: "radium")
    try stage.stage.signInAndPull(passphrase: Self.passphrase)
    try stage.stage.sync("lock").expectSuccess()
    // A pinentry that records each prompt.
    try stage.scratch.write(
      """
      #!/bin/sh
      echo OK
      while read -r line; do
        case $line in
          GETPIN) echo >>\(stage.scratch.root)/asked; cat \(stage.scratch.root)/pin ;;
          *) echo OK ;;
        esac
      done
      """, to: stage.scratch.root + "/pinentry")
    try setPinentry("ERR 83886179 Operation cancelled <Pinentry>\n")
    stage.scratch.environment["DISPLAY"] = ":4711"
    stage.scratch.environment["LOCKWISE_PINENTRY"] = stage.scratch.root + "/pinentry"
    stage.scratch.environment["GIT_ASKPASS"] = nil
  }

  private func setPinentry(_ answer: String) throws {
    try stage.scratch.write(answer, to: stage.scratch.root + "/pin")
  }

  /// Returns the number of prompts since the last call.
  private func takeAsked() -> Int {
    let path = stage.scratch.root + "/asked"
    defer { unlink(path) }
    return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").count
  }

  /// Makes `git each` a command that runs git for each of three repositories, with a new helper each time.
  private func configureEach(atOnce: Bool = false) throws {
    let urls = ["one", "two", "three"].map { "\(stage.server.url)/\($0).git" }.joined(separator: " ")
    let alias = "!for u in \(urls); do git ls-remote \\\"$u\\\" \(atOnce ? "& done; wait" : "; done")"
    stage.configuration = "[alias]\n\teach = \"\(alias)\"\n"
    try stage.prepare()
  }

  @Test func doesNotAskAgainInACommandAfterACancellation() throws {
    try configureEach()
    let run = try stage.run("each")
    #expect(takeAsked() == 1, "\(run.error)")
    #expect(try stage.server.takeCredentials() == [])
    // A new command asks again.
    _ = try stage.run("ls-remote", stage.server.url + "/one.git")
    #expect(takeAsked() == 1)
  }

  /// Several helpers run at the same time, as with `git fetch --jobs`.
  @Test(.needsKeyring) func asksOnceForSimultaneousHelpers() throws {
    try configureEach(atOnce: true)
    let run = try stage.run("each")
    #expect(takeAsked() == 1, "\(run.error)")
    try setPinentry("D \(Self.passphrase)\nOK\n")
    let unlocked = try stage.run("each").expectSuccess()
    #expect(takeAsked() == 1, "\(unlocked.error)")
    #expect(try stage.server.takeCredentials() == ["marie:radium"])
  }

  /// git gets `quit`, so that it does not ask for the user name next.
  @Test func endsTheCommandAfterACancellation() throws {
    let run = try stage.run("ls-remote", stage.server.url + "/one.git")
    #expect(run.status == 128)
    #expect(run.error.contains("told us to quit"), "\(run.error)")
    let direct = try stage.helper("get", "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n").expectSuccess()
    #expect(direct.output == "quit=true\n" && direct.error.isEmpty, "\(direct.output) \(direct.error)")
  }

  @Test(.needsKeyring) func unlocksForAllHelpers() throws {
    try setPinentry("D \(Self.passphrase)\nOK\n")
    try configureEach()
    let run = try stage.run("each").expectSuccess()
    #expect(takeAsked() == 1)
    #expect(run.error.isEmpty, "\(run.error)")
    #expect(try stage.server.takeCredentials() == ["marie:radium"])
  }

  static let silent: [[String: String]] = [
    ["LOCKWISE_NO_PROMPT": "1"], ["DISPLAY": ""], ["GIT_TERMINAL_PROMPT": "0", "DISPLAY": ""],
    ["GIT_ASKPASS": "/bin/false", "DISPLAY": ""],
  ]

  /// The helper gives no answer and prints one line, and git asks in its own way.
  @Test(.needsKeyring, arguments: silent) func reportsALockedVaultIfPromptsAreForbidden(variables: [String: String])
    throws
  {
    let host = "http://127.0.0.1:\(stage.server.port)"
    let request = "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n"
    let locked = "the vault is locked (unlock it: lockwise-sync unlock)"
    for (verb, text) in [
      ("get", locked), ("store", "cannot save the password for \(host): \(locked)"),
      ("erase", "cannot record that \(host) refused a password: \(locked)"),
    ] {
      let run = try stage.helper(verb, request + "username=u\npassword=p\n", with: variables).expectSuccess()
      #expect(run.output.isEmpty, "\(run.output)")
      #expect(run.error == "git-credential-lockwise: error: \(text)\n")
    }
    let run = try stage.run("ls-remote", stage.server.url + "/one.git", with: variables)
    #expect(run.status == 128 && !run.error.contains("told us to quit"), "\(run.error)")
    #expect(run.error.contains(locked), "\(run.error)")
    #expect(takeAsked() == 0)
  }

  static let withoutTerminal: [[String: String]] = [
    ["GIT_TERMINAL_PROMPT": "0"], ["GIT_TERMINAL_PROMPT": "false"], ["GIT_ASKPASS": "/bin/false"],
  ]

  /// git's settings forbid the terminal, but not a window.
  @Test(arguments: withoutTerminal) func asksInAWindowIfTheTerminalIsForbidden(variables: [String: String]) throws {
    try setPinentry("D \(Self.passphrase)\nOK\n")
    try stage.run("ls-remote", stage.server.url + "/one.git", with: variables).expectSuccess()
    #expect(takeAsked() == 1)
    #expect(try stage.server.takeCredentials() == ["marie:radium"])
  }

  /// An editor that fetches automatically every few minutes.
  @Test(.needsKeyring) func doesNotRepeatACancelledWindow() throws {
    let variables = ["GIT_ASKPASS": "/bin/false"]
    let first = try stage.run("ls-remote", stage.server.url + "/one.git", with: variables)
    #expect(first.error.contains("told us to quit") && takeAsked() == 1, "\(first.error)")
    let second = try stage.run("ls-remote", stage.server.url + "/one.git", with: variables)
    #expect(takeAsked() == 0)
    #expect(second.error.contains("the vault is locked (unlock it: lockwise-sync unlock)"), "\(second.error)")
    // The user's own command asks.
    _ = try stage.run("ls-remote", stage.server.url + "/one.git")
    #expect(takeAsked() == 1)
  }

  /// At a terminal, without pinentry.
  @Test func doesNotRepeatACancelledTerminalPrompt() throws {
    stage.scratch.environment["LOCKWISE_PINENTRY"] = ""
    try configureEach()
    let terminal = try PseudoTerminal(stage.git.path, ["each"], environment: stage.environment())
    try terminal.expect("Enter passphrase for key '")
    terminal.send("\u{4}")
    let outcome = try terminal.finish()
    #expect(outcome.shown.components(separatedBy: "Enter passphrase for key '").count == 2, "\(outcome.shown)")
    #expect(!outcome.shown.contains("Username"), "\(outcome.shown)")
    #expect(outcome.isRestored)
  }
}
