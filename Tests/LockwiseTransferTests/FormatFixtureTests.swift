import LockwiseCore
import Testing

@testable import LockwiseTransfer

/// Each format as its program writes it (`Tests/Fixtures/transfer`).
@Suite struct FormatFixtureTests {
  private static let notes = "line 1\nline \"2\", with a comma\n=not a formula\n\nend\n"
  private static let code =
    "otpauth://totp/B%C3%BCcher:ir%C3%A8ne?secret=JBSWY3DPEHPK3PXP&issuer=B%C3%BCcher&period=30\n"
  private static let long = TransferFixture.longNote + "\n"

  private static let shop = ConvertedLogin("https://shop.example", "marie", "a\"b,c", notes: notes)
  private static let books = ConvertedLogin("https://xn--bcher-kva.example:8443", "irène", "pässwörd✓", notes: code)
  private static let formula = ConvertedLogin("http://plain.example", "=cmd", "=1+1")
  private static let noUser = ConvertedLogin("https://nouser.example", "", " spaces \"kept\" ")
  private static let longNote = ConvertedLogin("https://long.example", "u", "p", notes: long)
  private static let ssh = ConvertedLogin("ssh://host.example:2222", .realm("ssh"), "deploy", "ssh pw")
  private static func free(_ folder: String) -> ConvertedLogin {
    let name = folder.isEmpty ? ("pass://db", "1/root") : ("pass://\(folder)", "db/1/root")
    return ConvertedLogin(name.0, .realm("pass"), name.1, "root pw", notes: "login: root\n")
  }

  private func check(
    _ name: String, _ format: TransferFormat, _ logins: [ConvertedLogin], _ refused: [RefusedItem],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let text = try TransferFixture.text(name)
    #expect(FormatRecognition.format(of: text) == format, sourceLocation: sourceLocation)
    let conversion = try ItemConversion(text, format)
    for (found, expected) in zip(conversion.logins, logins) {
      #expect(found == expected, sourceLocation: sourceLocation)
    }
    #expect(conversion.logins.count == logins.count, sourceLocation: sourceLocation)
    #expect(conversion.refusals == refused, sourceLocation: sourceLocation)
  }

  @Test func readsChrome() throws {
    var books = Self.books
    books.notes = nil
    try check(
      "chrome.csv", .chrome, [Self.shop, books, Self.formula, Self.noUser, Self.longNote, Self.ssh],
      [RefusedItem(.line(4712), .noPassword)])
  }

  @Test func readsApple() throws {
    try check(
      "apple.csv", .apple, [Self.shop, Self.books, Self.formula, Self.noUser, Self.longNote],
      [RefusedItem(.line(4711), .noPassword)])
  }

  @Test func readsOnePasswordCSV() throws {
    try check(
      "1password.csv", .onePasswordCSV,
      [Self.shop, Self.books, Self.formula, Self.noUser, Self.longNote, Self.free(""), Self.ssh],
      [RefusedItem(.line(4713), .noPassword)])
  }

  @Test func readsKeePassXC() throws {
    try check(
      "keepassxc.csv", .keepassxc,
      [Self.shop, Self.books, Self.formula, Self.noUser, Self.longNote, Self.free("Servers"), Self.ssh],
      [RefusedItem(.line(4713), .noPassword)])
  }

  /// A login of each further site, and what a form cannot be filled for.
  private static let secondShop = ConvertedLogin("https://shop.example:444", "marie", "a\"b,c", notes: notes)
  private static let fields = ConvertedLogin(
    "http://plain.example", "=cmd", "=1+1", notes: "PIN: 1234\ncolour: \"blue\"\n")

  @Test func readsBitwardenCSV() throws {
    try check(
      "bitwarden.csv", .bitwardenCSV,
      [
        Self.shop, Self.secondShop, Self.books, Self.fields, Self.noUser, Self.longNote, Self.free("Servers"), Self.ssh,
      ],
      [
        RefusedItem(.line(2), .unsupportedAddress(scheme: "androidapp")), RefusedItem(.line(4714), .noPassword),
        RefusedItem(.line(4715), .notALogin("a secure note")),
      ])
  }

