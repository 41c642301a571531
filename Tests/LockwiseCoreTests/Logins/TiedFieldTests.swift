import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Lines that show the user name and the origin.
@Suite struct TiedFieldTests {
  private func member(_ login: LoginRecord) -> JSONObject { LockwiseMember.object(login.lockwise) }

  private func edited(_ login: LoginRecord, _ change: (String) -> String) throws -> LoginRecord {
    try login.with(body: change(#require(EntryBody(of: login).text.exposedText())))
  }

  private func changed(_ login: LoginRecord, _ change: (inout LoginChanges) -> Void) throws -> LoginRecord {
    var changes = LoginChanges()
    change(&changes)
    return try login.changed(by: changes, now: 300)
  }

  @Test func aLoginOfFirefoxShowsItsFields() throws {
    #expect(
      EntryBody(of: try EntryBodyTests.firefox()).text.exposedText() == "p\nlogin: u\nurl: https://a.example\n")
    #expect(
      EntryBody(of: try EntryBodyTests.firefox(username: "")).text.exposedText() == "p\nurl: https://a.example\n")
    #expect(
      EntryBody(of: try EntryBodyTests.firefox(username: "a\nb")).text.exposedText() == "p\nurl: https://a.example\n")
  }

  @Test func anEditedLineChangesTheFieldAndStoresNoNotes() throws {
    let login = try edited(try EntryBodyTests.firefox()) { _ in "p\nlogin: new\nurl: http://B.example:80/path\n" }
    #expect(login.username == "new" && login.origin == "http://b.example" && login.target == .form(""))
    #expect(member(login)["tied"]?.raw.exposedText() == #"["login","url"]"#, "the path is worth a note")
    #expect(EntryBody(of: login).text.exposedText() == "p\nlogin: new\nurl: http://B.example:80/path\n")
    let plain = try edited(try EntryBodyTests.firefox()) { _ in "q\nlogin: new\nurl: https://a.example\n" }
    #expect(plain.username == "new" && plain.formActionOrigin == "https://a.example")
    #expect(member(plain)["notes"] == nil && member(plain)["passwordHistory"] != nil)
  }

  @Test func aLineShowsWhatFirefoxChanged() throws {
    var login = try edited(try EntryBodyTests.firefox()) { $0 + "User:  second \nnote\n" }
    login = try changed(login) {
      $0.username = "bob"
      $0.origin = "https://b.example"
    }
    #expect(
      EntryBody(of: login).text.exposedText()
        == "p\nlogin: bob\nurl: https://b.example\nUser:  second \nnote\n")
    // Another edit leaves the fields alone.
    login = try edited(login) { $0 + "more\n" }
    #expect(login.username == "bob" && login.origin == "https://b.example")
    #expect(member(login)["notes"]?.string?.hasPrefix("login: bob\n") == true)
    // The value changes, and nothing around it.
    login = try edited(login) { _ in "p\nUSERNAME:\tbob \r\n" }
    login = try changed(login) { $0.username = "carol" }
    #expect(EntryBody(of: login).text.exposedText() == "p\nUSERNAME:\tcarol \r\n")
  }

  @Test func aRemovedLineChangesNothing() throws {
    var login = try edited(try EntryBodyTests.firefox()) { _ in "p\n" }
    #expect(login.username == "u" && login.origin == "https://a.example")
    #expect(member(login)["notes"]?.string == "" && member(login)["tied"] == nil)
    // A line that comes later is tied only if it says the same.
    login = try edited(login) { _ in "p\nlogin: other\nurl: https://a.example/x\n" }
    #expect(login.username == "u" && TiedField.listed(in: member(login)) == [.url])
    login = try changed(login) { $0.username = "bob" }
    #expect(EntryBody(of: login).text.exposedText() == "p\nlogin: other\nurl: https://a.example/x\n")
  }

  @Test func anEmptiedLineEmptiesTheUserNameAndStaysTied() throws {
    var login = try edited(try EntryBodyTests.firefox()) { _ in "p\nlogin: u\nnote\n" }
    login = try edited(login) { _ in "p\nlogin: \nnote\n" }
    #expect(login.username.isEmpty)
    login = try changed(login) { $0.username = "bob" }
    #expect(EntryBody(of: login).text.exposedText() == "p\nlogin: bob\nnote\n")
  }

  @Test(arguments: ["none", "", "ssh://a.example", "otpauth://totp/x"])
  func aURLOfAnotherKindIsANote(url: String) throws {
    let login = try edited(try EntryBodyTests.firefox()) { _ in "p\nlogin: u\nurl: \(url)\n" }
    #expect(login.origin == "https://a.example" && TiedField.listed(in: member(login)) == [.login])
    #expect(EntryBody(of: login).text.exposedText() == "p\nlogin: u\nurl: \(url)\n")
  }

  @Test(arguments: ["https://exa mple.com", "https://", "http://a.example:99999", "https://a%2eexample"])
  func aMistypedURLIsAnError(url: String) throws {
    let login = try EntryBodyTests.firefox()
    #expect(throws: EntryBody.Failure.unusableURL) { try edited(login) { _ in "p\nlogin: u\nurl: \(url)\n" } }
  }

  /// A body that replaces another one under a given name: the password must not move to another site.
  @Test func aNameThatIsGivenIsNotChangedByLines() throws {
    let body = try EntryBody(parsing: SecretBytes(utf8: "q\nlogin: bob\nurl: https://b.example\n"))
    var login = try EntryBodyTests.firefox()
    login = try login.changed(by: body.changes(to: login, now: 200, keepsName: true), now: 200)
    #expect(login.origin == "https://a.example" && login.username == "u" && EntryBody(of: login) == body)
    #expect(TiedField.listed(in: member(login)).isEmpty)
    var named = try EntryBodyTests.firefox()
    var changes = LoginChanges()
    changes.setOwnEntryName("Shop/a", of: named)
    named = try named.changed(by: changes, now: 200)
    named = try named.changed(by: body.changes(to: named, now: 200, keepsName: true), now: 200)
    #expect(named.origin == "https://b.example" && named.username == "bob" && named.ownEntryName == "Shop/a")
  }

  @Test func aFreeEntryHasNoTiedLines() throws {
    let body = try EntryBody(parsing: SecretBytes(utf8: "p\nlogin: rest\nurl: pass://Email\n"))
    let login = try body.draft(at: #require(EntryPlacement(name: "Email/rest"))).record(guid: "abcdefghijkl", now: 1)
    #expect(member(login)["tied"] == nil && login.origin == "pass://Email" && login.username == "rest")
    let new = try edited(login) { _ in "p\nlogin: other\n" }
    #expect(new.username == "rest" && EntryBody(of: new).text.exposedText() == "p\nlogin: other\n")
  }

  @Test func anEntryPlacedByItsBodyIsTiedToIt() throws {
    let body = try EntryBody(parsing: SecretBytes(utf8: "p\nuser: u\nurl: https://a.example/login\nnote\n"))
    let placement = try #require(
      EntryPlacement(
        name: "Shopping/a", login: body.login?.exposedText() ?? "", url: body.field("url")?.exposedText() ?? ""))
    var login = try body.draft(at: placement).record(guid: "abcdefghijkl", now: 1)
    #expect(login.ownEntryName == "Shopping/a" && login.origin == "https://a.example" && login.username == "u")
    login = try changed(login) { $0.username = "new" }
    #expect(EntryBody(of: login).text.exposedText() == "p\nuser: new\nurl: https://a.example/login\nnote\n")
    login = try edited(login) { _ in "p\nuser: new\nurl: https://b.example\n" }
    #expect(login.origin == "https://b.example" && login.ownEntryName == "Shopping/a")
  }

  @Test func aRealmStaysWhenTheOriginChanges() throws {
    let json = LoginJSON("abcdefghijkl", origin: "ssh://host:2222", realm: "ssh", username: "root")
    var login = try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "abcdefghijkl")
    #expect(EntryBody(of: login).text.exposedText() == "p\nlogin: root\nurl: ssh://host:2222\n")
    login = try edited(login) { _ in "p\nlogin: root\nurl: ssh://other\n" }
    #expect(login.origin == "ssh://other" && login.target == .realm("ssh") && member(login)["notes"] == nil)
  }

  @Test func strangeUserNamesStayAsTheyAre() throws {
    for username in [" u ", "//u", "u\r", "a: b", "\t"] {
      var login = try EntryBodyTests.firefox(username: username)
      login = try edited(login) { $0 + "note\n" }
      #expect(login.username == username)
      login = try edited(login) { $0 + "more\n" }
      #expect(login.username == username)
    }
  }
}

