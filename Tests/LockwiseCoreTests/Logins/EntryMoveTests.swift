import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Other names for logins, and bodies of copies.
@Suite struct EntryMoveTests {
  /// Returns a login with the member `lockwise`, if it is given as JSON.
  private func login(
    _ origin: String, _ username: String, realm: String? = nil, lockwise: String? = nil
  ) throws -> LoginRecord {
    var json = LoginJSON(
      "{id}", origin: origin, realm: realm, form: realm == nil ? origin : nil, username: username, password: "secret")
    json["lockwise"] = lockwise
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "{id}")
  }

  /// Moves a login, and returns it as the vault would store it.
  private func move(_ login: LoginRecord, to name: String) throws -> LoginRecord {
    try login.changed(by: #require(EntryMove.changes(to: login, name: name)), now: 1)
  }

  @Test func aLoginMovesToTheSiteOfAWebLikeName() throws {
    let moved = try move(login("https://a.example", "alice"), to: "b.example:8080/bob")
    #expect(moved.origin == "https://b.example:8080" && moved.username == "bob" && moved.guid == "{id}")
    // A form stays a form. Where it is submitted to is unknown at the new site.
    #expect(moved.target == .form("") && moved.ownEntryName == nil)
    #expect(EntryName(of: moved).text == "b.example:8080/bob")
  }

  @Test func theTargetStaysIfTheSiteStays() throws {
    let moved = try move(login("https://a.example", "alice"), to: "a.example/bob")
    #expect(moved.username == "bob" && moved.target == .form("https://a.example"))
  }

  @Test func theRealmOfAWebSiteIsKept() throws {
    let moved = try move(login("https://a.example", "alice", realm: "Intranet"), to: "b.example/alice")
    #expect(moved.origin == "https://b.example" && moved.target == .realm("Intranet"))
  }

  @Test(arguments: [
    ("ssh:host.example/root", LoginTarget.realm("ssh")), ("http:host.example/root", .form("https://a.example")),
  ])
  func otherSchemes(name: String, target: LoginTarget) throws {
    let moved = try move(login("https://a.example", "alice"), to: name)
    #expect(EntryName(of: moved).text == name)
    #expect(moved.target == (name.hasPrefix("ssh") ? target : .form("")))
  }

  @Test func aSSHLoginBecomesAFormAtAWebSite() throws {
    let moved = try move(login("ssh://host.example", "root", realm: "ssh"), to: "host.example/root")
    #expect(moved.origin == "https://host.example" && moved.target == .form(""))
  }

  /// Firefox goes on filling in a login that got another name.
  @Test func anotherNameLeavesTheSiteAlone() throws {
    let login = try login("https://a.example", "alice")
    let moved = try move(login, to: "Shopping/books")
    #expect(moved.origin == login.origin && moved.username == login.username && moved.target == login.target)
    #expect(moved.ownEntryName == "Shopping/books")
    let back = try move(moved, to: "a.example/alice")
    #expect(back.ownEntryName == nil && EntryName(of: back).text == "a.example/alice")
    #expect(EntryMove.hasOwnName(moved) && !EntryMove.hasOwnName(back))
  }

  @Test func aFreeEntryMovesToThePlaceOfItsName() throws {
    let free = try login("pass://Work", "mail", realm: "pass")
    let moved = try move(free, to: "Home/letters/old")
    #expect(moved.origin == "pass://Home" && moved.username == "letters/old" && moved.ownEntryName == nil)
    #expect(moved.target == .realm("pass"))
    let site = try move(free, to: "mail.example/me")
    #expect(site.origin == "https://mail.example" && site.username == "me" && site.target == .form(""))
  }

  @Test(arguments: ["", "/", "a\0b", "https://a.example/path"])
  func impossibleNames(name: String) throws {
    #expect(EntryMove.changes(to: try login("https://a.example", "alice"), name: name) == nil)
  }

  @Test func membersThatFirefoxDoesNotKnowAreKept() throws {
    let login = try login("https://a.example", "alice", lockwise: #"{"notes":"n\n","other":[1.50]}"#)
    let moved = try move(login, to: "Shopping/books")
    let member = LockwiseMember.object(moved.lockwise)
    #expect(member["notes"]?.string == "n\n" && member["other"]?.raw.exposedText() == "[1.50]")
    #expect(EntryBody(of: moved).text == EntryBody(of: login).text)
  }

  // MARK: Copies

  private func placement(_ name: String) throws -> EntryPlacement { try #require(EntryPlacement(name: name)) }

  @Test func aCopyHasTheNotes() throws {
    let login = try login("https://a.example", "alice", lockwise: #"{"notes":"login: alice\nx: y\n"}"#)
    for name in ["b.example/bob", "Work/copy"] {
      let body = EntryMove.body(copying: login, to: try placement(name))
      #expect(body.text.exposedText() == "secret\nlogin: alice\nx: y\n")
    }
  }

  /// The lines of a login without notes would name another login than the copy.
  @Test func theMadeLinesAreLeftOutAtASite() throws {
    let login = try login("https://a.example", "alice")
    #expect(EntryMove.body(copying: login, to: try placement("b.example/bob")).text.exposedText() == "secret\n")
    #expect(
      EntryMove.body(copying: login, to: try placement("Work/copy")).text.exposedText()
        == "secret\nlogin: alice\nurl: https://a.example\n")
  }

  @Test func aReplacedLoginKeepsItsSiteAndUser() throws {
    let copied = try login(
      "https://a.example", "alice",
      lockwise: #"{"notes":"login: alice\nurl: https://a.example\npin: 1\n","tied":["login","url"]}"#)
    let replaced = try login("https://b.example", "bob")
    let body = EntryMove.body(copying: copied, over: replaced)
    #expect(body.text.exposedText() == "secret\nlogin: bob\nurl: https://b.example\npin: 1\n")
    let changed = try replaced.changed(by: body.changes(to: replaced, now: 1), now: 1)
    #expect(changed.origin == "https://b.example" && changed.username == "bob")
    // Without notes only the password is copied.
    let plain = EntryMove.body(copying: try login("https://a.example", "alice"), over: changed)
    #expect(plain.notes == EntryBody(of: changed).notes)
  }
}
