import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Parts of an entry by their names, and entries as JSON.
@Suite struct EntryFieldTests {
  private func login(_ name: String, _ text: String) throws -> LoginRecord {
    let body = try EntryBody(parsing: SecretBytes(utf8: text))
    return try body.draft(at: #require(EntryPlacement(name: name))).record(guid: "abcdefghijkl", now: 100)
  }

  private func value(_ field: String, _ login: LoginRecord) throws -> String? {
    try EntryField(field).value(of: login, at: 59).exposedText()
  }

  @Test func theNotesComeFirst() throws {
    let login = try login("a.example/u", "p\nUser: other\nurl: https://x.example/y\nPIN: 1\npin: 2\n")
    #expect(try value("LOGIN", login) == "other" && value("url", login) == "https://x.example/y")
    #expect(try value("pin", login) == "1" && value("user", login) == "other")
    #expect(throws: EntryField.Failure.missing) { try value("password", login) }
  }

  @Test func fieldsOfTheLogin() throws {
    let site = try login("a.example/first/last", "p\nlogin:\n")
    #expect(try value("login", site) == "first/last" && value("url", site) == "https://a.example")
    let free = try login("Email/work/me", "p\n")
    #expect(try value("login", free) == "me")
    #expect(throws: EntryField.Failure.missing) { try value("url", free) }
    #expect(throws: EntryField.Failure.missing) { try value("login", login("a.example", "p\n")) }
    #expect(try value("login", EntryBodyTests.firefox()) == "u")
  }

  @Test func codes() throws {
    // RFC 6238 appendix B.
    let totp = "otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8"
    #expect(try value("otp", login("a", "p\n\(totp)\n")) == "94287082")
    #expect(try value("otp", login("a", "\(totp)\n")) == "94287082", "in line 1")
    #expect(throws: EntryField.Failure.noCode) { try value("otp", login("a", "p\n")) }
    #expect(throws: EntryField.Failure.counting) {
      try value("otp", login("a", "p\notpauth://hotp/a?secret=GEZDGNBVGY3TQOJQ&counter=1\n"))
    }
    #expect(throws: EntryField.Failure.invalidCode(.invalid(.noSecret))) {
      try value("otp", login("a", "p\notpauth://totp/a?x=1\n"))
    }
  }

  @Test func anEntryAsJSON() throws {
    let login = try login("a.example/u", "p\"\nnote\n")
    #expect(
      EntryJSON.text(name: "n", login, withSecrets: true).exposedText()
        == #"{"name":"n","guid":"abcdefghijkl","origin":"https://a.example","username":"u","realm":null,"#
        + #""timeCreated":100,"timePasswordChanged":100,"password":"p\"","notes":"note\n"}"#)
    let open = EntryJSON.text(name: "n", login, withSecrets: false).exposedText()
    #expect(open?.hasSuffix(#""timePasswordChanged":100}"#) == true)
  }

  @Test func aPasswordOfSeveralLinesIsEditedAsJSON() throws {
    var login = try EntryBodyTests.firefox(password: "one\ntwo")
    func edit(_ json: String) throws {
      let body = try EntryJSON.body(parsing: SecretBytes(utf8: json), over: EntryBody(of: login))
      login = try login.changed(by: body.changes(to: login, now: 200, acceptsSeveralLines: true), now: 200)
    }
    try edit(#"{"password":"1\n2\n"}"#)
    #expect(login.password.exposedText() == "1\n2\n" && login.username == "u")
    try edit(#"{"notes":"login: bob\nx","guid":"ignored"}"#)
    #expect(login.username == "bob" && EntryBody(of: login).text.exposedText() == "1\n2\n\nlogin: bob\nx\n")
    // The same text, another password.
    try edit(#"{"password":"1\n2","notes":"\nlogin: bob\nx"}"#)
    #expect(login.password.exposedText() == "1\n2")
    for (json, failure) in [
      ("[]", EntryJSON.Failure.notAnObject), ("{\"password\":1}", .wrongType(member: "password")),
      ("{\"notes\":null}", .wrongType(member: "notes")),
    ] {
      #expect(throws: failure) { try edit(json) }
    }
  }
}
