import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseEnv

@Suite struct ReferenceTests {
  private static func site(_ origin: String, _ username: String?, _ digits: String? = nil) throws -> Reference.Login {
    .entry(.site(try #require(Origin(origin))), username: username, digits: digits)
  }

  private func parse(_ text: String) throws(ReferenceError) -> Reference {
    try Reference(parsing: Array(("lockwise://" + text).utf8))
  }

  @Test(arguments: [
    ("github.com", "https://github.com", nil as String?, nil as String?, ReferenceField.password),
    ("github.com/alice", "https://github.com", "alice", nil, .password),
    ("github.com/alice/otp", "https://github.com", "alice", nil, .otp),
    ("github.com//otp", "https://github.com", "", nil, .otp),
    ("github.com//password", "https://github.com", "", nil, .password),
    ("github.com/otp", "https://github.com", "otp", nil, .password),
    ("GitHub.com/Alice/Password", "https://github.com", "Alice", nil, .line(key: "Password")),
    ("host:8443/alice", "https://host:8443", "alice", nil, .password),
    ("host%3A8443/alice", "https://host:8443", "alice", nil, .password),
    ("github.com:443/alice", "https://github.com", "alice", nil, .password),
    ("ssh:box:22/root", "ssh://box", "root", nil, .password),
    ("ssh:box:2222/root", "ssh://box:2222", "root", nil, .password),
    ("ssh:22", "ssh://22", nil, nil, .password),
    ("[::1]:8443/a", "https://[::1]:8443", "a", nil, .password),
    ("ssh:[::1]:2222/a", "ssh://[::1]:2222", "a", nil, .password),
    ("h.example/alice@corp.example/notes", "https://h.example", "alice@corp.example", nil, .notes),
    ("h.example/a%2Fb%23c%3Fd%25/API%20key", "https://h.example", "a/b#c?d%", nil, .line(key: "API key")),
    ("h.example/with blank/API key", "https://h.example", "with blank", nil, .line(key: "API key")),
    ("h.example/jürgen/username", "https://h.example", "jürgen", nil, .username),
    ("h.example/j%C3%BCrgen/url", "https://h.example", "jürgen", nil, .url),
    ("h.example/alice#1a2b", "https://h.example", "alice", "1a2b", .password),
    ("h.example/alice#1a2b/otp", "https://h.example", "alice", "1a2b", .otp),
    ("h.example/#1a2b/otp", "https://h.example", "", "1a2b", .otp),
    ("h.example#1a2b", "https://h.example", nil, "1a2b", .password),
    ("h.example#1a2b//otp", "https://h.example", "", "1a2b", .otp),
    ("https://alice@github.com", "https://github.com", "alice", nil, .password),
    ("https://alice@github.com/otp", "https://github.com", "alice", nil, .otp),
    ("https://github.com", "https://github.com", nil, nil, .password),
    ("https://@github.com/otp", "https://github.com", "", nil, .otp),
    ("https://a%2Fb@x@h.example:8443#1a2b/otp", "https://h.example:8443", "a/b@x", "1a2b", .otp),
    ("ssh://root@box:2222", "ssh://box:2222", "root", nil, .password),
    ("http:h.example/u", "http://h.example", "u", nil, .password),
    ("http://u@h.example/url", "http://h.example", "u", nil, .url),
  ])
  func namesLoginsOfSites(text: String, origin: String, user: String?, digits: String?, field: ReferenceField) throws {
    let expected = Reference(login: try Self.site(origin, user, digits), field: field)
    #expect(try parse(text) == expected)
  }

  @Test(arguments: [
    ("pass:aws/prod%2Fkey", "aws", "prod/key" as String?, ReferenceField.password), ("pass:aws", "aws", nil, .password),
    ("pass:aws//otp", "aws", "", .otp), ("pass:8080/x", "8080", "x", .password), ("pass:a:b/x", "a:b", "x", .password),
    ("pass:a%2F", "a/", nil, .password), ("pass://x%2Fy@aws/otp", "aws", "x/y", .otp),
    ("PASS:aws", "aws", nil, .password),
  ])
  func namesFreeEntries(text: String, firstPart: String, user: String?, field: ReferenceField) throws {
    #expect(
      try parse(text)
        == Reference(login: .entry(.free(firstPart: firstPart), username: user, digits: nil), field: field))
  }

  @Test(arguments: [
    ("{0a1b2c3d-0000-4000-8000-00000000000f}", "{0a1b2c3d-0000-4000-8000-00000000000f}", ReferenceField.password),
    ("%7B0a1b2c3d-0000-4000-8000-00000000000f%7D/otp", "{0a1b2c3d-0000-4000-8000-00000000000f}", .otp),
    ("aB3_defghijk", "aB3_defghijk", .password), ("ABCDEFGHIJ-L/notes", "ABCDEFGHIJ-L", .notes),
    ("{abcdefghijkl}", "abcdefghijkl", .password), ("{a%2Fb}/url", "a/b", .url),
  ])
  func namesGUIDs(text: String, guid: String, field: ReferenceField) throws {
    #expect(try parse(text) == Reference(login: .guid(guid), field: field))
  }

  @Test func readsTwelveLowerCaseLettersAsAHost() throws {
    #expect(try parse("raspberrypi1/otp").login == Self.site("https://raspberrypi1", "otp"))
  }

  @Test(arguments: [
    ("", ReferenceError.noHost), ("/alice", .noHost), ("//otp", .noHost), ("https://alice@", .noHost),
    ("a/b/c/d", .tooManySegments), ("https://u@h.example/otp/x", .tooManySegments),
    ("aB3_defghijk/a/b", .tooManySegments),
    ("a/100%", .lonePercentSign), ("a/%2", .lonePercentSign), ("a/%zz", .lonePercentSign), ("a%/b", .lonePercentSign),
    ("a/b?", .questionMark), ("a?attribute=otp", .questionMark), ("a/b/c?d", .questionMark),
    ("a/b#", .numberSign), ("a/b#1#2", .numberSign), ("a/b/c#1", .numberSign), ("a#1/b", .numberSign),
    ("https://u#1@h.example", .numberSign), ("a/b/", .noField), ("https://u@h.example/", .noField),
    ("a/%FF", .notUTF8), ("%C3/a", .notUTF8), ("a/%00", .containsNUL),
    ("ali ce/x", .invalidHost), ("alice@github.com", .invalidHost), ("h.example:99999", .invalidHost),
    ("h.example:/x", .invalidHost), ("pass:/x", .invalidHost), ("ssh:/x", .invalidHost),
    ("h.example%2Fx", .invalidHost),
    ("file:x/y", .invalidHost),
  ])
  func refuses(text: String, error: ReferenceError) {
    #expect(throws: error) { _ = try parse(text) }
  }

  @Test func needsItsSchemeOnlyWhereTextCanStand() throws {
    #expect(throws: ReferenceError.noScheme) { _ = try Reference(parsing: Array("github.com".utf8)) }
    #expect(try Reference(parsing: Array("github.com".utf8), needsScheme: false) == parse("github.com"))
  }

  @Test func keepsTextsApartThatUnicodeTreatsAsEqual() throws {
    #expect(try parse("h.example/e%CC%81").text != parse("h.example/%C3%A9").text)
  }

  @Test(arguments: [
    ("github.com/alice", "lockwise://github.com/alice"), ("github.com//password", "lockwise://github.com//password"),
    ("h.example/a@b.example/otp", "lockwise://h.example/a@b.example/otp"),
    ("h.example/a b%2F$x'%22%60\\{}|", "lockwise://h.example/a%20b%2F%24x%27%22%60%5C%7B%7D%7C"),
    ("h.example/jürgen", "lockwise://h.example/jürgen"), ("h.example/%E2%80%AEx", "lockwise://h.example/%E2%80%AEx"),
    ("https://ssh:8443", "lockwise://https://ssh:8443"), ("https://h.example/otp", "lockwise://https://h.example/otp"),
    ("ssh://root@box", "lockwise://ssh:box/root"), ("https://22:443", "lockwise://22"),
    ("{abcdefghijkl}", "lockwise://{abcdefghijkl}"), ("{%7D}", "lockwise://{%7D}"),
    ("{aB3_defghijk}", "lockwise://aB3_defghijk"),
    ("h.example/a%23#1a2b/API key", "lockwise://h.example/a%23#1a2b/API%20key"),
    ("[::1]:8443/a", "lockwise://[::1]:8443/a"),
  ])
  func isEncoded(text: String, expected: String) throws { #expect(try parse(text).text == expected) }

  @Test func isTheInverseOfItsText() throws {
    var random = SeededGenerator(seed: 16)
    let characters = Array("abAB09-_.~/#?%@: |{}$'\"\\[]éß漢🙂\u{301}\u{2028}\u{1}").map(String.init)
    func text(_ counts: ClosedRange<Int>) -> String {
      (0..<Int.random(in: counts, using: &random)).map { _ in characters.randomElement(using: &random) ?? "" }.joined()
    }
    let origins = [
      "https://h.example", "https://h.example:8443", "http://h.example", "ssh://box:2222", "https://[::1]:1",
      "https://ssh:8443", "https://pass:1", "ssh://22", "odd.one://a%20b", "odd://12", "sudo://box", "https://12:34",
    ].compactMap(Origin.init)
    #expect(origins.count == 12)
    for _ in 0..<5_000 {
      let places: [Reference.Place] = [
        .site(origins.randomElement(using: &random) ?? origins[0]), .free(firstPart: text(1...6)),
      ]
      let fields = ReferenceField.named + [ReferenceField(text(1...8))]
      let logins: [Reference.Login] = [
        .entry(
          places.randomElement(using: &random) ?? places[0], username: Bool.random(using: &random) ? text(0...8) : nil,
          digits: Bool.random(using: &random) ? text(1...6) : nil),
        .guid(Reference.guid("{" + text(1...14) + "}") ?? ""),
      ]
      let reference = Reference(
        login: logins.randomElement(using: &random) ?? logins[0], field: fields.randomElement(using: &random) ?? .otp)
      let parsed = try Reference(parsing: Array(reference.text.utf8))
      #expect(parsed == reference, "\(reference.text)")
      #expect(parsed.text == reference.text)
    }
  }
}
