import Foundation
import Testing

@testable import LockwiseHostSupport

/// `lockwise-sync doctor` on healthy and broken installations.
@Suite final class DoctorTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  private func doctor(_ options: String..., with variables: [String: String] = [:]) throws -> Run {
    let run = try Run.program(
      Executables.path("lockwise-sync"), ["doctor"] + options,
      environment: stage.scratch.environment.merging(variables) { $1 })
    expectNoSecret(run)
    return run
  }

  private func expectNoSecret(_ run: Run) {
    let secrets = [
      SandboxProcess.password, "ghp_webAndGit0123456789", "hunter2", "secret-tool lookup", "git-password-in-a-helper",
    ]
    for secret in secrets { #expect(!(run.output + run.error).contains(secret), "\(run.output)") }
  }

  private func line(_ run: Run, _ name: String) -> String {
    run.lines.first { $0.dropFirst(6).hasPrefix(name + ": ") } ?? ""
  }

  @Test func jsonSaysTheSame() throws {
    try stage.signInAndPull()
    let run = try doctor("--json")
    let object = try JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [String: Any]
    let checks = object?["checks"] as? [[String: Any]] ?? []
    #expect(object?["ok"] as? Bool == true)
    #expect(checks.allSatisfy { ["ok", "warn", "fail"].contains($0["level"] as? String) })
    #expect(checks.allSatisfy { $0["name"] is String && $0["text"] is String && $0["hint"] != nil })
    let text = try doctor()
    #expect(text.lines.filter { !$0.hasPrefix(" ") }.count == checks.count)
  }

  @Test func aLockedVaultIsNotAskedFor() throws {
    try stage.signInAndPull(passphrase: "hunter2 hunter2")
    try stage.sync("lock").expectSuccess()
    let run = try doctor("--offline")
    #expect(run.status == 0, "\(run.output)")
    #expect(line(run, "copy").hasPrefix("ok"), "the age needs no key: \(run.output)")
    #expect(!run.output.contains(SandboxProcess.email))
  }

  @Test func reportsAVaultThatOthersCanRead() throws {
    try stage.signInAndPull()
    chmod(stage.scratch.vaultFile, 0o644)
    let run = try doctor("--offline")
    #expect(run.status == 1)
    #expect(line(run, "vault").contains("other users can access it (mode 644)"), "\(run.output)")
    chmod(stage.scratch.vaultFile, 0o600)
  }

  /// The hint costs no more than the lost key file requires.
  @Test(.needsKeyring) func reportsALostKeyFile() throws {
    try stage.signInAndPull()
    let other = stage.scratch.keyFile + "-2"
    try stage.sync("slots", "add", "--key-file", other).expectSuccess()
    unlink(other)
    var run = try doctor("--offline")
    #expect(run.status == 1 && run.output.contains("if it is lost, remove its slot: lockwise-sync slots remove 1"))
    try stage.sync("slots", "remove", "1").expectSuccess()
    unlink(stage.scratch.keyFile)
    run = try doctor("--offline")
    #expect(run.output.contains("(lockwise-sync push), delete the vault (lockwise-sync logout --force)"))
    try stage.sync("lock").expectSuccess()
    run = try doctor("--offline")
    #expect(run.output.contains("if it is lost, delete the vault (lockwise-sync logout --force)"))
  }

  @Test func theSignInWasRevoked() throws {
    try stage.signInAndPull()
    stage.mayBeRejected = true
    try stage.sandbox.account(["revokeRefreshTokens": true, "expireAccessTokens": true])
    let run = try doctor()
    #expect(run.status == 1)
    #expect(line(run, "account").hasPrefix("fail") && line(run, "token server").hasPrefix("fail"), "\(run.output)")
    #expect(run.output.contains("hint: sign in again"))
  }
}
