import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwisePass

/// The problems that `audit` reports.
@Suite struct PasswordAuditTests {
  private static let strong = "vR7#kq9!Lz2$pW"
  private static let now: Milliseconds = 1_700_000_000_000

  private func login(_ origin: String, _ username: String, _ password: String, changed: Milliseconds = now) throws
    -> LoginRecord
  {
    let json = LoginJSON.whole(
      "abcdefghijkl", origin: origin, realm: "r", username: username, password: password, time: changed.rawValue)
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "abcdefghijkl")
  }

  private func findings(_ logins: LoginRecord..., oldAfter: Int? = nil) throws -> [[AuditFinding]] {
    var audit = try PasswordAudit(.init(oldAfter: oldAfter, breaches: nil, now: Self.now), random: SystemRandom())
    for (place, login) in logins.enumerated() { try audit.add(login, named: "entry \(place)", at: place) }
    let rows = audit.rows()
    return logins.indices.map { place in rows.filter { $0.name == "entry \(place)" }.map(\.finding) }
  }

  @Test func aStrongPasswordOfOneSiteIsFine() throws {
    #expect(try findings(login("https://a.example", "alice", Self.strong)) == [[]])
    // One site with two logins, with www. and another scheme.
    #expect(
      try findings(
        login("https://a.example", "alice", Self.strong), login("https://www.a.example", "bob", Self.strong),
        login("ssh://a.example", "alice", Self.strong)) == [[], [], []])
  }

  @Test func reuse() throws {
    let found = try findings(
      login("https://a.example", "alice", Self.strong), login("https://b.example", "alice", Self.strong),
      login("pass://Work", "mail", Self.strong), login("https://c.example", "alice", Self.strong + "x"))
    #expect(found == [[.reused(sites: 3)], [.reused(sites: 3)], [.reused(sites: 3)], []])
  }

  /// The name of a user or a host is not also reported as weak.
  @Test(arguments: [
    ("alice@mail.example", "ALICE", AuditFinding.sameAsUsername),
    ("alice@mail.example", "alice@mail.example", .sameAsUsername),
    ("alice", "Shop", .sameAsHost), ("alice", "my.shop.example", .sameAsHost),
  ])
  func names(username: String, password: String, finding: AuditFinding) throws {
    #expect(try findings(login("https://my.shop.example", username, password)) == [[finding]])
  }

  @Test(arguments: [
    ("http://a.example", [AuditFinding.unencrypted]), ("http://localhost:8080", []), ("http://127.0.0.1", []),
    ("http://[::1]:80", []), ("http://dev.localhost", []), ("https://a.example", []),
    ("http://localhost.example", [.unencrypted]),
  ])
  func transport(origin: String, expected: [AuditFinding]) throws {
    #expect(try findings(login(origin, "alice", Self.strong)) == [expected])
  }

  @Test func age() throws {
    let day: Milliseconds = 86_400_000
    let old = try login("https://a.example", "alice", Self.strong, changed: Self.now - day * 100)
    #expect(try findings(old, oldAfter: 100) == [[.old(days: 100)]])
    #expect(try findings(old, oldAfter: 101) == [[]])
    #expect(try findings(login("https://a.example", "a", Self.strong, changed: Self.now + day), oldAfter: 1) == [[]])
    #expect(try findings(login("https://a.example", "a", Self.strong, changed: 0), oldAfter: 1) == [[]])
  }

  @Test func weakness() throws {
    guard case .weak(let bits) = try findings(login("https://a.example", "alice", "Summer2024!"))[0].first else {
      Issue.record("not weak")
      return
    }
    #expect((10..<50).contains(bits))
  }
}
