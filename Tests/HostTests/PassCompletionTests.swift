import Foundation
import Testing

@testable import LockwiseHostSupport

/// The completions of commands, options and folders in real shells at terminals.
@Suite(.serialized) struct PassCompletionTests {
  @Test(arguments: PassShell.Kind.allCases) func completesFoldersCommandsAndOptions(kind: PassShell.Kind) throws {
    let home = try PassHome(names: ["github.com/alice", "github.com/bob", "other"])
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
    let home = try PassHome(names: ["github.com/alice"])
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
    let home = try PassHome(names: ["github.com/alice"])
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
    let home = try PassHome(names: [
      "host.example:8443/alice", "host.example:8443/bob", "it's $HOME/bang!1", "Shopping/amazon books",
    ])
    try FileManager.default.removeItem(atPath: home.bin + "/pass")
    home.environment["PASSWORD_STORE_ENABLE_EXTENSIONS"] = "true"
    let folder = Readme.root.appendingPathComponent("contrib/pass-extension").path
    home.environment["PASSWORD_STORE_EXTENSIONS_DIR"] = folder
    let shell = try PassShell(
      .bash, before: "source /usr/share/bash-completion/completions/pass", environment: home.environment)
    try shell.enter("pass lockw\tshow host.example:84\tal\t", showing: "password 0 of the test\r")
    try shell.enter("pass lockwise \"it's\tban\t", showing: "password 2 of the test\r")
    try shell.enter("pass lockwise show Shop\tama\t", showing: "password 3 of the test\r")
  }
}
