import Testing

@testable import LockwiseCore

@Suite struct LoginQueryTests {
  private static let saved = "https://github.com"

  /// A host that differs in anything never gets the secret of another.
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
    #expect(LoginQuery(origin: origin).answers(among: [login]).isEmpty)
    #expect(origin.serialized != Self.saved)
  }

  /// Other spellings of the same host do.
  @Test(arguments: [
    "https://github.com", "https://GitHub.com", "HTTPS://github.com:443", "https://github.com/a/b.git",
  ])
  func otherSpellingsOfTheHostGetIt(asked: String) throws {
    let login = try TestVault.login(1, origin: Self.saved)
    let query = LoginQuery(origin: try #require(Origin(asked)))
    #expect(query.answers(among: [login]).map(\.guid) == [login.guid])
  }

  @Test func aUsernameIsBinding() throws {
    let logins = [try TestVault.login(1, origin: Self.saved), try TestVault.login(2, origin: Self.saved)]
    func answers(_ username: String?) throws -> [String] {
      LoginQuery(origin: try #require(Origin(Self.saved)), username: username).answers(among: logins).map(
        \.username)
    }
    #expect(try answers("user2") == ["user2"])
    #expect(try answers("User2") == [])
    #expect(try answers("") == [])
    #expect(try answers("user").isEmpty)
    #expect(try answers(nil).count == 2)
  }

  /// `é` written in two ways is two user names for a server.
  @Test func usernamesAreComparedByteForByte() throws {
    let json = #"{"hostname":"https://github.com","httpRealm":"r","username":"é","password":"p"}"#
    let login = try LoginRecord(json: SecretBytes(utf8: json), bsoID: "a")
    let origin = try #require(Origin(Self.saved))
    #expect(LoginQuery(origin: origin, username: "\u{E9}").answers(among: [login]).count == 1)
    #expect(LoginQuery(origin: origin, username: "e\u{301}").answers(among: [login]).isEmpty)
  }

  @Test func theNamedRealmThenHTTPThenForms() throws {
    let logins = [
      try TestVault.login(9, origin: Self.saved, realm: nil),
      try TestVault.login(3, origin: Self.saved, realm: "a"),
      try TestVault.login(1, origin: Self.saved, realm: "b"),
      try TestVault.login(2, origin: Self.saved, realm: "a"),
    ]
    let origin = try #require(Origin(Self.saved))
    #expect(
      LoginQuery(origin: origin).answers(among: logins).map(\.username) == [
        "user3", "user2", "user1", "user9",
      ])
    #expect(
      LoginQuery(origin: origin, realms: ["b"]).answers(among: logins).map(\.username)
        == ["user1", "user3", "user2", "user9"])
    #expect(LoginQuery(origin: origin, realms: ["B"]).answers(among: logins).map(\.username).first == "user3")
  }
}
