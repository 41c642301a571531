import Foundation
import Testing

@testable import LockwiseHostSupport

/// The pull at the end of `lockwise-sync login`.
@Suite final class FirstPullTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  private func start() throws -> RunningProgram {
    try RunningProgram(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--password-stdin", "--key-file", stage.scratch.keyFile]
        + [SandboxProcess.email],
      input: .text(SandboxProcess.password + "\n"), environment: stage.scratch.environment)
  }

  @Test func fetchesTheLogins() throws {
    let run = try start().finish().expectSuccess()
    #expect(run.output.isEmpty)
    run.expectWellFormedErrors(by: "lockwise-sync")
    #expect(run.error.contains("notice: the vault has 46 logins from \(SandboxProcess.email)\n"), "\(run.error)")
    #expect(try stage.status()["logins"] as? Int == 46)
    #expect(try stage.get("protocol=https\nhost=github.com\n").password == "ghp_webAndGit0123456789")
  }

  /// The device record is registered and the token stored by then.
  @Test(arguments: ["info/collections", "crypto/keys", "passwords"])
  func aFailureKeepsTheSignIn(path: String) throws {
    try stage.sandbox.fault(path, count: 0, ["status": 500, "body": "<html>"])
    let run = try start().finish().expectSuccess()
    run.expectWellFormedErrors(by: "lockwise-sync")
    #expect(run.error.contains("notice: signed in as"), "\(run.error)")
    #expect(run.error.contains("notice: you are signed in, but the logins were not fetched: "), "\(run.error)")
    #expect(run.error.contains("hint: "), "\(run.error)")
    #expect(try stage.status()["logins"] as? Int == 0)
    try stage.sandbox.clearFaults()
    #expect(try stage.sync("pull").expectSuccess().output == "46 logins fetched\n")
  }

  @Test(arguments: [SIGINT, SIGTERM]) func anInterruptionKeepsTheSignIn(signal: Int32) throws {
    try stage.sandbox.fault("passwords", count: 0, ["delayMs": 60_000])
    let login = try start()
    let isWaiting = try Deadline(seconds: 30).await {
      try stage.sandbox.requests().contains { $0.path.contains("crypto/keys") }
    }
    #expect(isWaiting)
    login.signal(signal)
    #expect(try login.finish(timeout: 20).ending == .killed(signal: signal))
    try stage.sandbox.clearFaults()
    #expect(try stage.sync("pull").expectSuccess().output == "46 logins fetched\n")
  }

  @Test func anAccountWithoutSyncDataIsToldHowToGoOn() throws {
    stage.mayBeRejected = true
    try stage.sandbox.reassign(keepData: false)
    let run = try start().finish().expectSuccess()
    #expect(run.error.contains("were not fetched: the account has no Sync data\n"), "\(run.error)")
    #expect(run.error.contains("lockwise-sync init-storage\n"), "\(run.error)")
  }
}
