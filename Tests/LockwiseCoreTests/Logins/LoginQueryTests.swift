import LockwiseTestSupport
import Testing

@testable import LockwiseCore

@Suite struct LoginQueryTests {
  private static let saved = "https://github.com"

  /// A host that differs in any part never matches.
  @Test(arguments: [
    "http://github.com", "https://github.com:8443", "https://github.com:80", "https://github.com.",
    "https://github.com.evil.org", "https://evilgithub.com", "https://github.com@evil.org",
    "https://evil.org/github.com", "https://evil.org?github.com", "https://evil.org#github.com",
    "https://api.github.com", "https://com", "https://github.co", "https://github.comm",
    "https://xn--github.com",
    "https://gіthub.com", "https://github。com", "https://ｇithub.com", "ftp://github.com", "ssh://github.com",
    "https://[github.com]", "https://github.com%00.evil.org", "https://github.com\\.evil.org",
    "wss://github.com",
    "https://GITHUB.COM.evil.org", "https://github.com:443@evil.org", "https://github-com",
    "https://githubcom",
  ])
  func otherHostsGetNothing(asked: String) throws {
    let login = try TestVault.login(1, origin: Self.saved)
    guard let origin = Origin(asked) else { return }
    #expect(LoginQuery(origin: origin).matches(among: [login]).isEmpty)
    #expect(origin.serialized != Self.saved)
  }

  /// Other spellings of the same host match.
  @Test(arguments: [
    "https://github.com", "https://GitHub.com", "HTTPS://github.com:443", "https://github.com/a/b.git",
  ])
  func otherSpellingsOfTheHostGetIt(asked: String) throws {
    let login = try TestVault.login(1, origin: Self.saved)
    let query = LoginQuery(origin: try #require(Origin(asked)))
    #expect(query.matches(among: [login]).map(\.guid) == [login.guid])
  }

  /// A token that docker stored is for docker only, unless the server names its realm.
  @Test(arguments: ["docker", "docker:v1/refresh-token"])
  func aLoginOfDockerMatchesItsRealmOnly(realm: String) throws {
    let logins = [
      try TestVault.login(1, origin: Self.saved, realm: realm), try TestVault.login(2, origin: Self.saved, realm: nil),
    ]
    func answers(_ realms: [String]) throws -> [String] {
      LoginQuery(origin: try #require(Origin(Self.saved)), realms: realms).matches(among: logins).map(\.username)
    }
    #expect(try answers([]) == ["user2"])
    #expect(try answers(["other", "docker:other"]) == ["user2"])
    #expect(try answers(["other", realm]) == ["user1", "user2"])
  }

  @Test func aUsernameMustMatch() throws {
    let logins = [try TestVault.login(1, origin: Self.saved), try TestVault.login(2, origin: Self.saved)]
    func answers(_ username: String?) throws -> [String] {
      LoginQuery(origin: try #require(Origin(Self.saved)), username: username).matches(among: logins).map(
        \.username)
    }
    #expect(try answers("user2") == ["user2"])
    #expect(try answers("User2") == [])
    #expect(try answers("") == [])
    #expect(try answers("user").isEmpty)
    #expect(try answers(nil).count == 2)
  }

  /// The two encodings of `é` are different user names.
  @Test func usernamesAreComparedByteForByte() throws {
    let json = LoginJSON(origin: "https://github.com", username: "é")
    let login = try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "a")
    let origin = try #require(Origin(Self.saved))
    #expect(LoginQuery(origin: origin, username: "\u{E9}").matches(among: [login]).count == 1)
    #expect(LoginQuery(origin: origin, username: "e\u{301}").matches(among: [login]).isEmpty)
  }

  @Test func theNamedRealmComesBeforeHTTPAndForms() throws {
    let logins = [
      try TestVault.login(9, origin: Self.saved, realm: nil),
      try TestVault.login(3, origin: Self.saved, realm: "a"),
      try TestVault.login(1, origin: Self.saved, realm: "b"),
      try TestVault.login(2, origin: Self.saved, realm: "a"),
    ]
    let origin = try #require(Origin(Self.saved))
    #expect(
      LoginQuery(origin: origin).matches(among: logins).map(\.username) == [
        "user3", "user2", "user1", "user9",
      ])
    #expect(
      LoginQuery(origin: origin, realms: ["b"]).matches(among: logins).map(\.username)
        == ["user1", "user3", "user2", "user9"])
    #expect(LoginQuery(origin: origin, realms: ["B"]).matches(among: logins).map(\.username).first == "user3")
  }
}

/// Conditions of a request other than origin and user name.
@Suite struct LoginQueryOfGitTests {
  private let origin = Origin("https://h.example")

