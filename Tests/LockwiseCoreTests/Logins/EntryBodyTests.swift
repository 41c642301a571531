import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Bodies: what goes in comes out, and what is edited arrives in the login.
@Suite struct EntryBodyTests {
  // MARK: Texts

  @Test(arguments: [
    ("secret", "secret\n"), ("secret\n", "secret\n"), ("secret\n\n", "secret\n\n"), ("a\nb", "a\nb\n"),
    ("secret\r\nb\r\n", "secret\nb\r\n"), ("secret\r\r\n", "secret\r\n"), ("\n\nuser: x\n", "\n\nuser: x\n"),
    ("\r\nx", "\nx\n"), (" \n", " \n"), ("\u{FEFF}p\n", "\u{FEFF}p\n"), ("p\n\r", "p\n\r\n"),
  ])
  func aBodyIsKept(input: String, text: String) throws {
    let body = try EntryBody(parsing: SecretBytes(utf8: input))
    #expect(body.text.exposedText() == text)
    for name in ["a.example/u", "Email/work"] {
      #expect(EntryBody(of: try stored(body, at: name)).text.exposedText() == text)
    }
  }

  @Test(arguments: [
    ([], EntryBody.Failure.empty), ([10], .empty), ([13, 10, 10], .empty), ([97, 0, 10], .containsNUL),
    ([0xFF, 10], .notUTF8), ([97, 10, 0xC3], .notUTF8), ([0xED, 0xA0, 0x80], .notUTF8),
  ])
  func aTextThatIsNotABody(input: [UInt8], failure: EntryBody.Failure) {
    #expect(throws: failure) { try EntryBody(parsing: SecretBytes(copying: input)) }
  }

  @Test func theGreatestLengthIsOneMebibyte() throws {
    let text = SecretBytes(copying: [UInt8](repeating: 97, count: EntryBody.maximumLength))
    #expect(try EntryBody(parsing: text).text.count == EntryBody.maximumLength + 1)
    let longer = SecretBytes.concatenating([text, SecretBytes(utf8: "\n")])
    #expect(throws: EntryBody.Failure.tooLong) { try EntryBody(parsing: longer) }
  }

  /// 10,000 random texts through a login and its JSON, as a new login and over an existing one.
  @Test func randomBodiesComeOutAsTheyWentIn() throws {
    var random = TestSeed.generator()
    var login = try Self.firefox()
    for count in 0..<10_000 {
      let text = RandomBody.text(&random)
      let body = try EntryBody(parsing: text)
      let shown = RandomBody.shown(text)
      #expect(body.text == shown)
      if count.isMultiple(of: 4) {
        let new = try stored(body, at: ["a.example/u", "Email/u", "a.example"][count / 4 % 3])
        #expect(EntryBody(of: new).text == shown, "a new login")
        let edited = try EntryBody(parsing: shown).merged(editedFrom: EntryBody(of: new), into: new)
        #expect(try edited.changes(to: new, now: 9).isEmpty, "an untouched edit")
      }
      login = try login.changed(by: body.changes(to: login, now: 9), now: 9)
      #expect(EntryBody(of: login).text == shown, "an existing login")
      if login.username.isEmpty || login.username.utf8.contains(0x0D) { login = try Self.firefox() }
    }
  }

  // MARK: Empty passwords

  @Test func anEmptyFirstLineHasAPlaceholder() throws {
    let body = try EntryBody(parsing: SecretBytes(utf8: "\n\nkey: value\n"))
    var login = try stored(body)
    #expect(login.hasPlaceholderPassword && login.password == LockwiseMember.placeholder)
    #expect(EntryBody(of: login) == body)
    // Firefox sets a password.
    login = try login.with(password: "real")
    #expect(EntryBody(of: login).text.exposedText() == "real\n\nkey: value\n")
    // The line is emptied again, and filled.
    login = try login.with(body: "\nkey: value\n")
    #expect(login.hasPlaceholderPassword && login.formerPasswords.map { $0.password.exposedText() } == ["real"])
    login = try login.with(body: "(no password)\nkey: value\n")
    #expect(!login.hasPlaceholderPassword && EntryBody(of: login).password == LockwiseMember.placeholder)
    #expect(login.formerPasswords.count == 1, "the placeholder is not a former password")
  }

  @Test func nothingAtAllIsRefusedForALogin() throws {
    let login = try Self.firefox()
    let body = EntryBody(password: SecretBytes(copying: []))
    #expect(throws: EntryBody.Failure.empty) { try body.changes(to: login, now: 1) }
    #expect(throws: EntryBody.Failure.empty) { try stored(body) }
  }

  // MARK: Passwords with line feeds

