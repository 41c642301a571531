import LockwiseCore
import Testing

@testable import LockwiseTransfer

@Suite struct ItemConversionTests {
  private func convert(
    url: String..., title: String = "Title", username: String = "u", password: String = "p", code: String = "",
    notes: String = "", folder: String = ""
  ) throws -> ItemConversion<SystemRandom> {
    var item = ForeignItem(.line(2))
    (item.title, item.folder, item.addresses, item.username) = (title, folder, url, username)
    item.password = SecretBytes(utf8: password)
    item.oneTimeCode = SecretBytes(utf8: code)
    item.notes = SecretBytes(utf8: notes)
    var conversion = ItemConversion(now: 1, random: SystemRandom())
    try conversion.add(.item(item))
    return conversion
  }

  /// The origin and target of an address; `nil` for an entry below `pass://`.
  static let addresses: [String: (origin: String, target: LoginTarget)?] = [
    "https://a.example/x?y=1#z": ("https://a.example", .form("")),
    "HTTPS://A.Example:443": ("https://a.example", .form("")),
    "http://a.example:8080/": ("http://a.example:8080", .form("")),
    " https://a.example\n": ("https://a.example", .form("")),
    "https://user:secret@a.example": ("https://a.example", .form("")), "a.example": ("https://a.example", .form("")),
    "www.a.example/login": ("https://www.a.example", .form("")),
    "localhost:8080": ("https://localhost:8080", .form("")),
    "192.168.1.1": ("https://192.168.1.1", .form("")), "https://[::1]:8443/": ("https://[::1]:8443", .form("")),
    "ssh://root@a.example": ("ssh://a.example", .realm("ssh")), "sudo://box": ("sudo://box", .realm("sudo")),
    "imap://a.example": ("imap://a.example", .realm("imap")), "ftp://a.example": ("ftp://a.example", .realm("ftp")),
    "": nil, "androidapp://com.example": nil, "iosapp://x": nil, "otpauth://totp/x": nil, "file:///etc/passwd": nil,
    "javascript:alert(1)": nil, "My bank": nil, "bank": nil, "https://": nil, "https://a b": nil,
    "mailto:a@b.example": nil,
    "keepassxc://by-uuid/x": nil,
  ]

  @Test(arguments: addresses) func findsTheSite(address: String, expected: (origin: String, target: LoginTarget)?)
    throws
  {
    let login = try #require(try convert(url: address).rows.first?.login)
    #expect(login.origin == expected?.origin ?? "pass://Title")
    #expect(login.target == expected?.target ?? .realm("pass"))
  }

  @Test func makesALoginOfEachSite() throws {
    let conversion = try convert(
      url: "https://a.example/1", "https://a.example/2", "b.example", "androidapp://x", "", "http://a.example")
    #expect(conversion.logins.map(\.origin) == ["https://a.example", "https://b.example", "http://a.example"])
    #expect(Set(conversion.rows.map(\.login.guid)).count == 3)
    #expect(conversion.refusals == [RefusedItem(.line(2), .unsupportedAddress(scheme: "androidapp"))])
  }

