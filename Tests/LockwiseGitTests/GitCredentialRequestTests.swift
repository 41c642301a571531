import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

@Suite struct GitCredentialRequestTests {
  private func parse(_ text: String) throws -> GitCredentialRequest {
    try GitCredentialRequest(parsing: SecretBytes(utf8: text))
  }

  @Test func attributesUpToTheEmptyLine() throws {
    let request = try parse(
      "protocol=https\nhost=h.example:8443\npath=a/b.git\nusername=me\n\nhost=other.example\n")
    #expect(request.scheme == "https")
    #expect(request.host == "h.example:8443")
    #expect(request.path == "a/b.git")
    #expect(request.username == "me")
    #expect(request.query?.origin.serialized == "https://h.example:8443")
    #expect(request.query?.username == "me")
  }

  @Test(arguments: [
    "protocol=https\nhost=h.example", "protocol=https\nhost=h.example\n",
    "protocol=https\nhost=h.example\n\n",
    "capability[]=authtype\ncapability[]=state\nprotocol=https\nfuture=thing\nhost=h.example\nstate[]=x\n\n",
    "protocol=ftp\nhost=x\nprotocol=https\nhost=h.example\n", "url=https://h.example\n",
    "protocol=ftp\nhost=x\nusername=u\nurl=https://h.example/\n",
    "protocol=https\nhost=h.example\nodd==\n=x\n",
    "protocol=https\nhost=h.example\npassword=with\u{0}NUL\n",
    "PROTOCOL=ftp\nprotocol=https\nhost=h.example\n",
  ])
  func theSameRequest(text: String) throws {
    let query = try #require(try parse(text).query)
    #expect(query.origin.serialized == "https://h.example")
    #expect(query.username == nil)
  }

  @Test(
    arguments: [
      ("url=https://me@h.example/a/b.git\n", "https", "h.example", "a/b.git", "me"),
      ("url=https://me:secret@h.example:8443/a//\n", "https", "h.example:8443", "a", "me"),
      ("url=https://a%40b@h.example\n", "https", "h.example", nil, "a@b"),
      ("url=https://h.example?q#f\n", "https", "h.example", "?q#f", nil),
      ("url=ssh://git@h.example:22/x%20y\n", "ssh", "h.example:22", "x y", "git"),
      ("url=https://u@p@h.example\n", "https", "h.example", nil, "u@p"),
      ("url=https://%\n", "https", "%", nil, nil),
    ] as [(String, String, String, String?, String?)])
  func urls(text: String, scheme: String, host: String, path: String?, username: String?) throws {
    let request = try parse(text)
    #expect(request.scheme == scheme)
    #expect(request.host == host)
    #expect(request.path == path)
    #expect(request.username == username)
  }

  @Test(arguments: [
    ("protocol", GitCredentialRequest.Malformed.noSeparator), ("protocol=https\nnonsense\n", .noSeparator),
    ("host=a\r\n", .controlCharacter), ("host=a\u{0}b\n", .controlCharacter),
    ("username=a\u{0}\n", .controlCharacter),
    ("url=github.com\n", .badURL), ("url=://x\n", .badURL), ("url=https:x\n", .badURL),
    ("url=https://h.example%0ahost=evil\n", .controlCharacter),
    ("url=https://h.example%00\n", .controlCharacter),
    ("url=https://h.example%0d\n", .controlCharacter), ("url=https://h.example%ff\n", .notUTF8),
  ])
  func malformed(text: String, error: GitCredentialRequest.Malformed) {
    #expect(throws: error) { try parse(text) }
  }

