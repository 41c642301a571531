import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseEnv

/// The list that is made from names has the same references as one that is made from the logins.
@Suite struct ReferenceListTests {
  private func expectSame(_ logins: [EnvVault.Login]) throws {
    let vault = try EnvVault(logins).vault
    var records: [LoginRecord] = []
    try vault.forEachLogin { records.append($0) }
    let references = LoginReferences(records.map { .init($0) })
    let expected = records.map { references.reference(to: .init($0)).text }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let list = try ReferenceList(vault.entryList().list, login: vault.login(guid:))
    let text = String(decoding: list.bytes, as: UTF8.self)
    #expect(text.split(separator: "\n").map(String.init) == expected)
    #expect(text.isEmpty || text.hasSuffix("\n"))
  }

  @Test func anEmptyVaultHasNone() throws { try expectSame([]) }

  /// Each character at each place.
  @Test func everyCharacterIsWrittenAlike() throws {
    let characters = (1..<0x80).map { String(UnicodeScalar(UInt8($0))) } + ["é", "\u{2028}", "日", "e\u{301}"]
    try expectSame(
      characters.flatMap { character in
        [
          .init(origin: "https://a.example", username: character),
          .init(origin: "https://b.example", username: "x\(character)y"),
          .init(origin: FreeEntry.origin(firstPart: character), username: "z", realm: "pass"),
          .init(origin: FreeEntry.origin(firstPart: "p\(character)"), username: "", realm: "pass"),
          .init(origin: "pass://q", username: "a\(character)b", realm: "pass"),
        ]
      })
  }

  private static let origins = [
    "https://a.example", "https://a.example:8443", "https://a.example-b", "https://localhost", "https://localhost:8080",
    "https://ssh:22", "https://my_host_name", "https://aaaabbbbcccc", "https://1.2.3.4", "https://[::1]:8443",
    "https://xn--bcher-kva.example", "http://a.example", "ssh://a.example", "ssh://a.example:2222", "pass://a.example",
    "pass://aws", "pass://aws%2Fprod", "pass://a%3A", "pass://AWS", "sudo://box", "ssh-key://abcd", "chrome://firefox",
    "file:///x", "odd",
  ]
  private static let users = [
    "", "u", "a.example", "u#aaaa", "u/v", "u//v", "/", "..", "u@a.example", "U", "é", "password", "otp", " ", "#",
    "\n",
  ]
  private static let names = [
    "a.example/u", "aws/u", "aws", "Work/box", "a.example", "aws/u/v", "AWS/u#aaaa", "a.example/u#aaaa",
  ]

  @Test(arguments: 0..<40) func randomVaultsHaveTheSame(round: Int) throws {
    var random = TestSeed.generator()
    for _ in 0...round { _ = random.next() }
    // Few places and users make many shared names.
    let origins = Self.origins.shuffled(using: &random).prefix(Int.random(in: 1...Self.origins.count, using: &random))
    let users = Self.users.shuffled(using: &random).prefix(Int.random(in: 1...Self.users.count, using: &random))
    try expectSame(
      (0..<Int.random(in: 1...80, using: &random)).map { number in
        let origin = origins.randomElement(using: &random) ?? ""
        let isForm = origin.hasPrefix("http") && Bool.random(using: &random)
        let name = Self.names.randomElement(using: &random) ?? ""
        let digits = ["aaaa", "bbbb", "aaaabb"].randomElement(using: &random) ?? ""
        return .init(
          origin: origin, username: users.randomElement(using: &random) ?? "", realm: isForm ? nil : "r\(number)",
          guid: "{\(digits)\(number)-0000-4000-8000-000000000000}",
          member: Int.random(in: 0..<6, using: &random) == 0 ? #"{"name":"\#(name)"}"# : nil)
      })
  }

  /// Logins whose names tell everything are not read.
  @Test func fewLoginsAreRead() throws {
    let vault = try EnvVault(
      (0..<50).map { .init(origin: "https://h\($0).example", username: "user\($0)@example.org") }
        + (0..<50).map { .init(origin: "pass://mail", username: "work/account \($0)", realm: "pass") }
        + [
          .init(origin: "ssh://box", username: "root", realm: "ssh"),
          .init(origin: "https://h1.example", username: "user1@example.org", realm: "git"),
        ]
    ).vault
    var read = 0
    let list = try ReferenceList(vault.entryList().list) { guid in
      read += 1
      return try vault.login(guid: guid)
    }
    #expect(read == 1)
    #expect(String(decoding: list.bytes, as: UTF8.self).contains("lockwise://h1.example/user1@example.org#"))
  }
}
