import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// The completions in real shells at terminals. A name is completed if the command prints the password of its entry.
@Suite(.serialized) struct PassCompletionTests {
  private static let difficult = [
    "host.example:8443/alice@example.org", "host.example:8443/bob", "github.com/alice", "github.com/alice/deep er",
    "github.com/mcurie", "it's $HOME/a\"b", "it's $HOME/a'b", "it's $HOME/`id`", "it's $HOME/bang!1",
    "Shopping/amazon books", "Shopping/tab;semi&(x)", "back\\slash", "ünï cødé 🦊", "[set]*?/x", "~tilde", "#hash",
    "-dash/x", "{a,b}", "per%20cent/x", "e\u{301}combining", "$(touch pwned)/`touch pwned`", "a\"q/b'q", "a'q/b\"q",
    "=equals", "@at", "a:b:c/d:e", "<in>", "|pipe", "x -> y",
  ]

  private static func home(_ names: [String]) throws -> PassHome {
    try PassHome(
      names.enumerated().map { number, name in
        let placement = try #require(EntryPlacement(name: name))
        var draft = LoginDraft(
          origin: placement.origin, target: placement.target, username: placement.username,
          password: SecretBytes(utf8: "password \(number) of the test"))
        if let own = placement.ownName {
          draft.members = [("lockwise", SecretBytes(utf8: #"{"name":\#(LoginJSON.quote(own))}"#))]
        }
        return try draft.record(guid: "{0000-\(number)}", now: 1_700_000_000_000)
      })
  }

  /// The shortest beginning of a name that no other name has; `nil` if the name is the beginning of another one.
  private static func uniquePrefix(of name: String, among names: [String]) -> String? {
    var prefix = ""
    for character in name {
      prefix.append(character)
      if names.count(where: { $0.utf8.starts(with: prefix.utf8) }) == 1 { return prefix }
    }
    return nil
  }

  /// The shells and the quoting of what is typed.
  private static let typed: [(PassShell.Kind, PassShell.Quoting)] = [
    (.bash, .backslashes), (.bash, .single), (.bash, .double), (.zsh, .backslashes), (.zsh, .single), (.zsh, .double),
    (.fish, .backslashes),
  ]

  @Test(arguments: typed) func completesDifficultNames(kind: PassShell.Kind, quoting: PassShell.Quoting) throws {
    let names = Self.difficult
    let home = try Self.home(names)
    let shell = try PassShell(kind, environment: home.environment)
    var completed = 0
    for (number, name) in names.enumerated() {
      guard let prefix = Self.uniquePrefix(of: name, among: names) else { continue }
      // A user cannot type an exclamation mark within double quotes.
      if quoting == .double, prefix.contains("!") { continue }
      // zsh completes commands after an equals sign.
      if kind == .zsh, quoting == .backslashes, prefix.hasPrefix("=") { continue }
      let line = "pass show -- " + shell.typed(prefix, quoting) + shell.tabs(for: name.dropFirst(prefix.count))
      do {
        try shell.enter(line, showing: "password \(number) of the test")
        completed += 1
      } catch {
        Issue.record("\(name), typed \(line.debugDescription): \(error)")
      }
    }
    #expect(completed > 20)
    #expect(!FileManager.default.fileExists(atPath: home.environment["HOME", default: ""] + "/pwned"))
    #expect(!FileManager.default.fileExists(atPath: FileManager.default.currentDirectoryPath + "/pwned"))
  }

  @Test(arguments: PassShell.Kind.allCases) func completesFoldersCommandsAndOptions(kind: PassShell.Kind) throws {
    let home = try Self.home(["github.com/alice", "github.com/bob", "other"])
    let shell = try PassShell(kind, environment: home.environment)
    try shell.enter("pass vers\t", showing: "lockwise-pass ")
    try shell.enter("pass git\(kind == .fish ? "hub.com/b" : "hub\tb")\t", showing: "password 1 of the test\r")
    try shell.enter("pass show --pass\toth\t", showing: "password 2 of the test\r")
    try shell.enter("pass show --fie\turl github.com/al\t", showing: "https://github.com\r")
    try shell.enter("lockwise-pass tail oth\t; echo do\"\"ne", showing: "done\r")
    try shell.enter("lockwise-pass mv oth\tcopy/of", showing: "renamed ")
    try shell.enter("pass cop" + shell.tabs(for: "y/of"), showing: "password 2 of the test\r")
  }

  /// Nothing is asked, nothing is shown, and no program is started.
  @Test(arguments: PassShell.Kind.allCases) func aLockedVaultCompletesNothing(kind: PassShell.Kind) throws {
    let home = try Self.home(["github.com/alice"])
    let log = home.scratch.root + "/log"
    for name in ["lockwise-sync", "pinentry"] {
      try home.scratch.write("#!/bin/sh\necho \(name) >>'\(log)'\n", to: home.bin + "/" + name)
    }
    home.environment["LOCKWISE_PULL_INTERVAL"] = nil
    home.environment["LOCKWISE_PINENTRY"] = nil
    let shell = try PassShell(kind, environment: home.environment)
    try FileManager.default.moveItem(atPath: home.scratch.keyFile, toPath: home.scratch.keyFile + ".away")
    try shell.enter("LOCKWISE_NO_PROMPT=1 pass show github.com/al\t\t; echo e\"\"nd", showing: "end\r")
    #expect(!shell.terminal.shown.contains("github.com/alice"), "\(shell.terminal.shown)")
    #expect(!shell.terminal.shown.contains("Passphrase of the vault"), "\(shell.terminal.shown)")
    #expect(!FileManager.default.fileExists(atPath: log))
  }

  /// An open vault that was never pulled is not pulled either.
  @Test(arguments: [PassShell.Kind.bash, .fish]) func completingStartsNoPull(kind: PassShell.Kind) throws {
    let home = try Self.home(["github.com/alice"])
    let log = home.scratch.root + "/log"
    try home.scratch.write("#!/bin/sh\necho \"$@\" >>'\(log)'\n", to: home.bin + "/lockwise-sync")
    home.environment["LOCKWISE_PULL_INTERVAL"] = nil
    let shell = try PassShell(kind, environment: home.environment)
    // The completed line is shown, but no command is run.
    try shell.enter("pass show gith\t\u{1}echo \u{5}", showing: "pass show github.com/alice")
    #expect(!FileManager.default.fileExists(atPath: log))
  }

  /// `pass lockwise` in the real pass, whose own completion calls ours.
  @Test func completesTheExtensionOfTheRealPass() throws {
    let home = try Self.home(Self.difficult)
    try FileManager.default.removeItem(atPath: home.bin + "/pass")
    home.environment["PASSWORD_STORE_ENABLE_EXTENSIONS"] = "true"
    let folder = Readme.root.appendingPathComponent("contrib/pass-extension").path
    home.environment["PASSWORD_STORE_EXTENSIONS_DIR"] = folder
    let shell = try PassShell(
      .bash, before: "source /usr/share/bash-completion/completions/pass", environment: home.environment)
    try shell.enter("pass lockw\tshow host.example:84\tal\t", showing: "password 0 of the test\r")
    try shell.enter("pass lockwise \"it's\tban\t", showing: "password 8 of the test\r")
    try shell.enter("pass lockwise show Shop\tama\t", showing: "password 9 of the test\r")
  }
}
