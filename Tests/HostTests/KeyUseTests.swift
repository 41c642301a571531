import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// Only runs that a user started renew the time of unlocked keys.
@Suite(.needsKeyring) final class KeyUseTests {
  private static let passphrase = "polonium ☢"
  private static let request = "protocol=https\nhost=github.com\n"

  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull(passphrase: Self.passphrase)
  }

  /// Unlocks for hours, then runs `use` with a time of a minute, which only a renewal gives the key.
  private func isRenewed(by use: ([String: String]) throws -> Void) throws -> Bool {
    try stage.sync("lock").expectSuccess()
    let pinentry = try PinentryScript(stage.scratch)
    try pinentry.answer(Self.passphrase)
    try stage.sync("unlock", with: ["LOCKWISE_UNLOCK_TIME": "10000"]).expectSuccess()
    for name in ["DISPLAY", "SSH_CONNECTION", "WAYLAND_DISPLAY"] { stage.scratch.environment[name] = nil }
    #expect(try SessionKey.find(stage.scratch.vaultFile)?.timeout == "2h")
    try use(["LOCKWISE_UNLOCK_TIME": "59"])
    let key = try #require(try SessionKey.find(stage.scratch.vaultFile))
    let timeout = key.timeout
    #expect(timeout == "2h" || timeout.hasSuffix("s"), "\(timeout)")
    return timeout.hasSuffix("s")
  }

  @Test(arguments: [
    ["pull", "--quiet"], ["push", "--quiet"], ["pull"], ["devices"], ["status"], ["doctor"], ["unlock"],
  ])
  func doesNotRenewWithoutATerminal(arguments: [String]) throws {
    let isRenewed = try isRenewed { variables in
      let run = try Run.program(
        Executables.path("lockwise-sync"), arguments, environment: stage.scratch.environment.merging(variables) { $1 })
      run.expectSuccess()
    }
    #expect(!isRenewed)
  }

  @Test func renewsForACommandAtATerminal() throws {
    let isRenewed = try isRenewed { variables in
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"), ["pull"], environment: stage.scratch.environment.merging(variables) { $1 })
      #expect(try terminal.finish().status == 0)
    }
    #expect(isRenewed)
  }

  /// `status` does not count as use, even at a terminal.
  @Test(arguments: ["status", "doctor"]) func doesNotRenewForStatus(command: String) throws {
    let isRenewed = try isRenewed { variables in
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"), [command], environment: stage.scratch.environment.merging(variables) { $1 })
      #expect(try terminal.finish().status == 0)
    }
    #expect(!isRenewed)
  }

  @Test(arguments: ["DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"])
  func renewsForGitAtATerminal(sign: String) throws {
    let isRenewed = try isRenewed { variables in
      let run = try stage.get(Self.request, with: variables.merging([sign: "x"]) { $1 })
      #expect(run.password != nil)
    }
    #expect(isRenewed)
  }

  /// Runs as cron does.
  @Test(arguments: [[:], ["DISPLAY": ":0", "LOCKWISE_NO_PROMPT": "1"]])
  func doesNotRenewForGitWithoutATerminal(signs: [String: String]) throws {
    let isRenewed = try isRenewed { variables in
      let run = try stage.get(Self.request, with: variables.merging(signs) { $1 })
      #expect(run.password != nil)
    }
    #expect(!isRenewed)
  }

  /// The helper starts the pull, whose own end is awaited here.
  @Test(.ownThread) func doesNotRenewForABackgroundPull() throws {
    let isRenewed = try isRenewed { variables in
      try stage.sandbox.clearRequests()
      let aged = variables.merging(["LOCKWISE_PULL_INTERVAL": "1", "LOCKWISE_UNLOCK_TIME": "59"]) { $1 }
      sleep(2)
      #expect(try stage.get(Self.request, with: aged).password != nil)
      #expect(try Deadline(seconds: 20).await { try !stage.sandbox.requests().isEmpty })
      // Not told that the other one has just finished, if it waits for it.
      let error = try stage.sync("pull", "--quiet").expectSuccess().error
      #expect(error.isEmpty, "\(error)")
    }
    #expect(!isRenewed)
  }

  /// The longest time ends the session although it is in use.
  @Test(.ownThread) func endsAfterTheLongestTime() throws {
    try stage.sync("lock").expectSuccess()
    try PinentryScript(stage.scratch).answer(Self.passphrase)
    try stage.sync("unlock", with: ["LOCKWISE_UNLOCK_MAX": "4"]).expectSuccess()
    stage.scratch.environment["LOCKWISE_PINENTRY"] = ""
    let isOver = try Deadline(seconds: 10).await {
      usleep(200_000)
      return try stage.get(Self.request).password == nil
    }
    #expect(isOver, "the keys are kept forever")
    #expect(try SessionKey.find(stage.scratch.vaultFile) == nil)
  }
}
