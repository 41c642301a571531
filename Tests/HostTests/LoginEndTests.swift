import Foundation
import Testing

@testable import LockwiseHostSupport

/// The last steps of a login: the token server, the device record, the vault.
@Suite final class LoginEndTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  private func snapshotAccount(_ email: String = SandboxProcess.email) throws -> [String: Any] {
    let accounts = try stage.sandbox.snapshot()["accounts"] as? [[String: Any]] ?? []
    return try #require(accounts.first { $0["email"] as? String == email })
  }

  private func devices() throws -> [String] {
    (try snapshotAccount()["devices"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
  }

  // MARK: Token server

  @Test(arguments: TokenFaultTests.words)
  func keepsNothingThatTheTokenServerRefuses(_ word: TokenFaultTests.Word) throws {
    stage.mayBeRejected = true
    var switches: [String: Any] = ["token.error": word.word]
    switches["token.error-status"] = word.status
    try stage.sandbox.set(switches)
    try stage.login("--key-file", stage.scratch.keyFile).expectRefusal(word.exit, word.error, "hint: ")
    #expect(stage.scratch.vaultFiles.isEmpty)
    #expect(try stage.sandbox.tokensLeft() == TokensLeft())
    #expect(try devices() == [])
  }

  @Test(arguments: [86_400, -86_400])
  func reportsAndToleratesAClockADayOff(seconds: Int) throws {
    try stage.sandbox.control.send("POST", "/__sandbox__/clock", ["offset": seconds])
    let run = try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    let difference = run.error.firstMatch(
      of: /this machine's clock and the server's differ by (1 day|24 hours|25 hours)\n/)
    #expect(difference != nil, "\(run.error)")
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("46 logins"))
    let doctor = try stage.sync("doctor")
    let direction = seconds < 0 ? "ahead of" : "behind"
    #expect(doctor.lines.contains { $0.hasPrefix("warn  clock: ") && $0.contains(direction) }, "\(doctor.output)")
  }

  // MARK: Devices

  @Test func theNameMayBeChosen() throws {
    try stage.login("--key-file", stage.scratch.keyFile, "--device-name", "Großrechner 7").expectSuccess()
    #expect(try devices() == ["Großrechner 7"])
    // A new sign-in replaces the record as well as the token.
    try stage.login("--device-name", "Großrechner 8").expectSuccess()
    #expect(try devices() == ["Großrechner 8"])
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(refreshTokens: 1))
  }

  @Test func reportsAServerWithoutDevices() throws {
    try stage.sandbox.fault("/account/device", count: 0, ["status": 404, "body": #"{"code":404,"errno":116}"#])
    let run = try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    #expect(run.error.contains("notice: the server did not register a device: "), "\(run.error)")
    try stage.sync("pull").expectSuccess()
    #expect(try !stage.sync("logout").expectSuccess().error.contains("cannot revoke"))
  }

  @Test func requiresASignInAfterDisconnecting() throws {
    try stage.signInAndPull()
    try stage.sandbox.account(["revokeRefreshTokens": true, "expireAccessTokens": true])
    stage.mayBeRejected = true
    try stage.sync("devices").expectRefusal(
      5, "the sign-in was revoked or has expired", "hint: sign in again")
    try stage.login().expectSuccess()
    #expect(try stage.sync("pull").expectSuccess().output == "46 logins, up to date\n")
  }

  @Test func reportsEachFailureOfASignOut() throws {
    try stage.signInAndPull()
    try stage.sandbox.faults(
      ["/account/device/destroy", "/oauth/destroy"].map {
        ["match": ["path": $0, "count": 0], "action": ["status": 503, "body": "<html>"]]
      })
    let run = try stage.sync("logout", "--force").expectSuccess()
    #expect(run.error.contains("notice: cannot revoke the device on the server: "), "\(run.error)")
    #expect(run.error.contains("notice: cannot revoke the token on the server: "), "\(run.error)")
    #expect(run.error.contains("hint: disconnect it in the account's settings"), "\(run.error)")
    #expect(stage.scratch.vaultFiles.isEmpty)
  }

  // MARK: Another account, other keys

  private func logIn(_ email: String, _ password: String, _ options: String...) throws -> Run {
    try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--password-stdin"] + options + [email], input: .text(password + "\n"),
      environment: stage.scratch.environment)
  }

  @Test func replacesAnotherAccountOnlyWithReplace() throws {
    try stage.signInAndPull()
    let before = try stage.status()
    try stage.sandbox.account(["create": "pierre@example.org", "password": "quartz 1880"])
    let refused = try logIn("pierre@example.org", "quartz 1880")
    refused.expectRefusal(1, "belongs to another account (\(SandboxProcess.email))", "hint: keep both", "--replace")
    #expect(try NSDictionary(dictionary: stage.status()) == NSDictionary(dictionary: before))
    #expect(try stage.get("protocol=https\nhost=github.com\n").password == "ghp_webAndGit0123456789")
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(refreshTokens: 1))

    try logIn("pierre@example.org", "quartz 1880", "--replace").expectSuccess()
    #expect(try stage.status()["email"] as? String == "pierre@example.org")
    #expect(try stage.status()["logins"] as? Int == 0)
    #expect(try stage.status()["lastPull"] is NSNull)
    #expect(try stage.get("protocol=https\nhost=github.com\n").password == nil)
    #expect(try snapshotAccount()["refreshTokens"] as? [String] ?? [] == [])
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(refreshTokens: 1))
  }

  @Test func continuesAfterAResetWithANewSignIn() throws {
    try stage.signInAndPull()
    try stage.sandbox.account(["password": "new password", "newKeys": true, "email": SandboxProcess.email])
    stage.mayBeRejected = true
    try stage.sandbox.reassign()
    try stage.sync("pull").expectRefusal(5, "hint: sign in again")
    try stage.login(password: "new password").expectSuccess()
    // Nothing is stored under the new key yet, so the vault stays as it is.
    try stage.sync("pull").expectRefusal(6, "the account has no Sync data", "let it sync")
    #expect(try stage.get("protocol=https\nhost=github.com\n").password == "ghp_webAndGit0123456789")
  }

  // MARK: Servers

  @Test func usesAnotherTokenServer() throws {
    let url = stage.sandbox.url
    let body = """
      {"auth_server_base_url":"\(url)/auth","oauth_server_base_url":"\(url)/oauth",
      "profile_server_base_url":"\(url)/profile","sync_tokenserver_base_url":"http://127.0.0.1:1/of-somebody-else"}
      """
    try stage.sandbox.fault("/.well-known", count: 0, ["status": 200, "body": body])
    try stage.login("--key-file", stage.scratch.keyFile).expectRefusal(4, "cannot reach 127.0.0.1")
    try stage.login("--token-server", url + "/token/1.0/sync/1.5", "--key-file", stage.scratch.keyFile).expectSuccess()
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("46 logins"))
  }

  @Test func worksWithoutDiscovery() throws {
    try stage.sandbox.fault("/.well-known", count: 0, ["status": 404, "body": ""])
    let url = stage.sandbox.url
    let run = try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--auth-server", url + "/auth/v1", "--oauth-server", url + "/oauth/", "--token-server", url + "/token"]
        + ["--password-stdin", "--key-file", stage.scratch.keyFile, SandboxProcess.email],
      input: .text(SandboxProcess.password + "\n"), environment: stage.scratch.environment)
    run.expectSuccess()
    #expect(try !stage.sandbox.requests().contains { $0.path.contains("well-known") })
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("46 logins"))
  }

  @Test(arguments: [
    ["--auth-server", "https://example.org"], ["--oauth-server", "https://example.org"],
    ["--auth-server", "https://a.example", "--token-server", "http://192.0.2.1"],
    ["--token-server", "ftp://a.example"], ["--client-id", "short"], ["--client-id", "A2270F727F45F648"],
    ["--device-name", ""], ["--device-name", "a\u{7}"],
  ])
  func refusesInvalidOptionsBeforeAnyQuestion(options: [String]) throws {
    let run = try Run.program(
      Executables.path("lockwise-sync"), ["login", "--server", stage.sandbox.url] + options + [SandboxProcess.email],
      environment: stage.scratch.environment)
    run.expectRefusal(64, "hint: ")
    #expect(try stage.sandbox.requests().isEmpty)
  }

  @Test func acceptsAnotherClientID() throws {
    try stage.login("--client-id", "3c49430b43dfba77", "--key-file", stage.scratch.keyFile).expectSuccess()
    try stage.sync("pull").expectSuccess()
    stage.mayBeRejected = true
    try stage.sync("logout").expectSuccess()
    try stage.login("--client-id", "0123456789abcdef", "--key-file", stage.scratch.keyFile)
      .expectRefusal(5, "does not recognise the client id (errno 162)", "hint: update lockwise, or check --client-id")
    #expect(try stage.sandbox.tokensLeft() == TokensLeft())
  }
}
