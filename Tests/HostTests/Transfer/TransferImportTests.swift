import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `lockwise-sync import` (issue 17).
@Suite struct TransferImportTests {
  private let home: TransferHome

  init() throws {
    home = try TransferHome([
      .whole("{known}", origin: "https://known.example", realm: nil, form: "", username: "u", password: "old")
    ])
  }

  private static let text =
    "url,username,password\nhttps://a.example/x,u,p 1\nhttps://known.example,u,new\nhttps://c.example,u,\n"

  @Test(arguments: [
    ("firefox.csv", 7), ("chrome.csv", 6), ("bitwarden.csv", 8), ("bitwarden.json", 8), ("keepassxc.csv", 7),
    ("1password.csv", 7), ("apple.csv", 5), ("git-credentials", 5), ("netrc", 5), ("1pux-export.data", 9),
  ])
  func importsEachFormat(name: String, count: Int) throws {
    let run = try home.sync("import", "--yes", TransferHome.fixture(name)).expectSuccess()
    #expect(run.lines.last == "\(count) logins imported" && run.error.isEmpty, "\(run.output) \(run.error)")
    let found = try home.passwords()
    #expect(found.count == count + 1 && found["https://known.example u"] == "old")
    #expect(try home.outboxCount() == count)
    // A second import has nothing to do.
    let again = try home.sync("import", "--yes", TransferHome.fixture(name)).expectSuccess()
    #expect(again.lines.contains("same       \(count)") && !again.output.contains("imported"), "\(again.output)")
    #expect(try home.outboxCount() == count)
  }

