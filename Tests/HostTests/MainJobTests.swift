import Foundation
import Testing

@testable import LockwiseHostSupport

/// Sign-in, pull, requests of git, sign-out.
@Suite final class MainJobTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  @Test func givesGitAPasswordByTheHelpersName() throws {
    try stage.signInAndPull()
    try fill(helper: "lockwise")
  }

  @Test func givesGitAPasswordByTheHelpersPath() throws {
    try stage.signInAndPull()
    stage.scratch.environment["PATH"] = "/usr/bin:/bin"
    try fill(helper: Executables.path("git-credential-lockwise"))
  }

  /// git requests a password, with only this helper in its configuration.
  private func fill(helper: String) throws {
    try stage.scratch.write(
      "[credential]\n\thelper = \(helper)\n", to: stage.scratch.root + "/gitconfig")
    let git = try Executables.ofSystem("git")
    let environment = stage.scratch.environment.merging(["GIT_TERMINAL_PROMPT": "0"]) { $1 }
    let answer = try Run.program(
      git, ["credential", "fill"], input: .text("url=https://github.com/marie/radium.git\n\n"),
      environment: environment
    ).expectSuccess()
    #expect(answer.username == "mcurie")
    #expect(answer.password == "ghp_webAndGit0123456789")
    #expect(answer.error.isEmpty, "\(answer.error)")

    let named = try Run.program(
      git, ["credential", "fill"], input: .text("url=https://marie@git.example.org:8443/x\n\n"),
      environment: environment
    ).expectSuccess()
    #expect(named.password == "other port")

    let none = try Run.program(
      git, ["credential", "fill"], input: .text("url=https://nobody.example/x\n\n"), environment: environment)
    #expect(none.status == 128)
    #expect(none.output.isEmpty)
  }

  @Test func acceptsGitsReportsOfSuccessAndFailure() throws {
    try stage.signInAndPull()
    try stage.scratch.write("[credential]\n\thelper = lockwise\n", to: stage.scratch.root + "/gitconfig")
    let git = try Executables.ofSystem("git")
    let known = "protocol=https\nhost=github.com\nusername=mcurie\npassword=ghp_webAndGit0123456789\n\n"
    for verb in ["approve", "reject", "approve"] {
      let run = try Run.program(
        git, ["credential", verb], input: .text(known), environment: stage.scratch.environment
      ).expectSuccess()
      #expect(run.output.isEmpty)
      // The login is the browser's, so it is not offered for a while, which is reported in one line.
      #expect(run.errorLines.count == (verb == "reject" ? 1 : 0), "\(run.error)")
      let answer = try stage.get("protocol=https\nhost=github.com\n").password
      #expect(answer == (verb == "reject" ? nil : "ghp_webAndGit0123456789"))
    }
    #expect(try stage.status()["waiting"] as? Int == 0, "what Firefox saved was changed")
    #expect(try stage.status()["logins"] as? Int == 46)
  }

  @Test func printsTheStatusAsTextAndJSON() throws {
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    let before = try stage.status()
    #expect(before["lastPull"] is NSNull)
    #expect(before["logins"] as? Int == 0)
    let pull = try stage.sync("pull").expectSuccess()
    #expect(pull.output == "46 logins fetched\n")
    #expect(try stage.sync("pull").expectSuccess().output == "46 logins, up to date\n")

    let text = try stage.sync("status").expectSuccess()
    for line in [
      "vault:      \(stage.scratch.vault)", "unlocks by: key-file \(stage.scratch.keyFile)", "locked:     no",
      "server:     \(stage.sandbox.url)",
      "logins:     46", "account:    marie.curie@example.org",
    ] {
      #expect(text.lines.contains(line), "\(line) is not in: \(text.output)")
    }
    let after = try stage.status()
    #expect(after["email"] as? String == SandboxProcess.email)
    #expect(after["server"] as? String == stage.sandbox.url)
    #expect(after["logins"] as? Int == 46)
    #expect(after["locked"] as? Bool == false)
    #expect((after["setAside"] as? [Any])?.count == 0)
    let pulled = Double(after["lastPull"] as? Int ?? 0) / 1000
    #expect(abs(pulled - Date().timeIntervalSince1970) < 120)
  }

  @Test func revokesTheTokenAndDeletesTheVaultAtLogout() throws {
    try stage.signInAndPull()
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(refreshTokens: 1))
    let run = try stage.sync("logout").expectSuccess()
    #expect(run.error.contains("signed out marie.curie@example.org"))
    #expect(try stage.sandbox.tokensLeft() == TokensLeft())
    #expect(stage.scratch.vaultFiles.isEmpty)
    #expect(access(stage.scratch.vault, F_OK) != 0, "the directory is left")
    #expect(try stage.get("protocol=https\nhost=github.com\n").output.isEmpty)
    for command in ["pull", "status", "unlock", "lock", "logout"] {
      try stage.sync(command).expectRefusal(2, "there is no vault in \(stage.scratch.vault)", "lockwise-sync login")
    }
  }

  @Test func reportsALogoutWithoutAServer() throws {
    try stage.signInAndPull()
    stage.sandbox.kill()
    let run = try stage.sync("logout", "--force").expectSuccess()
    #expect(run.error.contains("notice: cannot revoke the token on the server"))
    #expect(run.error.contains("hint: disconnect it in the account's settings"))
    #expect(stage.scratch.vaultFiles.isEmpty)
  }

  @Test func signsInWithAPassphraseCommand() throws {
    let command = "printf 'radium\\nsecond line'"
    try stage.login("--passphrase-command", command).expectSuccess()
    try stage.sync("lock").expectSuccess()
    try stage.sync("pull").expectSuccess()
    #expect(try stage.get("protocol=https\nhost=github.com\n").username == "mcurie")
    #expect(try stage.sync("status").output.contains("unlocks by: command"))
  }

  @Test(arguments: ["exit 3", "true", "printf '\\nsecond'", "/nowhere/at/all 2>/dev/null"])
  func refusesAnEmptyPassphraseBeforeTheSignIn(command: String) throws {
    try stage.login("--passphrase-command", command).expectRefusal(3, "the unlock command")
    #expect(!stage.scratch.hasVault)
    #expect(try stage.sandbox.requests().isEmpty)
  }

  @Test func createsPrivateKeyFilesAndRefusesOthers() throws {
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    var info = stat()
    #expect(stat(stage.scratch.keyFile, &info) == 0)
    #expect(info.st_mode & 0o777 == 0o600)
    #expect(info.st_size >= 32)
    try stage.sync("logout").expectSuccess()

    chmod(stage.scratch.keyFile, 0o644)
    try stage.login("--key-file", stage.scratch.keyFile).expectRefusal(3, stage.scratch.keyFile, "mode 644")
    try stage.scratch.write("too short", to: stage.scratch.root + "/short")
    try stage.login("--key-file", stage.scratch.root + "/short").expectRefusal(3, "fewer than 32 bytes")
    try stage.login("--key-file", stage.scratch.root + "/short/key").expectRefusal(
      3, "cannot create the key file")
    #expect(!stage.scratch.hasVault)
  }

  @Test func doesNotReplaceAVaultForAnotherKey() throws {
    try stage.signInAndPull()
    let files = try stage.scratch.readVault()
    try stage.sandbox.clearRequests()
    for option in [["--key-file", stage.scratch.root + "/other"], ["--passphrase-command", "echo 'radium 88'"]] {
      try stage.login(option[0], option[1])
        .expectRefusal(
          1, "the vault in \(stage.scratch.vault) has no slot for this \(option[0])", "slots add")
    }
    #expect(try stage.sandbox.requests().isEmpty)
    // The slots are read, which may touch SQLite's index of the log.
    for name in ["vault.db", "vault.db-wal"] { #expect(try stage.scratch.readVault()[name] == files[name], "\(name)") }
  }

  @Test func keepsTheLoginsInANewSignIn() throws {
    try stage.signInAndPull()
    try stage.sandbox.control.send(
      "POST", "/__sandbox__/account", ["email": SandboxProcess.email, "revokeRefreshTokens": true])
    try stage.sandbox.control.send(
      "POST", "/__sandbox__/account", ["email": SandboxProcess.email, "expireAccessTokens": true])
    try stage.sandbox.control.send(
      "POST", "/__sandbox__/reassign", ["email": SandboxProcess.email, "node": "storage-2", "keepData": true])
    stage.mayBeRejected = true
    try stage.sync("pull").expectRefusal(5, "hint: sign in again: lockwise-sync login")
    #expect(try stage.status()["logins"] as? Int == 46)

    try stage.login().expectSuccess()
    #expect(try stage.status()["logins"] as? Int == 46)
    try stage.sync("pull").expectSuccess()
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(sessions: 0, refreshTokens: 1))
    try stage.login().expectSuccess()
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(sessions: 0, refreshTokens: 1), "the earlier token stays")
  }

  @Test func changesNothingForAnotherAccount() throws {
    try stage.signInAndPull()
    let other = "pierre@example.org"
    try stage.sandbox.control.send(
      "POST", "/__sandbox__/account", ["create": other, "password": "other password"])
    let run = try Run.program(
      Executables.path("lockwise-sync"), ["login", "--server", stage.sandbox.url, "--password-stdin", other],
      input: .text("other password\n"), environment: stage.scratch.environment)
    run.expectRefusal(1, "belongs to another account", "lockwise-sync logout")
    #expect(try stage.status()["email"] as? String == SandboxProcess.email)
    #expect(try stage.status()["logins"] as? Int == 46)
  }

  @Test func findsTheAccountInAnotherLetterCase() throws {
    try stage.sandbox.set(["accounts.login": 120, "accounts.login-times": 1])
    try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--password-stdin", "--key-file", stage.scratch.keyFile]
        + [SandboxProcess.email.uppercased()],
      input: .text(SandboxProcess.password + "\n"), environment: stage.scratch.environment
    ).expectSuccess()
    try stage.sync("pull").expectSuccess()
    let logins = try stage.sandbox.requests().filter { $0.path.contains("/account/login") }
    #expect(logins.count == 2)
  }
}