  @Test func nonTextBytesAreRefused() {
    #expect(throws: GitCredentialRequest.Malformed.notUTF8) {
      try GitCredentialRequest(parsing: SecretBytes(copying: Array("host=".utf8) + [0xC3, 0x28, 0x0A]))
    }
  }

  @Test(arguments: [
    "", "\n", "protocol=https\n", "host=h.example\n", "protocol=\nhost=\n", "protocol=https\nhost=\n",
  ])
  func incompleteRequestsHaveNoQuery(text: String) throws { #expect(try parse(text).query == nil) }

  @Test func anAttributeOfAMegabyte() throws {
    let long = String(repeating: "x", count: 1 << 20)
    let request = try parse("protocol=https\nwwwauth[]=Basic realm=\"\(long)\"\nhost=h.example\n")
    #expect(request.query?.realms == [long])
  }

  @Test func anEmptyChallengeClearsTheList() throws {
    let text =
      "protocol=https\nhost=h.example\nwwwauth[]=Basic realm=\"a\"\nwwwauth[]=\nwwwauth[]=Basic realm=b\n"
    #expect(try parse(text).query?.realms == ["b"])
  }

  /// Examples from RFC 9110 section 11.6.1 and variations.
  @Test(
    arguments: [
      ("Basic realm=\"simple\"", "simple"), ("Basic realm=\"\"", ""), ("Basic REALM=token", "token"),
      ("Basic realm = \"spaced\" , charset=\"UTF-8\"", "spaced"),
      ("Basic realm=\"a \\\"b\\\" \\\\c\"", "a \"b\" \\c"),
      ("Newauth title=\"not realm=\\\"this\\\"\", realm=\"that\"", "that"), ("Bearer", nil),
      ("Basic xrealm=\"x\"", nil),
      ("Digest qop=auth,realm=x,nonce=y", "x"), ("Basic realm", nil), ("Basic realm=", ""), ("", nil),
      ("Basic realm=\"unterminated", "unterminated"),
    ] as [(String, String?)])
  func realms(challenge: String, realm: String?) {
    #expect(AuthenticationChallenge.realm(of: challenge) == realm)
  }

  @Test func attributesOfTheSecret() throws {
    let request = try parse(
      "capability[]=authtype\ncapability[]=state\ncapability[]=future\nprotocol=https\nhost=h.example\n"
        + "username=me\npassword= a=b \r\nauthtype=Bearer\ncredential=tok=en\npassword_expiry_utc=1800000000\n"
        + "oauth_refresh_token=refresh\nephemeral=1\ncontinue=1\nquit=0\nstate[]=other:x\n\n")
    #expect(request.capabilities == [.authtype, .state])
    #expect(request.password?.exposedText() == " a=b \r")
    #expect(request.authtype == "Bearer")
    #expect(request.credential?.exposedText() == "tok=en")
    #expect(request.secret?.exposedText() == "tok=en")
    #expect(request.passwordExpiry == 1_800_000_000)
    #expect(request.oauthRefreshToken?.exposedText() == "refresh")
    #expect(request.isEphemeral)
    #expect(request.states.isEmpty)
    #expect(request.query?.acceptsAuthtype == true)
  }

  /// As in git, 0 and values out of range mean "never" (credential.c).
  @Test(
    arguments: [
      ("0", nil), ("-5", nil), ("", nil), ("soon", nil), ("99999999999999999999", nil), ("17", 17),
    ] as [(String, Seconds?)])
  func expiry(text: String, expected: Seconds?) throws {
    #expect(try parse("password_expiry_utc=\(text)\n").passwordExpiry == expected)
  }

  @Test(arguments: [("1", true), ("true", true), ("0", false), ("no", false), ("", false), ("maybe", false)])
  func ephemeral(text: String, expected: Bool) throws {
    #expect(try parse("ephemeral=\(text)\n").isEphemeral == expected)
  }

  @Test func aURLClearsEarlierAttributes() throws {
    let request = try parse(
      "capability[]=state\npassword=p\ncredential=c\nauthtype=a\noauth_refresh_token=r\npassword_expiry_utc=5\n"
        + "ephemeral=1\nwwwauth[]=Basic realm=x\npath=p\nurl=https://u:s%20t@h.example\n")
    #expect(request.capabilities == [] && request.credential == nil && request.authtype == nil && request.path == nil)
    #expect(request.oauthRefreshToken == nil && request.passwordExpiry == nil && !request.isEphemeral)
    #expect(request.challenges == [] && request.states == [])
    #expect(request.password?.exposedText() == "s t")
  }

  /// The URL that git looks up in its configuration.
  @Test(
    arguments: [
      ("protocol=https\nhost=h.example\n", "https://h.example"),
      (
        "protocol=https\nhost=h.example:8443\nusername=a@b/c\npath=x y/z.git\n",
        "https://a%40b%2Fc@h.example:8443/x%20y/z.git"
      ),
      ("protocol=https\nhost=h.example\nusername=\npath=\n", "https://h.example"), ("protocol=https\n", nil),
      ("protocol=cert\nhost=\npath=/x\n", "cert:////x"),
    ] as [(String, String?)])
  func context(text: String, expected: String?) throws {
    #expect(try parse(text).context(remote: { nil })?.text == expected)
  }
}