  @Test func readsBitwardenJSON() throws {
    try check(
      "bitwarden.json", .bitwardenJSON,
      [
        Self.shop, Self.secondShop, Self.books, Self.fields, Self.noUser, Self.longNote, Self.free("Servers"), Self.ssh,
      ],
      [
        RefusedItem(.item(1), .unsupportedAddress(scheme: "androidapp")), RefusedItem(.item(8), .noPassword),
        RefusedItem(.item(9), .notALogin("a secure note")), RefusedItem(.item(10), .notALogin("a card")),
        RefusedItem(.item(11), .notALogin("an identity")), RefusedItem(.item(12), .inTrash),
      ])
  }

  @Test func readsOnePUX() throws {
    var fields = Self.fields
    fields.notes = "PIN: 1234\ncolour: \"blue\"\nsince: 1600000000\nmail: m@plain.example\n"
    try check(
      "1pux-export.data", .onePUX,
      [
        Self.shop, Self.secondShop, Self.books, fields, Self.noUser, Self.longNote, Self.free(""), Self.ssh,
        ConvertedLogin("pass://Safe", .realm("pass"), "", "only a password"),
      ],
      [
        RefusedItem(.item(1), .unsupportedAddress(scheme: "androidapp")), RefusedItem(.item(8), .noPassword),
        RefusedItem(.item(10), .notALogin("a card")), RefusedItem(.item(11), .notALogin("a secure note")),
        RefusedItem(.item(12), .notALogin("an identity")), RefusedItem(.item(13), .notALogin("a server")),
      ])
  }

  @Test func readsFirefox() throws {
    try check(
      "firefox.csv", .firefox,
      [
        ConvertedLogin("https://shop.example", .form("https://pay.example"), "marie", "a\"b,c"),
        ConvertedLogin("https://xn--bcher-kva.example:8443", "irène", "pässwörd✓"),
        ConvertedLogin("http://plain.example", .form("http://plain.example"), "=cmd", "=1+1"),
        ConvertedLogin("https://nouser.example", .realm("a \"realm\", quoted"), "", " spaces \"kept\" "),
        ConvertedLogin("https://multi.example", .realm(""), "line\nfeed", "pass\r\nword"),
        ConvertedLogin("ssh://host.example:2222", .realm("ssh"), "deploy", "ssh pw"),
        ConvertedLogin("pass://Servers", .realm("pass"), "db/1", "root pw"),
      ], [RefusedItem(.line(11), .firefoxAccount)])
    let first = try #require(try ItemConversion(TransferFixture.text("firefox.csv"), .firefox).rows.first?.login)
    #expect(first.guid == "{11111111-1111-4111-8111-111111111111}")
    #expect(
      [first.timeCreated, first.timePasswordChanged, first.timeLastUsed]
        == [1_600_000_000_001, 1_600_000_000_002, 1_600_000_000_003])
  }

  @Test func readsGitCredentials() throws {
    try check(
      "git-credentials", .gitCredentials,
      [
        ConvertedLogin("https://shop.example", .realm("git"), "marie", "a\"b,c"),
        ConvertedLogin("https://xn--bcher-kva.example:8443", .realm("git"), "irène", "pässwörd✓"),
        ConvertedLogin("http://plain.example", .realm("git"), "=cmd", "=1+1"),
        ConvertedLogin("https://shop.example", .realm("git:team/repo.git"), "deploy", "path pw"),
        ConvertedLogin("https://nouser.example", .realm("git"), "", "token:1"),
      ], [RefusedItem(.line(7), .notACredentialURL)])
  }

  @Test func readsNetrc() throws {
    try check(
      "netrc", .netrc,
      [
        ConvertedLogin("https://shop.example", .realm("git"), "marie", "a\"b,c"),
        ConvertedLogin("https://xn--bcher-kva.example:8443", .realm("git"), "irène", "pässwörd✓"),
        ConvertedLogin("https://plain.example", .realm("git"), "=cmd", "=1+1"),
        ConvertedLogin("https://nouser.example", .realm("git"), "", " spaces \"kept\" "),
        ConvertedLogin("https://account.example", .realm("git"), "a", "#c"),
      ], [RefusedItem(.line(13), .noHost)])
  }
}
