import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// A vault that changes between a local profile and an account, at the sandbox.
@Suite final class SourceChangeTests {
  private let home: LocalHome
  private let sandbox: SandboxProcess

  init() throws {
    home = try LocalHome()
    sandbox = try SandboxProcess(environment: home.scratch.environment)
  }

  private func signIn() throws -> Run {
    try home.sync(
      "login", "--server", sandbox.url, "--password-stdin", SandboxProcess.email,
      input: .text(SandboxProcess.password + "\n"))
  }

  private func save(_ host: String, _ password: String) throws {
    let credential = "protocol=https\nhost=\(host)\nusername=marie\npassword=\(password)\n\n"
    try home.run("git-credential-lockwise", "store", input: .text(credential)).expectSuccess()
  }

  @Test func unitesTheLoginsOfBoth() throws {
    let before = try home.files()
    try home.login().expectSuccess()
    try save("local.example", "one")
    try signIn().expectSuccess()
    try home.sync("pull").expectSuccess()
    let stored = try sandbox.storedLogins()
    #expect(stored.count == 46 + 5 + 1)
    #expect(stored.values.contains { $0["hostname"] as? String == "https://local.example" })
    #expect(stored["{0a57a1c5-8a0e-4c64-9d2b-5f6c7d8e9f00}"]?["password"] as? String == "not what is looked for")

    try save("synced.example", "two")
    try home.sync("push").expectSuccess()
    let back = try home.sync("login", "--local").expectSuccess()
    #expect(back.error.contains("the vault has 53 logins"), "\(back.error)")
    #expect(try sandbox.snapshot()["accounts"] != nil)
    let status = try home.sync("status").expectSuccess().output
    #expect(status.contains("profile:") && status.contains("synced.example/marie (new)"), "\(status)")
    for (name, password) in [("local.example", "one"), ("synced.example", "two")] {
      #expect(try home.run("lockwise-pass", "show", "\(name)/marie").expectSuccess().lines.first == password)
    }
    #expect(try home.files() == before)
    #expect(try sandbox.storedLogins().count == 53)
  }

  /// A locked vault without an account asks no server.
  @Test func asksNoServerWithoutAnAccount() throws {
    try home.login().expectSuccess()
    try home.sync("lock").expectSuccess()
    rename(home.scratch.keyFile, home.scratch.keyFile + "-away")
    let run = try home.sync("status", "--verbose")
    let shown = run.output + run.error
    #expect(run.status == 0 && !shown.contains("http") && !shown.contains("server"), "\(shown)")
  }
}
