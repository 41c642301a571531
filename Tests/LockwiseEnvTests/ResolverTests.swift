import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseEnv

@Suite struct ResolverTests {
  private static let otp = "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
  private static let logins: [EnvVault.Login] = [
    .init(origin: "https://one.example", username: "alice", password: "of one"),
    .init(origin: "https://two.example:8443", username: "a/b#c?d%", password: "odd"),
    .init(
      origin: "https://two.example:8443", username: "", password: "no user",
      guid: "{0a1b2c3d-0000-4000-8000-00000000000f}"),
    .init(
      origin: "https://notes.example", username: "u", password: "pw",
      member:
        #"{"notes":"API key: k 1\napi key: k 2\nempty:\n\#(otp)\nurl: https://notes.example/login\n","tied":["url"]}"#),
    .init(origin: "ssh://box:2222", username: "root", password: "of ssh", realm: "ssh"),
    .init(
      origin: "pass://aws", username: "prod/key", password: "free", realm: "pass", member: #"{"notes":"login: AKIA\n"}"#
    ),
    .init(origin: "https://named.example", username: "n", password: "named", member: #"{"name":"Work/box"}"#),
    .init(
      origin: "https://git.example", username: "bob", password: "form", guid: "{abcd1111-0000-4000-8000-000000000000}"),
    .init(
      origin: "https://git.example", username: "bob", password: "token", realm: "git",
      guid: "{abcd2222-0000-4000-8000-000000000000}"),
    .init(origin: "https://nfc.example", username: "\u{E9}", password: "composed"),
    .init(origin: "https://nfc.example", username: "e\u{301}", password: "decomposed"),
    .init(origin: "https://dot.example", username: "otp", password: "user otp"),
    .init(origin: "https://mobile.example", username: "m", password: "mobile", guid: "aB3_defghijk"),
    .init(
      origin: "https://count.example", username: "c",
      member: #"{"notes":"otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQ&counter=1\n"}"#),
    .init(
      origin: "https://blank.example", username: "b", password: "(no password)",
      member: #"{"emptyPassword":"(no password)"}"#),
  ]

  private let vault: EnvVault

  init() throws { vault = try EnvVault(Self.logins) }

  @Test(arguments: [
    ("one.example", "of one"), ("one.example/alice", "of one"), ("ONE.example/alice/password", "of one"),
    ("one.example/alice/username", "alice"), ("one.example/alice/url", "https://one.example"),
    ("https://alice@one.example", "of one"), ("https://one.example/username", "alice"),
    ("two.example:8443/a%2Fb%23c%3Fd%25", "odd"), ("two.example:8443//password", "no user"),
    ("two.example:8443//username", ""), ("two.example:8443#0a1b", "no user"), ("two.example:8443/#0a1b", "no user"),
    ("{0a1b2c3d-0000-4000-8000-00000000000f}", "no user"), ("{0a1b2c3d-0000-4000-8000-00000000000f}/username", ""),
    ("aB3_defghijk", "mobile"), ("{aB3_defghijk}/username", "m"),
    ("notes.example/u/API key", "k 1"), ("notes.example/u/api%20key", "k 2"), ("notes.example/u/empty", ""),
    ("notes.example/u/otp", "359152"), ("notes.example/u/url", "https://notes.example/login"),
    (
      "notes.example/u/notes",
      "API key: k 1\napi key: k 2\nempty:\n\(otp)\nurl: https://notes.example/login\n"
    ),
    ("ssh:box:2222/root", "of ssh"), ("ssh://root@box:2222", "of ssh"), ("pass:aws/prod%2Fkey", "free"),
    ("pass:aws", "free"),
    ("pass:aws/prod%2Fkey/username", "AKIA"), ("pass:Work/box", "named"), ("named.example/n", "named"),
    ("git.example/bob#abcd1", "form"), ("git.example/bob#abcd2", "token"), ("git.example#abcd2", "token"),
    ("nfc.example/%C3%A9", "composed"), ("nfc.example/e%CC%81", "decomposed"), ("dot.example/otp", "user otp"),
    ("blank.example/b", ""),
  ])
  func findsValues(reference: String, expected: String) throws {
    // The code is that of counter 2 in RFC 4226, appendix D.
    #expect(try vault.values(reference) == [expected])
  }

  private func failure(_ reference: String) -> ResolutionFailure? {
    let error = #expect(throws: ResolutionError.self) { _ = try vault.values(reference) }
    return error?.missing.first?.reason
  }

  @Test(arguments: [
    ("none.example", ResolutionFailure.noLogin), ("one.example/Alice", .noLogin), ("one.example:8443/alice", .noLogin),
    ("http:one.example/alice", .noLogin), ("sub.one.example/alice", .noLogin), ("example/alice", .noLogin),
    ("one.example//password", .noLogin), ("one.example/alice#9999", .noLogin),
    ("{ffffffff-0000-4000-8000-00000000000f}", .noLogin),
    ("pass:aws/prod", .noLogin), ("Work/box", .noLogin), ("aws/prod%2Fkey", .noLogin),
    ("notes.example/u/API", .noField),
    ("notes.example/u/api KEY", .noField), ("one.example/alice/notes", .noField), ("one.example/alice/otp", .noField),
    ("pass:aws/prod%2Fkey/url", .noField), ("count.example/c/otp", .countingCode),
    ("git.example/bob", .ambiguous(["lockwise://git.example/bob#abcd1", "lockwise://git.example/bob#abcd2"])),
    ("git.example", .ambiguous(["lockwise://git.example/bob#abcd1", "lockwise://git.example/bob#abcd2"])),
    ("git.example/bob#abcd", .ambiguous(["lockwise://git.example/bob#abcd1", "lockwise://git.example/bob#abcd2"])),
    ("nfc.example", .ambiguous(["lockwise://nfc.example/e%CC%81", "lockwise://nfc.example/é"])),
  ])
  func guessesNothing(reference: String, expected: ResolutionFailure) { #expect(failure(reference) == expected) }

  @Test func offersTheFieldForAUserOfItsName() throws {
    let error = #expect(throws: ResolutionError.self) { _ = try vault.values("one.example/otp") }
    let failure = try #require(error?.failures.first)
    #expect(failure.message == "cannot find lockwise://one.example/otp: there is no such login")
    #expect(failure.hints == ["here otp is the name of a user; for the field use lockwise://one.example//otp"])
  }

  @Test func namesEveryFailureAndNoValue() throws {
    let file = try vault.write(
      "A=lockwise://none.example\nB='x\n{{ lockwise://one.example/eve }}'\nC=literal secret\n", to: "refs")
    let list = try VariableList(files: [file], arguments: [Array("D=lockwise://git.example/bob".utf8)], vault.context)
    let error = #expect(throws: ResolutionError.self) { _ = try Resolver(vault.context).resolve(list.templates) }
    let path = String(decoding: file, as: UTF8.self)
    #expect(
      error?.failures.map(\.message) == [
        "cannot find lockwise://none.example for A (\(path), line 1): there is no such login",
        "cannot find lockwise://one.example/eve for B (\(path), line 3): there is no such login",
        "cannot find lockwise://git.example/bob for D: there are several such logins",
      ])
    #expect(error?.failures.allSatisfy { $0.exitCode == .failure } == true)
    #expect(error?.failures.last?.hints.first == "use lockwise://git.example/bob#abcd1")
  }

  @Test func replacesOnceAndReportsSecrets() throws {
    let tricky = try EnvVault([
      .init(origin: "https://h.example", username: "u", password: "{{ lockwise://h.example/v }}"),
      .init(origin: "https://h.example", username: "v", password: "lockwise://h.example/u"),
    ])
    let arguments = [
      "A=lockwise://h.example/u", "B=x{{ lockwise://h.example/v | json }}{{ lockwise://h.example/v/username }}",
      "C=plain",
    ]
    let list = try VariableList(files: [], arguments: arguments.map { Array($0.utf8) }, tricky.context)
    let values = try Resolver(tricky.context).resolve(list.templates)
    #expect(
      values.map { $0.bytes.exposedText() } == [
        "{{ lockwise://h.example/v }}", "x\"lockwise://h.example/u\"v", "plain",
      ])
    #expect(values.map(\.isReference) == [true, false, false])
    #expect(values[1].secrets.map(\.isConfidential) == [true, false])
    #expect(values[1].secrets[0].value == SecretBytes(utf8: "lockwise://h.example/u"))
    #expect(tricky.context.activity.hasRead)
  }

  @Test func opensNoVaultWithoutAReference() throws {
    let list = try VariableList(files: [], arguments: [Array("A=b".utf8)], vault.context)
    #expect(try Resolver(vault.context).resolve(list.templates).map(\.bytes) == [SecretBytes(utf8: "b")])
    #expect(!vault.context.activity.hasRead)
  }

  @Test func givesEveryLoginAReferenceOfItsOwn() throws {
    var random = SeededGenerator(seed: 7)
    let origins = [
      "https://h.example", "http://h.example", "pass://aws", "pass://a%2Fb", "ssh://22", "https://ssh:1", "pass:// x",
      "chrome://x",
    ]
    let users = ["", "u", "otp", "a/b", "#1", "é", "e\u{301}"]
    for _ in 0..<20 {
      let vault = try EnvVault(
        (0..<40).map { number in
          let guids = [
            "{\(number)0000000-0000-4000-8000-000000000000}", "same-beginning-\(number)", "abcdefghij\(10 + number)",
          ]
          let origin = origins.randomElement(using: &random) ?? ""
          return .init(
            origin: origin, username: users.randomElement(using: &random) ?? "", password: "password \(number)",
            realm: "r\(number)", guid: guids.randomElement(using: &random),
            member: Int.random(in: 0..<4, using: &random) == 0 ? #"{"name":"aws/u"}"# : nil)
        })
      var logins: [LoginRecord] = []
      try vault.vault.forEachLogin { logins.append($0) }
      let references = LoginReferences(logins.map { .init($0) })
      let finder = LoginFinder(vault: vault.vault)
      #expect(logins.count == 40)
      for login in logins {
        for reference in [references.reference(to: .init(login)), try finder.reference(to: login)] {
          #expect(try Reference(parsing: Array(reference.text.utf8)) == reference)
          #expect(try vault.values(reference.text) == [login.password.exposedText()], "\(reference.text)")
        }
      }
    }
  }
}