  @Test func readsStandardInput() throws {
    let run = try home.sync("import", "--yes", "-", input: .text(Self.text)).expectSuccess()
    #expect(
      run.lines == [
        "format     Firefox CSV", "new        1", "same       0", "completed  0",
        "changed    1 kept; use --replace to change", "refused    1",
        "line 3: known.example/u: another password, kept", "line 4: https://c.example: no password",
        "1 login imported",
      ])
    #expect(try home.passwords() == ["https://known.example u": "old", "https://a.example u": "p 1"])
  }

  @Test func replacesOnlyOnRequest() throws {
    let path = try home.file("logins.csv", Self.text)
    let run = try home.sync("import", "--yes", "--replace", path).expectSuccess()
    #expect(run.lines.contains("changed    1") && run.lines.last == "2 logins imported", "\(run.output)")
    #expect(try home.passwords()["https://known.example u"] == "new")
    let history = try Run.program(
      Executables.path("lockwise-pass"), ["history", "--show", "known.example/u"], environment: home.scratch.environment
    )
    #expect(history.output.contains("old"), "\(history.error)")
  }

  @Test func aDryRunLeavesTheVaultAsItIs() throws {
    let path = try home.file("logins.csv", Self.text)
    let before = try home.scratch.readVault()
    let run = try home.sync("import", "--dry-run", "--replace", path).expectSuccess()
    #expect(run.lines.contains("new        1") && !run.output.contains("imported"))
    #expect(try home.scratch.readVault()["vault.db"] == before["vault.db"])
    #expect(try home.passwords() == ["https://known.example u": "old"])
    for secret in ["p 1", "new", "old"] { #expect(!run.lines.dropFirst(6).joined().contains("\(secret)\"")) }
  }

  @Test func importsNothingWithoutConfirmation() throws {
    let path = try home.file("logins.csv", Self.text)
    try home.sync("import", path).expectRefusal(64, "without a terminal; nothing was imported", "--dry-run", "--yes")
    for (answer, status) in [("n\r", 1), ("\r", 1), ("\u{3}", 130), ("never\r", 1)] as [(String, Int32)] {
      let terminal = try PseudoTerminal(
        Executables.path("lockwise-sync"), ["import", path], environment: home.scratch.environment)
      try terminal.expect("Import 1 login? [y/N]")
      terminal.send(answer)
      let outcome = try terminal.finish()
      #expect(outcome.status == status && outcome.isRestored, "\(outcome.shown)")
      #expect(outcome.shown.contains("line 4: https://c.example: no password"))
    }
    #expect(try home.passwords() == ["https://known.example u": "old"] && home.outboxCount() == 0)
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["import", path], environment: home.scratch.environment)
    try terminal.expect("Import 1 login? [y/N]")
    terminal.enter("y")
    #expect(try terminal.finish().status == 0)
    #expect(try home.passwords()["https://a.example u"] == "p 1")
  }

  /// The question is asked at the terminal while standard input is the file.
  @Test func asksAtTheTerminalForAPipe() throws {
    let path = try home.file("logins.csv", Self.text)
    let terminal = try PseudoTerminal(
      "/bin/sh", ["-c", "cat \"$0\" | lockwise-sync import -", path], environment: home.scratch.environment)
    try terminal.expect("Import 1 login? [y/N]")
    terminal.enter("y")
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.shown.contains("1 login imported"), "\(outcome.shown)")
    #expect(try home.passwords()["https://a.example u"] == "p 1")
  }

  @Test func refusesFilesOfOtherKinds() throws {
    try home.sync("import", home.scratch.root + "/none").expectRefusal(1, "cannot read ", "No such file")
    try home.sync("import", home.file("text", "hello\n")).expectRefusal(64, "cannot recognise the format", "--format")
    try home.sync("import", "-").expectRefusal(64, "cannot recognise the format")
    try home.sync("import", "--format", "chrome", home.file("json", "[]")).expectRefusal(64, "Chrome CSV", "no column")
    try home.sync("import", home.file("quote.csv", "url,username,password\n\"a"))
      .expectRefusal(64, "the quote in line 2 is not closed")
    try home.sync("import", "--format", "firefox", home.file("twice.csv", "url,URL,password,username\n")).expectRefusal(
      64, "two columns url")
    try home.sync("import", home.file("b.json", "{\"encrypted\":true,\"data\":\"x\"}")).expectRefusal(
      64, "encrypted export")
    try home.sync("import", home.scratch.root + "/home").expectRefusal(64, "no file *.gpg")
    try home.sync("import", "-", input: .bytes([0xFF, 0xFE, 0x75, 0])).expectRefusal(64, "line 1 is not UTF-8", "iconv")
    try home.sync("import", "--format", "xml", "-").expectRefusal(64, "format")
    #expect(try home.outboxCount() == 0)
  }

  /// No entry is decrypted, and no file read, for a vault that does not exist.
  @Test func needsAVault() throws {
    let scratch = try Scratch()
    let run = try Run.program(
      Executables.path("lockwise-sync"), ["import", "/dev/null"], environment: scratch.environment)
    run.expectRefusal(2)
  }

  /// Control characters of a file never reach the terminal.
  @Test func showsNoControlCharacters() throws {
    let text = "name,url,username,password\n\u{1B}]0;x\u{7},https://a.example,u\u{1B}[2J,,\n\u{9B}31m,,u,\n"
    let run = try home.sync("import", "--dry-run", "-", input: .text(text)).expectSuccess()
    #expect(run.outputBytes.allSatisfy { $0 >= 0x20 || $0 == 0x0A }, "\(run.output)")
  }

  @Test func uploadsInTheBackground() throws {
    let stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
    try stage.sync("import", "--yes", "-", input: .text(Self.text)).expectSuccess()
    let isUploaded = try Deadline(seconds: 30).await {
      try stage.sandbox.storedLogins().values.contains { $0["hostname"] as? String == "https://a.example" }
    }
    #expect(isUploaded)
    #expect(try stage.get("protocol=https\nhost=a.example\n").password == "p 1")
  }

  @Test func worksWithoutTheServer() throws {
    let stage = try TestHome()
    stage.mayWrite = true
    try stage.signInAndPull()
    try stage.sandbox.faults([["match": ["count": 0], "action": ["dropBefore": true]]])
    try stage.sync("import", "--yes", "-", input: .text(Self.text)).expectSuccess()
    #expect(try stage.get("protocol=https\nhost=a.example\n").password == "p 1")
    try stage.sandbox.clearFaults()
    try stage.sync("push").expectSuccess()
    #expect(try stage.sandbox.storedLogins().values.contains { $0["hostname"] as? String == "https://a.example" })
  }
}
