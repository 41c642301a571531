import Foundation
import Testing

@testable import LockwiseHostSupport

/// The questions, deletions and reports of `logout`.
@Suite final class LogoutTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
  }

  private func atTerminal(_ answer: String) throws -> PseudoTerminal.Outcome {
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["logout"], environment: stage.scratch.environment)
    try terminal.expect("Delete the vault? [y/N] ")
    terminal.enter(answer)
    return try terminal.finish()
  }

  @Test(arguments: ["", "n", "no", "nonsense"]) func asksAndKeepsTheVaultOffline(answer: String) throws {
    stage.sandbox.kill()
    let outcome = try atTerminal(answer)
    #expect(outcome.status == 130 && outcome.shown.contains("nothing was deleted"), "\(outcome.shown)")
    #expect(outcome.shown.contains("stays listed in your"))
    #expect(stage.scratch.hasVault)
    try stage.sync("status", "--offline").expectSuccess()
    #expect(try stage.get("protocol=https\nhost=github.com\n").username == "mcurie")
  }

  @Test(arguments: ["y", "yes", "Yes"]) func deletesTheVaultOfflineIfTheUserConfirms(answer: String) throws {
    stage.sandbox.kill()
    let outcome = try atTerminal(answer)
    #expect(outcome.status == 0, "\(outcome.shown)")
    #expect(stage.scratch.vaultFiles.isEmpty)
    #expect(outcome.shown.contains("notice: this sign-in stays listed in your account until you disconnect it there"))
    #expect(outcome.shown.contains("\(stage.sandbox.url)/settings"))
  }

  @Test func keepsTheVaultOfflineWithoutATerminal() throws {
    stage.sandbox.kill()
    try stage.sync("logout").expectRefusal(
      4, "nothing was deleted", "hint: or delete the vault anyway: lockwise-sync logout --force")
    #expect(stage.scratch.hasVault)
    let run = try stage.sync("logout", "--force").expectSuccess()
    run.expectWellFormedErrors(by: "lockwise-sync")
    #expect(run.error.contains("this sign-in stays listed"), "\(run.error)")
    #expect(stage.scratch.vaultFiles.isEmpty)
  }

  @Test func reportsDeletedAndRemainingData() throws {
    let run = try stage.sync("logout").expectSuccess()
    run.expectWellFormedErrors(by: "lockwise-sync")
    #expect(run.error.contains("signed out marie.curie@example.org"))
    #expect(run.error.contains("the vault in \(stage.scratch.vault) is deleted; the logins stay in Firefox"))
    #expect(run.error.contains("the key file \(stage.scratch.keyFile) stays"))
    #expect(!run.error.contains("stays listed"))
    #expect(!run.error.contains("unconfigure"), "git does not call us here: \(run.error)")
    #expect(access(stage.scratch.keyFile, R_OK) == 0)
  }

  @Test func suggestsUnconfigureIfGitUsesIt() throws {
    try stage.scratch.write("[credential]\n\thelper = lockwise\n", to: stage.scratch.root + "/gitconfig")
    let run = try stage.sync("logout").expectSuccess()
    #expect(
      run.error.contains("hint: git still uses lockwise; to stop that: git-credential-lockwise unconfigure"),
      "\(run.error)")
  }
}
