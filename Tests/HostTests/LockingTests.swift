import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// A vault with a passphrase: unlocking at a terminal, locking, and the reports of a locked vault.
@Suite final class LockingTests {
  private static let passphrase = "polonium 50 % & ☢"
  private static let request = "protocol=https\nhost=github.com\n"

  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull(passphrase: Self.passphrase)
  }

  private func atTerminal(
    _ script: String, with variables: [String: String] = [:]
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      "/bin/sh", ["-c", script], environment: stage.scratch.environment.merging(variables) { $1 })
  }

  private func expectAnswer(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try stage.get(Self.request)
    #expect(run.password == "ghp_webAndGit0123456789", "\(run.error)", sourceLocation: sourceLocation)
    #expect(run.error.isEmpty, sourceLocation: sourceLocation)
  }

  private func expectLocked(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let run = try stage.get(Self.request)
    #expect(run.ending == .exited(0), sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(run.error == Self.locked, "\(run.error)", sourceLocation: sourceLocation)
  }

  /// The report is one line with the command that unlocks the vault.
  private static let locked =
    "git-credential-lockwise: error: the vault is locked (unlock it: lockwise-sync unlock)\n"

  /// Scripts recognise a locked vault by it.
  @Test(arguments: [
    ["pull"], ["push"], ["devices"], ["collections"], ["quota"], ["configuration"], ["get", "passwords"],
    ["delete", "passwords", "aaaaaaaaaaaa"], ["delete-collection", "things", "--yes", "things"],
    ["wipe", "--yes", SandboxProcess.email],
    ["init-storage"], ["unlock"], ["login"],
  ])
  func exitsWith3IfTheVaultIsLocked(command: [String]) throws {
    try stage.sync("lock").expectSuccess()
    var arguments = command
    var input = Input.none
    if command == ["login"] {
      arguments += ["--server", stage.sandbox.url, "--password-stdin", stage.sandbox.currentEmail]
      input = .text(SandboxProcess.password + "\n")
    }
    let run = try Run.program(
      Executables.path("lockwise-sync"), arguments, input: input,
      environment: stage.scratch.environment.merging(["LOCKWISE_NO_PROMPT": "1"]) { $1 })
    run.expectRefusal(3, "error: the vault is locked", "hint: ")
  }

  @Test(
    .needsKeyring,
    arguments: ["GIT_TERMINAL_PROMPT=0", "LOCKWISE_NO_PROMPT=1", "GIT_TERMINAL_PROMPT=false", "GIT_ASKPASS=true"])
  func doesNotPromptIfPromptsAreForbidden(setting: String) throws {
    try stage.sync("lock").expectSuccess()
    let terminal = try atTerminal(
      "printf 'protocol=https\\nhost=github.com\\n' | \(setting) git-credential-lockwise get")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0)
    #expect(!outcome.shown.contains("password="))
    let lines = outcome.shown.split(whereSeparator: \.isNewline)
    #expect(lines == [Self.locked.dropLast()], "\(outcome.shown)")
  }

  @Test(.needsKeyring) func keysExpire() throws {
    stage.scratch.environment["LOCKWISE_UNLOCK_TIME"] = "2"
    try stage.sync("lock").expectSuccess()
    let terminal = try atTerminal("lockwise-sync unlock")
    try terminal.expect("Enter passphrase for key '")
    terminal.enter(Self.passphrase)
    #expect(try terminal.finish().status == 0)
    try expectAnswer()
    // `status` does not keep the keys.
    let isOver = try Deadline(seconds: 10).await { try stage.status()["locked"] as? Bool == true }
    #expect(isOver, "the keys never expire")
    try expectLocked()
  }

  @Test(.needsKeyring) func keepsNoKeysForATimeOfZero() throws {
    try stage.sync("lock").expectSuccess()
    let terminal = try atTerminal("lockwise-sync unlock", with: ["LOCKWISE_UNLOCK_TIME": "0"])
    try terminal.expect("Enter passphrase for key '")
    terminal.enter(Self.passphrase)
    #expect(try terminal.finish().status == 3)
    try expectLocked()
  }

  @Test(.needsKeyring) func refusesLooserModes() throws {
    for (path, mode) in [(stage.scratch.vault, 0o755), (stage.scratch.vaultFile, 0o644)] {
      chmod(path, mode_t(mode))
      try expectUntrusted("other users can access it (mode \(String(mode, radix: 8)))", path)
      chmod(path, path == stage.scratch.vault ? 0o700 : 0o600)
      try expectAnswer()
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root can give a file away"))
  func refusesAnotherOwner() throws {
    for path in [stage.scratch.vaultFile, stage.scratch.vault] {
      chown(path, 65534, 65534)
      try expectUntrusted("it belongs to another user", path)
      chown(path, 0, 0)
      try expectAnswer()
    }
  }

  @Test func refusesSymbolicLinks() throws {
    let elsewhere = stage.scratch.root + "/elsewhere.db"
    #expect(rename(stage.scratch.vaultFile, elsewhere) == 0)
    #expect(symlink(elsewhere, stage.scratch.vaultFile) == 0)
    try expectUntrusted("not a regular file", stage.scratch.vaultFile)
  }

  private func expectUntrusted(
    _ reason: String, _ path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let message = "cannot trust \(path): \(reason)"
    for command in ["pull", "status", "unlock", "lock"] {
      try stage.sync(command).expectRefusal(7, message, "chmod 700", sourceLocation: sourceLocation)
    }
    let run = try stage.get(Self.request)
    #expect(run.ending == .exited(0), sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    run.expectWellFormedErrors(by: "git-credential-lockwise", sourceLocation: sourceLocation)
    #expect(run.error.contains(message), "\(run.error)", sourceLocation: sourceLocation)
  }

  @Test func reportsAMissingHome() throws {
    for name in ["HOME", "LOCKWISE_HOME"] { stage.scratch.environment[name] = nil }
    for command in ["pull", "status", "unlock", "lock", "logout"] {
      try stage.sync(command).expectRefusal(1, "HOME must be an absolute path")
    }
    let run = try stage.get(Self.request).expectSuccess()
    #expect(run.output.isEmpty)
    #expect(run.error.contains("error: cannot find the vault"))
  }

  @Test(.needsKeyring) func findsTheVaultByTheEnvironment() throws {
    let state = stage.scratch.root + "/state"
    stage.scratch.environment["LOCKWISE_HOME"] = nil
    #expect(try stage.get(Self.request).output.isEmpty)
    stage.scratch.environment["XDG_STATE_HOME"] = "relative/path"
    #expect(try stage.get(Self.request).output.isEmpty)
    stage.scratch.environment["XDG_STATE_HOME"] = state
    try expectAnswer()
    stage.scratch.environment["XDG_STATE_HOME"] = nil
    let local = stage.scratch.environment["HOME", default: ""] + "/.local"
    #expect(mkdir(local, 0o700) == 0 && symlink(state, local + "/state") == 0)
    try expectAnswer()
    stage.scratch.environment["LOCKWISE_HOME"] = stage.scratch.vault
  }
}
