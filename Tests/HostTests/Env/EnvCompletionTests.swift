import Foundation
import Testing

@testable import LockwiseHostSupport

/// The completions of commands, options and references in real shells at terminals.
@Suite(.serialized) struct EnvCompletionTests {
  private func home() throws -> EnvHome {
    try EnvHome([
      .init(origin: "https://github.com", username: "alice", password: "password of alice"),
      .init(origin: "https://github.com", username: "bob", password: "password of bob"),
      .init(origin: "ssh://box:22", username: "ro ot", password: "password of root", realm: "ssh"),
    ])
  }

  private func shell(_ kind: PassShell.Kind, _ home: EnvHome) throws -> PassShell {
    try PassShell(kind, of: "lockwise-env", environment: home.environment)
  }

  @Test(arguments: PassShell.Kind.allCases) func completesReferences(kind: PassShell.Kind) throws {
    let home = try home()
    let shell = try shell(kind, home)
    // zsh completes one part for each tab.
    let next = kind == .zsh ? "\t" : ""
    try shell.enter("lockwise-env rea\tlockw\tgit\(next)\(kind == .fish ? "hub.com/" : "")\tb\t", showing: "of bob\r")
    try shell.enter("lockwise-env read git\(kind == .fish ? "hub.com/" : "\t")al\t", showing: "of alice\r")
    try shell.enter("lockwise-env read lockwise://ss\t\(next)", showing: "of root\r")
    try shell.enter("lockwise-env read github.com/bob/us\t", showing: "bob\r")
    try shell.enter(
      "lockwise-env export --for\tjs\tX=lockwise://ss\t\(next)", showing: #"{"X":"password of root"}"#)
    try shell.enter("lockwise-env run X=lockwise://ss\t\(next) printen\tX", showing: "of root\r")
    try shell.enter("lockwise-env run --stdi\tss\t\(next) cat", showing: "of root")
  }

  /// User names with blanks, quotes, letters of other scripts and what else a reference or a shell treats in a special
  /// way. A reference is completed if the command prints the password of its login.
  @Test(arguments: PassShell.Kind.allCases) func completesDifficultReferences(kind: PassShell.Kind) throws {
    let names = [
      "ünï cødé 🦊", "apostrophe's", "\"quoted\"", "percent%20", "-dash", "semi;colon", "slash/es", "שלום", "[set]",
      "two  blanks", "$(touch pwned)", "`id`", "#hash", "~tilde", "=equals", "at@home.example", "e\u{301}combining",
    ]
    let home = try EnvHome(names.map { .init(username: $0, password: "password of \($0)", realm: "git") })
    let references = try home.env("ref").expectSuccess().lines
    #expect(references.count == names.count)
    let shell = try shell(kind, home)
    for reference in references {
      let password = try home.env("read", reference).expectSuccess().output
      // The shortest beginning that no other reference has. For zsh a bracket begins a subscript.
      var beginning = try #require(
        reference.indices.lazy.map { String(reference[...$0]) }
          .first { beginning in references.count { $0.utf8.starts(with: beginning.utf8) } == 1 })
      if kind == .zsh { beginning = beginning.replacing("[", with: "\\[") }
      do {
        try shell.enter("lockwise-env read \(beginning)\t", showing: password.trimmingCharacters(in: .newlines) + "\r")
      } catch {
        Issue.record("\(reference), typed \(beginning): \(error)")
      }
    }
    for folder in [home.path("home"), FileManager.default.currentDirectoryPath] {
      #expect(!FileManager.default.fileExists(atPath: folder + "/pwned"))
    }
  }

  /// Nothing is asked, nothing is shown, and no program is started.
  @Test(arguments: PassShell.Kind.allCases) func completesNothingIfTheVaultIsLocked(kind: PassShell.Kind) throws {
    let home = try home()
    let log = home.scratch.root + "/log"
    for name in ["lockwise-sync", "pinentry"] {
      try home.scratch.write("#!/bin/sh\necho \(name) >>'\(log)'\n", to: home.bin + "/" + name)
    }
    home.environment["LOCKWISE_PULL_INTERVAL"] = nil
    home.environment["LOCKWISE_PINENTRY"] = nil
    let shell = try shell(kind, home)
    try home.loseKey()
    try shell.enter("LOCKWISE_NO_PROMPT=1 lockwise-env read gith\t\t; echo e\"\"nd", showing: "end\r")
    #expect(!shell.terminal.shown.contains("github.com"), "\(shell.terminal.shown)")
    #expect(!shell.terminal.shown.contains("Passphrase of the vault"), "\(shell.terminal.shown)")
    #expect(!FileManager.default.fileExists(atPath: log))
  }
}