  @Test func namesEntriesWithoutASite() throws {
    #expect(
      try convert(title: "a/b", folder: "F/G").logins
        == [ConvertedLogin("pass://F", .realm("pass"), "G/a/b/u", "p", notes: "login: u\n")])
    // The title of an entry never sends its password to a site.
    #expect(
      try convert(title: "bank.example", username: "").logins
        == [ConvertedLogin("pass://bank.example", .realm("pass"), "", "p")])
    #expect(
      try convert(url: "androidapp://com.example", title: "App").logins
        == [ConvertedLogin("pass://App", .realm("pass"), "u", "p", notes: "login: u\nurl: androidapp://com.example\n")])
    #expect(try convert(title: "").refusals == [RefusedItem(.line(2), .noName)])
  }

  static let codes: [String: String] = [
    "otpauth://totp/a:b?secret=JBSWY3DPEHPK3PXP&issuer=a&digits=8":
      "otpauth://totp/a:b?secret=JBSWY3DPEHPK3PXP&issuer=a&digits=8",
    " otpauth://hotp/b?secret=JBSWY3DP&counter=1 ": "otpauth://hotp/b?secret=JBSWY3DP&counter=1",
    "steam://JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP": "steam://JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "jbsw y3dp ehpk 3pxp": "otpauth://totp/u%40x?secret=jbswy3dpehpk3pxp",
    "JBSWY3DPEHPK3PXP": "otpauth://totp/u%40x?secret=JBSWY3DPEHPK3PXP",
    "key=abc&step=30": "totp: key=abc&step=30", "AB": "totp: AB",
  ]

  @Test(arguments: codes) func keepsOneTimeCodes(code: String, line: String) throws {
    let conversion = try convert(url: "https://a.example", username: "u@x", code: code, notes: "note")
    #expect(conversion.logins.map(\.notes) == ["\(line)\nnote\n"])
    let login = try #require(conversion.rows.first?.login)
    if line.contains("://") { #expect(EntryBody(of: login).otpauthLine?.uri.exposedText() == line) }
  }

  @Test func needsAPasswordOrACode() throws {
    #expect(
      try convert(url: "https://a.example", password: "", notes: "x").refusals == [RefusedItem(.line(2), .noPassword)])
    let login = try #require(
      try convert(url: "https://a.example", password: "", code: "JBSWY3DPEHPK3PXP").rows.first?.login)
    #expect(login.hasPlaceholderPassword)
  }

  @Test func refusesWhatFirefoxRefuses() throws {
    #expect(
      try convert(url: "https://a.example", password: "a\u{0}b").refusals
        == [RefusedItem(.line(2), .invalid(.badCharacter(member: "password")))])
    #expect(
      try convert(url: "https://a.example", notes: "a\u{0}b").refusals
        == [RefusedItem(.line(2), .unusableNotes(.containsNUL))])
    #expect(
      try convert(url: "https://a.example", notes: String(repeating: "x", count: 1 << 20)).refusals
        == [RefusedItem(.line(2), .unusableNotes(.tooLong))])
    #expect(try convert(url: "https://a.example", password: "a\nb", notes: "n").logins.first?.password == "a\nb")
  }

  /// As `lockwise-pass insert` places them.
  @Test func placesEntriesOfPass() throws {
    var conversion = ItemConversion(now: 1, random: SystemRandom())
    for (path, text) in [
      ("github.com/alice", "pw\nnote"), ("Work/mail", "pw\nlogin: bob\nurl: https://mail.example/x\n"),
      ("Work/wifi", "pw\n"), ("empty", "\notpauth://totp/a?secret=JBSWY3DP"), ("nothing", "\n"), ("bad", "a\u{0}"),
    ] {
      try conversion.add(.entry(SecretBytes(utf8: text), path: path, .entry(path)))
    }
    #expect(
      conversion.logins == [
        ConvertedLogin("https://github.com", "alice", "pw", notes: "note\n"),
        ConvertedLogin(
          "https://mail.example", "bob", "pw", notes: "login: bob\nurl: https://mail.example/x\n", ownName: "Work/mail"),
        ConvertedLogin("pass://Work", .realm("pass"), "wifi", "pw", notes: ""),
        ConvertedLogin(
          "pass://empty", .realm("pass"), "", "(no password)", notes: "otpauth://totp/a?secret=JBSWY3DP\n"),
      ])
    #expect(
      conversion.refusals == [
        RefusedItem(.entry("nothing"), .unusableNotes(.empty)),
        RefusedItem(.entry("bad"), .unusableNotes(.containsNUL)),
      ])
  }

  /// A URL loses its path, and what only Firefox accepts stays as it is.
  @Test(arguments: [
    "https://a.example/login?x": "https://a.example", "HTTPS://A.example:443": "https://a.example",
    "https://a%2eb.example": "https://a%2eb.example", "https://a%2eb.example/x": nil, "a.example": nil, "": nil,
    "imap://mail.example": "imap://mail.example", "urn:x://y/z": "urn:x://y/z", "://x": nil,
    "https://a.example (x)": nil,
  ]) func keepsOriginsOfFirefox(url: String, origin: String?) throws {
    let text = "url,username,password\n\"\(url)\",u,p"
    #expect(try ItemConversion(text, .firefox).logins.first?.origin == origin)
  }

  @Test func refusesDeletedEntriesOfKeePassXC() throws {
    let text =
      "Group,Title,Username,Password,URL,Notes\nRoot/Recycle Bin,x,u,p,,\nRoot/Recycle Bin/y,x,u,p,,\nRoot/Bin,x,u,p,,"
    let conversion = try ItemConversion(text, .keepassxc)
    #expect(conversion.refusals == [RefusedItem(.line(2), .inTrash), RefusedItem(.line(3), .inTrash)])
    #expect(conversion.logins.map(\.origin) == ["pass://Bin"])
  }

  @Test(arguments: [
    "a.example,b.example": ["a.example", "b.example"], "https://a/?x=1,2,https://b": ["https://a/?x=1,2", "https://b"],
    "https://a/?u=1,x?://y": ["https://a/?u=1,x?://y"], "": [""],
    "https://a,androidapp://b": ["https://a", "androidapp://b"],
  ]) func splitsAddressesOfBitwarden(text: String, expected: [String]) {
    #expect(BitwardenCSV.addresses(text) == expected)
  }
}
