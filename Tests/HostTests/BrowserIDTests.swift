import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// The sign-in of old servers: the sandbox checks certificate, assertion and client state as they did.
@Suite final class BrowserIDTests {
  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.sandbox.set(["accounts.browserid": true])
  }

  private func login(_ options: String...) throws -> PseudoTerminal.Outcome {
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--browserid"] + options
        + (stage.scratch.hasVault ? [] : ["--key-file", stage.scratch.keyFile]) + [SandboxProcess.email],
      environment: stage.scratch.environment)
    try terminal.expect("Password for")
    terminal.enter(SandboxProcess.password)
    return try terminal.finish()
  }

  private func signIn() throws {
    let outcome = try login()
    #expect(outcome.status == 0 && outcome.shown.contains("signed in as"), "\(outcome.shown)")
  }

  private func devices() throws -> Int {
    let accounts = try stage.sandbox.snapshot()["accounts"] as? [[String: Any]] ?? []
    return (accounts.first?["devices"] as? [Any])?.count ?? -1
  }

  @Test(arguments: ["rsa", "dsa", "dsa-1024"]) func signsInWithEachKindOfKey(kind: String) throws {
    let outcome = try login("--browserid-key", kind)
    #expect(outcome.status == 0 && outcome.isRestored, "\(outcome.shown)")
    #expect(outcome.shown.contains("signed in as"))
    #expect(!outcome.shown.contains("error: ") && !outcome.shown.contains("could not"), "\(outcome.shown)")
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(sessions: 1))
    #expect(try devices() == 1)
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("46 logins"))
    #expect(try stage.get("protocol=https\nhost=github.com\n").password == "ghp_webAndGit0123456789")
    let paths = try stage.sandbox.requests().map(\.path)
    #expect(paths.contains { $0.hasSuffix("/certificate/sign") })
    #expect(!paths.contains { $0.contains("oauth") || $0.contains("scoped-key-data") }, "\(paths)")
    try stage.sync("devices").expectSuccess()
    #expect(try stage.sync("status").expectSuccess().output.contains(SandboxProcess.email))

    // Deleting the device ends the session, which the server then does not recognise.
    stage.mayBeRejected = true
    let logout = try stage.sync("logout").expectSuccess()
    #expect(logout.error.contains("signed out") && !logout.error.contains("could not"), "\(logout.error)")
    #expect(try stage.sandbox.tokensLeft() == TokensLeft())
    #expect(try devices() == 0)
    #expect(!stage.scratch.hasVault)
  }

  @Test("The next day the certificate is old, and the server's clock another")
  func renewsTheCertificateTheNextDay() throws {
    try signIn()
    try stage.sync("pull").expectSuccess()
    let first = try stage.sandbox.requests().filter { $0.path.hasSuffix("/certificate/sign") }.count
    stage.mayBeRejected = true
    try stage.sandbox.control.send("POST", "/__sandbox__/clock", ["offset": 25 * 3600])
    try stage.sandbox.put([LoginJSON("added0000000", origin: "https://new.test", realm: nil, form: "").object])
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("47 logins"))
    let requests = try stage.sandbox.requests()
    #expect(requests.filter { $0.path.hasSuffix("/certificate/sign") }.count > first)
    #expect(requests.contains { $0.notes.contains("token-server: invalid-timestamp") })
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(sessions: 1))
  }

  @Test func toleratesAWrongClockAtTheLogin() throws {
    stage.mayBeRejected = true
    try stage.sandbox.control.send("POST", "/__sandbox__/clock", ["offset": 86_400])
    try signIn()
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("46 logins"))
  }

  @Test func requiresASignInAfterTheSessionIsRevoked() throws {
    try signIn()
    try stage.sync("pull").expectSuccess()
    stage.mayBeRejected = true
    // A change of the password ends all sessions.
    try stage.sandbox.account(["email": SandboxProcess.email, "password": SandboxProcess.password])
    try stage.sandbox.reassign()
    try stage.sync("pull").expectRefusal(5, "was revoked or has expired", "lockwise-sync login")
    #expect(try stage.get("protocol=https\nhost=github.com\n").password == "ghp_webAndGit0123456789")
    try signIn()
    try stage.sync("pull").expectSuccess()
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(sessions: 1))
  }

  @Test func reportsAServerWithoutBrowserID() throws {
    // The session is ended once by the failed step and once by the command.
    stage.mayBeRejected = true
    try stage.sandbox.set(["accounts.browserid": false])
    let outcome = try login()
    #expect(outcome.status == 5, "\(outcome.shown)")
    #expect(
      outcome.shown.contains("does not support BrowserID, nor have Mozilla's own since 2024"))
    #expect(outcome.shown.contains("hint: sign in without --browserid"))
    #expect(try stage.sandbox.tokensLeft() == TokensLeft())
    #expect(stage.scratch.vaultFiles.isEmpty)
  }

  @Test func reportsAServerThatDropsBrowserID() throws {
    try signIn()
    try stage.sandbox.set(["accounts.browserid": false])
    stage.mayBeRejected = true
    try stage.sandbox.reassign()
    try stage.sync("pull").expectRefusal(5, "hint: sign in without --browserid")
    // The vault stays, but the session ends.
    try stage.login().expectSuccess()
    try stage.sync("pull").expectSuccess()
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(refreshTokens: 1))
  }

  @Test func refusesIncompatibleOptions() throws {
    let file = stage.scratch.keyFile
    try stage.login("--key-file", file, "--browserid-key", "dsa")
      .expectRefusal(64, "--browserid-key requires --browserid")
    try stage.login("--key-file", file, "--browserid", "--browserid-key", "ec").expectRefusal(64, "ec")
    try stage.login("--key-file", file, "--browserid", "--client-id", "a2270f727f45f648")
      .expectRefusal(64, "cannot be combined")
    #expect(try stage.sandbox.requests().isEmpty)
  }

  @Test func writesNothingInClear() throws {
    var shown = try stage.login("--key-file", stage.scratch.keyFile, "--browserid", "--verbose").expectSuccess().error
    shown += try stage.sync("pull", "--verbose").expectSuccess().error
    var search = SecretSearch()
    search.add(SandboxProcess.password, "the account's password")
    let file = try VaultFile(in: VaultDirectory(path: stage.scratch.vault), access: .reading)
    let vault = try file.unlock(try #require(file.slots().first), with: Unlocker.readKeyFile(stage.scratch.keyFile))
    let document = try #require(try vault.document(.account)?.exposedText())
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any])
    let token = try #require(object["sessionToken"] as? String)
    #expect(token.count == 64 && object["refreshToken"] == nil)
    search.add(token, "the session token")
    search.add(Data(try #require(Hex.decode(token))), "the session token's bytes")
    let material = try HKDFSHA256.deriveKey(
      from: try #require(Hex.decode(SecretBytes(utf8: token))), info: "identity.mozilla.com/picl/v1/sessionToken",
      count: 32)
    search.add(material.withUnsafeBytes { Data($0) }, "the session's id")
    search.add(try #require(object["syncKey"] as? String), "the Sync key")
    #expect(search.found(in: Data(document.utf8)).count >= 2, "the search finds nothing at all")
    #expect(search.found(in: Data(shown.utf8)) == [], "\(shown)")
    for (name, content) in try stage.scratch.readVault() { #expect(search.found(in: content) == [], "\(name)") }
    #expect(try vault.document(.accessToken) == nil)
  }
}
