import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// The command `audit`.
@Suite struct PassAuditTests {
  private static let strong = "vR7#kq9!Lz2$pW"

  private func makeHome(_ logins: [(origin: String, username: String, password: String)]) throws -> PassHome {
    try PassHome(
      logins.enumerated().map { index, login in
        let id = "login\(index)abcdef"
        let json = LoginJSON.whole(
          id, origin: login.origin, realm: nil, form: "", username: login.username, password: login.password)
        return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: id)
      })
  }

  @Test func findsNothing() throws {
    let run = try makeHome([("https://a.example", "alice", Self.strong)]).pass("audit")
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.error == "pass: notice: 1 password checked, nothing found\n")
  }

  @Test func reportsWithoutPasswords() throws {
    let home = try makeHome([
      ("https://a.example", "alice", Self.strong), ("https://b.example", "alice", Self.strong),
      ("http://c.example", "carol", "carol"), ("https://d.example", "dave", "Summer2024!"),
    ])
    let run = try home.pass("audit")
    #expect(run.status == 1)
    #expect(run.lines[0] == "entry\tfinding")
    #expect(run.lines.count == 6)
    #expect(run.lines[1...2] == ["a.example/alice\tused on 2 sites", "b.example/alice\tused on 2 sites"])
    #expect(run.lines[3].hasPrefix("d.example/dave\tweak, about "))
    for password in [Self.strong, "Summer2024!"] { #expect(!run.output.contains(password)) }
    let json =
      try JSONSerialization.jsonObject(with: Data(home.pass("audit", "--json").outputBytes)) as? [[String: Any]]
    #expect(json?.map { $0["finding"] as? String } == ["reused", "reused", "weak", "same-as-username", "unencrypted"])
    #expect(json?[0]["sites"] as? Int == 2)
    // Below one entry only, but compared with all.
    #expect(try home.pass("audit", "b.example").lines == ["entry\tfinding", "b.example/alice\tused on 2 sites"])
    #expect(try home.pass("audit", "nothing").status == 1)
  }

  @Test func agesAndBreaches() throws {
    let home = try makeHome([
      ("https://a.example", "alice", Self.strong), ("https://b.example", "bob", Self.strong + "2"),
    ])
    let digests = try [Self.strong, "x", "y"].map { password in
      try #require(Hex.encode(SHA1.hash(SecretBytes(utf8: password))).exposedText()).uppercased() + ":17\r\n"
    }
    let list = home.scratch.root + "/list"
    try home.scratch.write(digests.sorted().joined(), to: list)
    #expect(
      try home.pass("audit", "--breached", list).lines.dropFirst() == ["a.example/alice\tfound in breaches 17 times"])
    #expect(try home.pass("audit", "--older", "100000").status == 0)
    #expect(try home.pass("audit", "--older", "1").lines.count == 3)
    #expect(try home.pass("audit", "--older", "x").status == 64)
    #expect(try home.pass("audit", "--breached", "/dev/null").status == 1)
    try home.scratch.write("hello\n", to: list)
    let run = try home.pass("audit", "--breached", list)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.error.contains("a line is not SHA-1:COUNT"))
  }
}
