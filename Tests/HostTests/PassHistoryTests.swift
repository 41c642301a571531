import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// `lockwise-pass history` and `tail`.
@Suite struct PassHistoryTests {
  private func home() throws -> PassHome {
    let body = try EntryBody(parsing: SecretBytes(utf8: "third\nlogin: u\nnote\u{1B}[2J\n"))
    let draft = try body.draft(at: #require(EntryPlacement(name: "a.example/u")))
    var login = try draft.record(guid: "abcdefghijkl", now: 1_000)
    for (password, time) in [("second", Milliseconds(1_700_000_000_000)), ("third", 1_700_000_100_000)] {
      let changed = EntryBody(of: login).replacingPassword(SecretBytes(utf8: password))
      login = try login.changed(by: changed.changes(to: login, now: time), now: time)
    }
    let new = try EntryBody(parsing: SecretBytes(utf8: "p\n")).draft(at: #require(EntryPlacement(name: "Email/work")))
    return try PassHome([login, new.record(guid: "lkjihgfedcba", now: 1_000)])
  }

  @Test func historyShowsPasswordsOnlyOnRequest() throws {
    let home = try home()
    let zone = ["TZ": "UTC"]
    #expect(
      try home.pass("history", "a.example/u", with: zone).expectSuccess().output
        == "2023-11-14 22:13:20\n1970-01-01 00:00:01\n")
    for arguments in [["history", "--show", "a.example/u"], ["history", "a.example", "-s"]] {
      #expect(
        try home.pass(arguments, with: zone).expectSuccess().output
          == "2023-11-14 22:13:20  second\n1970-01-01 00:00:01  third\n")
    }
    #expect(try home.pass("history", "Email/work").expectSuccess().output == "")
    let missing = try home.pass("history", "none")
    #expect(missing.status == 1 && missing.error == "Error: none is not in the password store.\n")
    #expect(try home.pass("history").status == 64)
  }

  @Test func tailLeavesThePasswordOut() throws {
    let home = try home()
    #expect(try home.pass("tail", "a.example/u").expectSuccess().output == "login: u\nnote\u{1B}[2J\n")
    #expect(try home.pass("tail", "Email/work").expectSuccess().output == "")
    let folder = try home.pass("tail", "a.example")
    #expect(folder.status == 1 && folder.error == "Error: a.example is not in the password store.\n")
    let terminal = try home.terminal(["tail", "a.example/u"])
    #expect(try terminal.finish().shown.contains("note?[2J"))
  }
}
