import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// The git attributes in a login record.
@Suite struct GitMemberTests {
  private func login(_ lockwise: String?) throws -> LoginRecord {
    var json = LoginJSON("a", origin: "https://h.example")
    json["lockwise"] = lockwise
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "a")
  }

  @Test func allAttributesAreReadBack() throws {
    var git = GitMember()
    git.isCreated = true
    git.passwordExpiry = 1_800_000_000
    git.oauthRefreshToken = SecretBytes(utf8: "r\"ä")
    git.authtype = "Bearer"
    let text = try #require(git.lockwiseMember(in: nil)?.exposedText())
    #expect(
      text
        == #"{"git":{"created":true,"passwordExpiry":1800000000,"oauthRefreshToken":"r\"ä","authtype":"Bearer"}}"#)
    #expect(try login(text).git == git)
  }

  @Test func otherContentIsKept() throws {
    let known = SecretBytes(
      utf8: #"{"note":"x","git":{"future":[1.0],"created":true,"authtype":"a"},"passwordHistory":[]}"#)
    var git = try login(known.exposedText()).git
    #expect(git.isCreated && git.authtype == "a")
    git.authtype = nil
    #expect(
      git.lockwiseMember(in: known)?.exposedText()
        == #"{"note":"x","git":{"future":[1.0],"created":true},"passwordHistory":[]}"#)
    #expect(GitMember().lockwiseMember(in: SecretBytes(utf8: #"{"git":{"created":true}}"#)) == nil)
    #expect(GitMember().lockwiseMember(in: nil) == nil)
  }

  @Test(arguments: [
    nil, "5", "{}", "[]", #"{"git":5}"#,
    #"{"git":{"created":"yes","passwordExpiry":-1,"oauthRefreshToken":"","authtype":7}}"#,
  ])
  func nonsenseIsNothing(text: String?) throws { #expect(try login(text).git == GitMember()) }

  @Test func aChangeAffectsOnlyTheMember() throws {
    let record = try login(nil)
    #expect(record.changes(to: GitMember()).members.isEmpty)
    var git = GitMember()
    git.passwordExpiry = 5
    let changed = try record.changed(by: record.changes(to: git), now: 9)
    #expect(changed.git == git && changed.password == record.password)
    #expect(changed.timePasswordChanged == record.timePasswordChanged)
    let back = try changed.changed(by: changed.changes(to: GitMember()), now: 9)
    #expect(back.json == record.json)
  }
}
