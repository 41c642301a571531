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

  @Test func reportsAHealthySetup() throws {
    try stage.signInAndPull()
    try Run.program(
      Executables.ofSystem("git"), ["config", "--global", "credential.helper", "lockwise"],
      environment: stage.scratch.environment
    ).expectSuccess()
    try stage.sandbox.clearRequests()
    let run = try doctor()
    #expect(run.status == 0, "\(run.output)\(run.error)")
    #expect(run.error.isEmpty)
    #expect(run.lines.allSatisfy { $0.hasPrefix("ok    ") }, "\(run.output)")
    let wanted = [
      ("version", "lockwise "), ("vault", stage.scratch.vault), ("slot", stage.scratch.keyFile),
      ("server", stage.sandbox.url),
      ("clock", "matches the server's clock"), ("account", "lockwise on "), ("token server", "accepts the sign-in"),
      ("storage", "is reachable"), ("copy", "46 logins"),
      ("git", "git uses lockwise (file:"), ("SSH_ASKPASS", "not set"), ("SUDO_ASKPASS", "not set"),
    ]
    for (name, words) in wanted { #expect(line(run, name).contains(words), "\(name): \(run.output)") }
    #expect(try stage.sandbox.requests().allSatisfy { $0.method == "GET" }, "it changes nothing")
  }

  @Test func printsTheSameAsJSON() throws {
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

  @Test func reportsThatNoAccountIsSignedIn() throws {
    let run = try doctor("--offline")
    #expect(run.status == 1)
    #expect(line(run, "vault").hasPrefix("fail"), "\(run.output)")
    #expect(run.output.contains("hint: sign in first: lockwise-sync login"))
  }

  @Test func doesNotPromptForALockedVault() throws {
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

  @Test func reportsAServerThatIsDown() throws {
    try stage.signInAndPull()
    stage.sandbox.kill()
    let run = try doctor()
    #expect(run.status == 1)
    #expect(line(run, "server").hasPrefix("fail"), "\(run.output)")
    #expect(line(run, "account").hasPrefix("warn"), "\(run.output)")
    #expect(line(run, "copy").hasPrefix("ok"))
    #expect(try doctor("--offline").status == 0)
  }

  @Test func reportsARevokedSignIn() throws {
    try stage.signInAndPull()
    stage.mayBeRejected = true
    try stage.sandbox.account(["revokeRefreshTokens": true, "expireAccessTokens": true])
    let run = try doctor()
    #expect(run.status == 1)
    #expect(line(run, "account").hasPrefix("fail") && line(run, "token server").hasPrefix("fail"), "\(run.output)")
    #expect(run.output.contains("hint: sign in again"))
  }

  @Test func reportsAMissingKeyFile() throws {
    try stage.signInAndPull()
    unlink(stage.scratch.keyFile)
    let run = try doctor("--offline")
    #expect(run.status == 1)
    #expect(line(run, "slot").hasPrefix("fail") && line(run, "slot").contains(stage.scratch.keyFile), "\(run.output)")
  }

  /// This differs from a configuration without settings.
  @Test func reportsAnUnreadableConfigurationOfGit() throws {
    try stage.signInAndPull()
    try stage.scratch.write("[credential", to: stage.scratch.root + "/gitconfig")
    let run = try doctor("--offline")
    #expect(run.status == 1 && run.output.contains("fail  git: git cannot read its configuration"), "\(run.output)")
  }

  @Test func listsGitsHelpersInOrder() throws {
    try stage.signInAndPull()
    try stage.scratch.write(
      """
      [credential]
        helper = cache
        helper =
        helper = store --file /tmp/git-password-in-a-helper
        helper = "!f() { echo password=hunter2; }; f"
        helper = /nowhere/git-credential-lockwise --option
      [credential "https://marie:hunter2@example.org"]
        helper = lockwise
      """, to: stage.scratch.root + "/gitconfig")
    let run = try doctor("--offline")
    #expect(run.status == 1)
    let git = line(run, "git")
    #expect(
      git.contains("store (file:\(stage.scratch.root)/gitconfig), then a shell command (file:"), "\(run.output)")
    #expect(git.contains("lockwise for https://example.org"), "\(run.output)")
    #expect(!git.contains("cache"))
    #expect(
      run.output.contains(
        "warn  git: git-credential-store (file:\(stage.scratch.root)/gitconfig) saves every password"))
    #expect(run.output.contains("fail  git: cannot find /nowhere/git-credential-lockwise"), "\(run.output)")
  }

  @Test func reportsAMissingAskpass() throws {
    try stage.signInAndPull()
    let run = try doctor("--offline", with: ["SSH_ASKPASS": "/nowhere/askpass", "SUDO_ASKPASS": "/bin/true"])
    #expect(run.status == 1)
    #expect(line(run, "SSH_ASKPASS").hasPrefix("fail") && line(run, "SSH_ASKPASS").contains("/nowhere/askpass"))
    #expect(line(run, "SUDO_ASKPASS").hasPrefix("ok"))
  }
}
