import Foundation
import Testing

@testable import LockwiseCore
@testable import LockwiseHostSupport

/// `ref`: references that find their logins.
@Suite struct EnvReferenceTests {
  private static let logins: [EnvHome.Login] = [
    .init(username: "alice", password: "1"), .init(username: "", password: "2"),
    .init(username: "a/b #1?%", password: "3"),
    .init(username: "carol", password: "4", guid: "{aaaa1111-0000-4000-8000-000000000000}"),
    .init(username: "carol", password: "5", realm: "git", guid: "{aaaa2222-0000-4000-8000-000000000000}"),
    .init(origin: "https://example.com:8443", username: "jürgen", password: "6"),
    .init(origin: "ssh://box:2222", username: "root", password: "7", realm: "ssh"),
    .init(origin: "pass://aws", username: "prod/key", password: "8", realm: "pass"),
    .init(origin: "https://own.example", username: "x", password: "9", name: "Work/box"),
  ]

  @Test func listsAReferenceForEachLogin() throws {
    let home = try EnvHome(Self.logins)
    let lines = try home.env("ref").expectSuccess().lines
    #expect(
      lines == [
        "lockwise://example.com//password", "lockwise://example.com/a%2Fb%20%231%3F%25", "lockwise://example.com/alice",
        "lockwise://example.com/carol#aaaa1", "lockwise://example.com/carol#aaaa2",
        "lockwise://example.com:8443/jürgen",
        "lockwise://own.example/x", "lockwise://pass:aws/prod%2Fkey", "lockwise://ssh:box:2222/root",
      ])
    let values = try home.env(["read"] + lines).expectSuccess().lines
    #expect(values == ["2", "3", "1", "4", "5", "6", "9", "8", "7"])
  }

  /// With many logins the names are stored, and the next run reads them in place of the logins.
  @Test func storesTheNamesForTheNextRun() throws {
    let home = try EnvHome(
      Self.logins + (0..<70).map { .init(origin: "https://h\($0).example", username: "u", password: "p") })
    let file = home.scratch.vault + "/entry-names"
    let first = try home.env("ref").expectSuccess()
    #expect(first.lines.count == Self.logins.count + 70 && access(file, F_OK) == 0)
    let second = try home.env("ref").expectSuccess()
    #expect(second.output == first.output && second.error.isEmpty)
    // A file that is not intact is discarded.
    try home.scratch.write("damaged", to: file)
    #expect(try home.env("ref").expectSuccess().output == first.output)
    let update = try home.scratch.openVault(.writing).beginMirrorUpdate()
    try update.remove(guid: "{00000009-0000-4000-8000-000000000009}")
    try update.commit()
    #expect(try home.env("ref").expectSuccess().lines == first.lines.filter { $0 != "lockwise://h0.example/u" })
  }

  @Test(arguments: [
    (["example.com/alice"], "lockwise://example.com/alice"),
    (["https://alice@example.com"], "lockwise://example.com/alice"),
    (["example.com/alice", "username"], "lockwise://example.com/alice/username"),
    (["example.com"], "lockwise://example.com//password"),
    (["example.com", "username"], "lockwise://example.com//username"),
    (["aws/prod/key"], "lockwise://pass:aws/prod%2Fkey"), (["Work/box"], "lockwise://own.example/x"),
    (["example.com/carol"], "lockwise://example.com/carol#aaaa1"),
    (["{aaaa2222-0000-4000-8000-000000000000}"], "lockwise://example.com/carol#aaaa2"),
  ])
  func printsTheReferenceOfAName(arguments: [String], expected: String) throws {
    #expect(try EnvHome(Self.logins).env(["ref"] + arguments).expectSuccess().output == expected + "\n")
  }

  @Test func refusesWhatIsNotThere() throws {
    let home = try EnvHome(Self.logins)
    try home.env("ref", "example.com/eve").expectRefusal(1, "there is no login example.com/eve", by: "lockwise-env")
    try home.env("ref", "example.com/alice", "otp").expectRefusal(1, "no such field", by: "lockwise-env")
    try home.env("ref", "a", "b", "c").expectRefusal(64, by: "lockwise-env")
    try home.env("ref", "").expectRefusal(64, by: "lockwise-env")
    let locked = try EnvHome(Self.logins)
    try locked.loseKey()
    try locked.env("ref", with: ["LOCKWISE_NO_PROMPT": "1"]).expectRefusal(3, by: "lockwise-env")
  }
}
