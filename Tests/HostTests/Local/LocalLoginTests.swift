import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// A vault whose logins come from a local profile: `lockwise-sync login --local`, `pull` and the helpers.
@Suite struct LocalLoginTests {
  private static let password = "röntgen"
  private static let request = "protocol=https\nhost=www.example.org\n\n"

  /// The old forms of the files, and the new ones.
  @Test(arguments: ["3des", "aes", "updated"]) func gitGetsThePassword(fixture: String) throws {
    let home = try LocalHome(["default-esr": fixture])
    let before = try home.files()
    let run = try home.login().expectSuccess()
    #expect(run.error.contains("the vault has 5 logins from Firefox, profile default-esr"), "\(run.error)")
    let credential = try home.run("git-credential-lockwise", "get", input: .text(Self.request)).expectSuccess()
    #expect(credential.lines == ["username=irene", "password=not what is looked for"])
    #expect(try home.sync("pull").expectSuccess().output == "5 logins, up to date\n")
    #expect(try home.files() == before)
  }

  @Test func asksForThePrimaryPassword() throws {
    let home = try LocalHome(["default-esr": "aes-password"])
    try home.login().expectRefusal(64, "Firefox has a primary password")
    #expect(!home.scratch.hasVault)
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["login", "--local", "--key-file", home.scratch.keyFile],
      environment: home.scratch.environment)
    for attempt in ["wrong", Self.password] {
      try terminal.expect("primary password of the Firefox profile default-esr")
      terminal.enter(attempt)
    }
    let end = try terminal.finish()
    #expect(end.status == 0 && end.shown.contains("Wrong primary password."), "\(end.shown)")
    // Without a change there is nothing to ask.
    try home.sync("pull").expectSuccess()
    utimes(home.file("logins.json"), nil)
    try home.sync("pull").expectRefusal(64, "Firefox has a primary password")
    let credential = try home.run("git-credential-lockwise", "get", input: .text(Self.request)).expectSuccess()
    #expect(credential.password == "not what is looked for")
    try home.sync("pull", "--password-command", "echo \(Self.password)").expectSuccess()
    try home.sync("pull", "--password-command", "echo wrong").expectSuccess()
  }

  @Test func endsAfterThreeWrongPasswords() throws {
    let home = try LocalHome(["default-esr": "aes-password"])
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["login", "--local", "--key-file", home.scratch.keyFile],
      environment: home.scratch.environment)
    for _ in 0..<3 {
      try terminal.expect("primary password of the Firefox profile default-esr")
      terminal.enter("wrong")
    }
    let end = try terminal.finish()
    #expect(end.status != 0 && !home.scratch.hasVault, "\(end.shown)")
    let run = try home.login("--password-command", "echo wrong")
    #expect(run.status != 0 && !home.scratch.hasVault)
  }

  @Test func keepsTheKeyOnRequest() throws {
    let home = try LocalHome(["default-esr": "aes-password"])
    try home.login("--remember", "--password-command", "echo \(Self.password)").expectSuccess()
    utimes(home.file("logins.json"), nil)
    try home.sync("pull").expectSuccess()
    #expect(try home.sync("status").expectSuccess().output.contains("key kept:   yes"))
    // A new sign-in without the option forgets it.
    try home.login("--password-command", "false").expectSuccess()
    #expect(try home.sync("status").expectSuccess().output.contains("key kept:   no"))
  }

  @Test func changesStayInTheVault() throws {
    let home = try LocalHome()
    let before = try home.files()
    try home.login().expectSuccess()
    let credential = "protocol=https\nhost=new.example\nusername=marie\npassword=radium\n\n"
    try home.run("git-credential-lockwise", "store", input: .text(credential)).expectSuccess()
    let status = try home.sync("status").expectSuccess().output
    #expect(status.contains("only here:  1 change\n  new.example/marie (new)\n"), "\(status)")
    utimes(home.file("logins.json"), nil)
    #expect(try home.sync("push").expectSuccess().output.contains("1 only here"))
    #expect(try home.run("lockwise-pass", "show", "new.example/marie").expectSuccess().lines.first == "radium")
    let export = try home.sync("export", "--changed", "--yes", "-o", "-").expectSuccess()
    #expect(export.output.utf8.count { $0 == 0x0A } == 1 && export.output.contains("radium"), "\(export.output)")
    try home.sync("logout").expectRefusal(1, "only in the vault")
    try home.sync("logout", "--force").expectSuccess()
    #expect(!home.scratch.hasVault)
    var after = try home.files()
    after["default-esr/logins.json"] = before["default-esr/logins.json"]
    #expect(after == before)
  }

  @Test func readsAnotherProfileOnlyIfItMayReplace() throws {
    let home = try LocalHome(["one": "aes", "two": "updated"])
    try home.login().expectRefusal(64)
    try home.login("one").expectSuccess()
    try home.login("two").expectRefusal(1, "belongs to another profile")
    try home.login("two", "--replace").expectSuccess()
    #expect(try home.sync("status").expectSuccess().output.contains("profile two"))
    let list = try home.sync("login", "--local", "--list").expectSuccess()
    #expect(list.lines.count == 3)
  }

  @Test(arguments: ["logins.json", "key4.db"]) func keepsTheVaultIfAFileIsUnusable(name: String) throws {
    let home = try LocalHome()
    try home.login().expectSuccess()
    let path = home.file(name)
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    let damages: [() throws -> Void] = [
      { unlink(path) }, { try Data(content.prefix(content.count / 2)).write(to: URL(fileURLWithPath: path)) },
      { try Data().write(to: URL(fileURLWithPath: path)) },
      { try Data(repeating: 0x41, count: content.count).write(to: URL(fileURLWithPath: path)) },
    ]
    for (number, damage) in damages.enumerated() {
      try damage()
      let run = try home.sync("pull")
      #expect(run.status != 0 && run.output.isEmpty && run.error.contains(": error: "), "\(number): \(run.error)")
      let credential = try home.run("git-credential-lockwise", "get", input: .text(Self.request)).expectSuccess()
      #expect(credential.password == "not what is looked for", "\(number)")
    }
    unlink(path)
    try content.write(to: URL(fileURLWithPath: path))
    #expect(try home.sync("pull").expectSuccess().output.hasPrefix("5 logins"))
  }

  @Test func accountCommandsSayThatThereIsNone() throws {
    let home = try LocalHome()
    try home.login().expectSuccess()
    for arguments in [["collections"], ["quota"], ["devices"], ["get", "tabs"]] {
      let run = try Run.program(
        Executables.path("lockwise-sync"), arguments, environment: home.scratch.environment)
      run.expectRefusal(1, "this vault has no Sync account")
    }
    try home.sync("login", "--local", "--browser").expectRefusal(64)
    try home.sync("login", "--remember", "a@example.org").expectRefusal(64)
  }
}