/// Former passwords.
@Suite struct PasswordHistoryTests {
  private func history(_ login: LoginRecord) -> [String?] { login.formerPasswords.map { $0.password.exposedText() } }

  @Test func theNewestFiveAreKept() throws {
    var login = try EntryBodyTests.firefox(password: "p0")
    for number in 1...7 { login = try login.with(body: "p\(number)\n", now: Milliseconds(1000 + Int64(number))) }
    #expect(history(login) == ["p6", "p5", "p4", "p3", "p2"])
    #expect(login.formerPasswords.map(\.time) == [1006, 1005, 1004, 1003, 1002])
    #expect(login.timePasswordChanged == 1007)
  }

  @Test func theReplacedPasswordIsKeptWhateverTheClocksSay() throws {
    var login = try EntryBodyTests.firefox(password: "p0")
    for number in 1...6 { login = try login.with(body: "p\(number)\n", now: Milliseconds(1000 + Int64(number))) }
    login = try login.with(password: "early")
    login = try login.with(body: "last\n")
    #expect(history(login).contains("early") && history(login).count == 5)
  }

  @Test func notesAloneAndCountersAddNothing() throws {
    var login = try EntryBodyTests.firefox()
    login = try login.with(body: "p\nnote\n")
    #expect(history(login) == [])
    login = try login.with(body: "otpauth://hotp/a?secret=AA&counter=1\nnote\n")
    login = try login.with(body: "otpauth://hotp/a?secret=AA&counter=2\nnote\n")
    #expect(history(login) == ["p"])
    login = try login.with(body: "otpauth://hotp/a?secret=BB&counter=2\nnote\n")
    #expect(history(login) == ["otpauth://hotp/a?secret=AA&counter=2", "p"])
  }

  @Test func anOwnNameAndTheBodyChangeTogether() throws {
    let login = try EntryBodyTests.firefox()
    var changes = try EntryBody(parsing: SecretBytes(utf8: "q\nnote\n")).changes(to: login, now: 200)
    changes.setOwnEntryName("Shop/a", of: login)
    var new = try login.changed(by: changes, now: 200)
    #expect(new.ownEntryName == "Shop/a" && history(new) == ["p"])
    #expect(EntryBody(of: new).text.exposedText() == "q\nnote\n")
    changes = LoginChanges()
    changes.setOwnEntryName("Shop/a", of: new)
    #expect(changes.isEmpty)
    changes.setOwnEntryName(nil, of: new)
    new = try new.changed(by: changes, now: 200)
    #expect(new.ownEntryName == nil && history(new) == ["p"])
  }
}