  @Test func aPasswordOfSeveralLinesIsShownWholeAndNotEdited() throws {
    let login = try Self.firefox(password: "one\ntwo")
    let shown = EntryBody(of: login)
    #expect(shown.text.exposedText() == "one\ntwo\nlogin: u\nurl: https://a.example\n")
    #expect(shown.line(2)?.exposedText() == "two" && shown.line(3)?.exposedText() == "login: u")
    #expect(try shown.changes(to: login, now: 1).isEmpty)
    #expect(try EntryBody(parsing: shown.text).changes(to: login, now: 1).isEmpty)
    let edited = try EntryBody(parsing: SecretBytes(utf8: "one\n2\nlogin: u\n"))
    #expect(throws: EntryBody.Failure.multilinePassword) { try edited.merged(editedFrom: shown, into: login) }
    #expect(throws: EntryBody.Failure.multilinePassword) {
      try shown.replacingLine(2, with: SecretBytes(utf8: "2")).changes(to: login, now: 1)
    }
    // Replaced on purpose, the former one is kept.
    let new = try login.changed(
      by: shown.replacingPassword(SecretBytes(utf8: "new")).changes(to: login, now: 1), now: 1)
    #expect(new.password.exposedText() == "new" && new.formerPasswords.first?.password.exposedText() == "one\ntwo")
    // Notes can be added to it.
    let noted = try login.changed(
      by: shown.appendingLine(SecretBytes(utf8: "otpauth://x")).changes(to: login, now: 1), now: 1)
    #expect(EntryBody(of: noted).password.exposedText() == "one\ntwo")
    #expect(EntryBody(of: noted).otpauthLine?.index == 5)
  }

  // MARK: Lines

  @Test func linesAndFields() throws {
    let body = try EntryBody(
      parsing: SecretBytes(
        utf8: "key: password\nKey: one\nkey: two\nurl:https://x\n Spaced key :  v \r\nhttps://y\notpauth://t\r\n"))
    #expect(body.line(0) == nil && body.line(8) == nil && body.line(1)?.exposedText() == "key: password")
    #expect(body.field("KEY")?.exposedText() == "one" && body.field("none") == nil && body.field("https") == nil)
    #expect(body.field("url")?.exposedText() == "https://x" && body.field("spaced key")?.exposedText() == "v")
    #expect(body.otpauthLine?.index == 7 && body.otpauthLine?.uri.exposedText() == "otpauth://t")
    let replaced = body.replacingLine(2, with: SecretBytes(utf8: "K: 1")).replacingLine(1, with: SecretBytes(utf8: "p"))
      .replacingLine(99, with: SecretBytes(utf8: "x"))
    #expect(replaced.text.exposedText()?.hasPrefix("p\nK: 1\nkey: two\n") == true)
    #expect(try EntryBody(parsing: SecretBytes(utf8: "otpauth://hotp/a?b\nx")).otpauthLine?.index == 1)
    #expect(
      EntryBody(password: SecretBytes(utf8: "p"), notes: SecretBytes(utf8: "x"))
        .appendingLine(SecretBytes(utf8: "y")).text.exposedText() == "p\nx\ny\n")
  }
}

extension EntryBodyTests {
  /// A login as Firefox makes it.
  static func firefox(
    password: String = "p", username: String = "u", form: String = "https://a.example"
  ) throws -> LoginRecord {
    let json = LoginJSON.whole(
      "{11111111-2222-4333-8444-555555555555}", origin: "https://a.example", realm: nil, form: form,
      username: username, password: password, time: 100)
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "{11111111-2222-4333-8444-555555555555}")
  }

  /// A new login with a body.
  func stored(_ body: EntryBody, at name: String = "a.example/u") throws -> LoginRecord {
    try body.draft(at: #require(EntryPlacement(name: name))).record(guid: "abcdefghijkl", now: 100)
  }
}

extension LoginRecord {
  /// The login after its body was replaced at time 200.
  func with(body text: String, now: Milliseconds = 200) throws -> LoginRecord {
    try changed(by: EntryBody(parsing: SecretBytes(utf8: text)).changes(to: self, now: now), now: now)
  }

  /// The login after Firefox changed its password at time 150.
  func with(password: String) throws -> LoginRecord {
    var changes = LoginChanges()
    changes.password = SecretBytes(utf8: password)
    return try changed(by: changes, now: 150)
  }
}

extension LoginChanges {
  /// Whether nothing changes.
  var isEmpty: Bool { origin == nil && target == nil && username == nil && password == nil && members.isEmpty }
}

/// Random bodies, with what could go wrong in them more often than by chance.
enum RandomBody {
  private static let pieces = [
    "\n", "\n", "\n\n", "\r\n", "\r", " ", "\t", ":", ": ", "login: u", "login: ", "user: other", "username:u\n",
    "url: https://a.example\n", "url: https://b.example/x\n", "url: none\n", "url:", "Login:", "\nlogin: z\n", "\"",
    "\\", "\\u0000", "\u{1}", "\u{7F}", "\u{1F}", "é", "e\u{301}", "😀", "\u{FEFF}", "\u{2028}", "\u{FFFE}", "a", "xyz",
    "#",
    "otpauth://hotp/a?secret=AAAA&counter=1\n", "otpauth://totp/a?secret=AAAA", "{\"a\":1}", "---\n", "(no password)",
  ]

  /// A text that is a body: never only line ends.
  static func text(_ random: inout SeededGenerator) -> SecretBytes {
    var text = ""
    for _ in 0..<Int.random(in: 1...12, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
    if text.utf8.allSatisfy({ $0 == 10 || $0 == 13 }) { text += "x" }
    return SecretBytes(utf8: text)
  }

  /// The text as it is shown: with a line feed at its end, and without the carriage return at the end of line 1.
  static func shown(_ text: SecretBytes) -> SecretBytes {
    var bytes = text.withUnsafeBytes { Array($0) }
    if let end = bytes.firstIndex(of: 10), end > 0, bytes[end - 1] == 13 { bytes.remove(at: end - 1) }
    if !bytes.contains(10), bytes.last == 13 { bytes.removeLast() }
    if bytes.last != 10 { bytes.append(10) }
    return SecretBytes(copying: bytes)
  }
}