  private func login(
    _ guid: String, realm: String?, username: String = "u", changed: Int = 1, git: String = "{}"
  ) throws -> LoginRecord {
    let json = LoginJSON(
      origin: "https://h.example", realm: realm, form: realm == nil ? "" : nil, username: username,
      more: ["timePasswordChanged": "\(changed)", "lockwise": #"{"git":\#(git)}"#])
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: guid)
  }

  private func answers(_ logins: [LoginRecord], _ change: (inout LoginQuery) -> Void = { _ in }) throws -> [String] {
    var query = LoginQuery(origin: try #require(origin))
    change(&query)
    return query.matches(among: logins).map(\.guid)
  }

  @Test func aPathMustMatchAndComesFirst() throws {
    let logins = [
      try login("form", realm: nil, changed: 9), try login("a", realm: "git:a.git"),
      try login("b", realm: "git:b.git", changed: 2),
      try login("whole", realm: "git"), try login("named", realm: "R"),
    ]
    #expect(try answers(logins) { $0.path = "a.git" } == ["a", "named", "whole", "form"])
    #expect(
      try answers(logins) {
        $0.path = "c.git"; $0.realms = ["R"]
      } == ["named", "whole", "form"])
    #expect(try answers(logins) == ["named", "whole", "b", "a", "form"])
  }

  @Test func theLoginLastUsedHereComesFirstAmongEquals() throws {
    let logins = [
      try login("old", realm: "git", username: "a", changed: 1),
      try login("new", realm: "git", username: "b", changed: 2),
      try login("form", realm: nil, username: "c", changed: 3),
    ]
    #expect(try answers(logins) == ["new", "old", "form"])
    #expect(try answers(logins) { $0.lastUsed = "old" } == ["old", "new", "form"])
    #expect(try answers(logins) { $0.lastUsed = "form" } == ["new", "old", "form"])
    #expect(try answers(logins) { $0.lastUsed = "gone" } == ["new", "old", "form"])
  }

  @Test func aPinMustMatch() throws {
    let logins = [
      try login("{a-1}", realm: "git", username: "a"), try login("{b-1}", realm: "git", username: "b"),
      try login("{b-2}", realm: nil, username: "b"),
    ]
    #expect(try answers(logins) { $0.pin = EntryName("h.example/b") } == ["{b-1}", "{b-2}"])
    #expect(try answers(logins) { $0.pin = EntryName("h.example/b#b-2") } == ["{b-2}"])
    #expect(try answers(logins) { $0.pin = EntryName("h.example/c") } == [])
    #expect(
      try answers(logins) {
        $0.pin = EntryName("h.example/b"); $0.username = "a"
      } == [])
  }

  @Test func rejectedLoginsDoNotMatch() throws {
    let logins = [try login("a", realm: "git"), try login("b", realm: nil)]
    #expect(try answers(logins) { $0.refused = ["a"] } == ["b"])
    #expect(try answers(logins) { $0.refused = ["a", "b"] } == [])
  }

  /// Entries of lockwise-pass whose first line is empty or the URI of a one-time code.
  @Test(arguments: [("", true), ("(no password)", false), ("otpauth://totp/a?secret=AA", true), ("otpauth:", false)])
  func loginsWithoutAPasswordDoNotMatch(line: String, isLeftOut: Bool) throws {
    let body = EntryBody(password: SecretBytes(utf8: line), notes: SecretBytes(utf8: "note\n"))
    let draft = try body.draft(at: #require(EntryPlacement(name: "h.example/u")))
    let logins = [try draft.record(guid: "abcdefghijkl", now: 1)]
    #expect(try answers(logins).isEmpty == isLeftOut)
  }

  @Test func expiredLoginsDoNotMatch() throws {
    let logins = [
      try login("a", realm: "git", git: #"{"passwordExpiry":100}"#), try login("b", realm: "R"),
      try login("c", realm: "S", git: #"{"passwordExpiry":100,"oauthRefreshToken":"r"}"#),
    ]
    #expect(try answers(logins) { $0.now = 99 }.count == 3)
    #expect(try answers(logins) { $0.now = 100 } == ["b"])
    var query = LoginQuery(origin: try #require(origin))
    query.now = 99
    #expect(query.renewable(among: logins) == nil)
    query.now = 100
    #expect(query.renewable(among: logins)?.guid == "c")
    query.username = "other"
    #expect(query.renewable(among: logins) == nil)
  }

  @Test func otherSchemesMatchOnlyIfAccepted() throws {
    let logins = [try login("a", realm: "git", git: #"{"authtype":"Bearer"}"#), try login("b", realm: nil)]
    #expect(try answers(logins) == ["b"])
    #expect(try answers(logins) { $0.acceptsAuthtype = true } == ["a", "b"])
  }
}
