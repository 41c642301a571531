import LockwiseCore
import Testing

@testable import LockwiseDocker

@Suite struct ServerURLTests {
  /// A server URL, its origin and its realm.
  struct Row: Sendable {
    let text: String
    let origin: String?
    let realm: String

    init(_ text: String, _ origin: String?, _ realm: String = "docker") {
      (self.text, self.origin, self.realm) = (text, origin, realm)
    }
  }

  @Test(arguments: [
    Row("registry.example", "https://registry.example"), Row("registry.example:5000", "https://registry.example:5000"),
    Row("localhost:5000", "https://localhost:5000"), Row("[::1]:5000", "https://[::1]:5000"),
    Row("127.0.0.1:443", "https://127.0.0.1"), Row("my_registry:5000", "https://my_registry:5000"),
    Row("https://registry.example", "https://registry.example"),
    Row("HTTPS://Registry.Example/", "https://registry.example"),
    Row("http://registry.example:5000", "http://registry.example:5000"),
    Row("http://registry.example:80", "http://registry.example"),
    Row("https://index.docker.io/v1/", "https://index.docker.io"),
    Row("https://registry.example/v2/", "https://registry.example"),
    Row("registry.example/v2", "https://registry.example"), Row("registry.example//", "https://registry.example"),
    Row("https://index.docker.io/v1/access-token", "https://index.docker.io", "docker:v1/access-token"),
    Row("https://index.docker.io/v1/refresh-token", "https://index.docker.io", "docker:v1/refresh-token"),
    Row("quay.io/team", "https://quay.io", "docker:team"), Row("quay.io/team/", "https://quay.io", "docker:team"),
    Row("registry.example/v3", "https://registry.example", "docker:v3"),
    Row("https://bücher.example", "https://xn--bcher-kva.example"),
    Row("  registry.example\r\n", "https://registry.example"),
    Row("ssh://registry.example", nil), Row("file:///x", nil, "docker:x"), Row("://", nil), Row("https://", nil),
    Row("/", nil),
    Row("a b", nil), Row("registry.example:99999", nil), Row("https://evil.example\\@registry.example", nil),
    Row("registry.example:port", nil), Row("registry.example%2fevil", nil),
  ])
  func readsURLs(row: Row) throws {
    let server = try ServerURL(row.text)
    #expect(server.origin?.serialized == row.origin)
    #expect(server.realm == row.realm)
    #expect(server.isWholeHost == (row.realm == "docker"))
    #expect(server.text == ServerURL.trimmed(row.text))
  }

  @Test(arguments: ["", " ", "\n", "\t\r\n "]) func refusesAnEmptyURL(text: String) {
    #expect(throws: DockerFailure.noServerURL) { try ServerURL(text) }
  }

  /// Firefox refuses origins and realms with line breaks and NUL bytes, and keeps no login without an origin.
  @Test(arguments: ["registry.example/a\nb", "registry.example/a\u{0}b", "registry.example/a\rb"])
  func findsNoLoginForAPathThatFirefoxRefuses(text: String) throws {
    let server = try ServerURL(text)
    let draft = LoginDraft(
      origin: "https://registry.example", target: .realm(server.realm), username: "a", password: SecretBytes(utf8: "p"))
    #expect(throws: LoginRecordError.badCharacter(member: "httpRealm")) { try draft.record(guid: "{1}", now: 1) }
  }
}
