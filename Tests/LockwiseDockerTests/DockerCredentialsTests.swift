import LockwiseCore
import Testing

@testable import LockwiseDocker

@Suite struct DockerCredentialsTests {
  private func parse(_ text: String) throws -> DockerCredentials {
    try DockerCredentials(parsing: SecretBytes(utf8: text))
  }

  @Test func readsCredentials() throws {
    let credentials = try parse(
      #" {"ServerURL":"https:\/\/index.docker.io/v1/","Username":"<token>","Secret":"a\"\u00e9\n"} "#)
    #expect(credentials.server.text == "https://index.docker.io/v1/")
    #expect(credentials.username == "<token>" && credentials.secret.exposedText() == "a\"é\n")
  }

  @Test func ignoresUnknownMembersAndUsesTheLastOfEqualOnes() throws {
    let credentials = try parse(
      #"{"x":[{}],"Secret":"1","ServerURL":"h","Username":"u","Secret":"2","serverurl":"evil"}"#)
    #expect(credentials.server.text == "h" && credentials.secret.exposedText() == "2")
  }

  @Test(arguments: [
    (#"{"Username":"u","Secret":"s"}"#, DockerFailure.noServerURL), ("{}", .noServerURL),
    (#"{"ServerURL":"","Username":"u","Secret":"s"}"#, .noServerURL),
    (#"{"ServerURL":null,"Username":"u","Secret":"s"}"#, .noServerURL),
    (#"{"ServerURL":" ","Username":"","Secret":"s"}"#, .noServerURL),
    (#"{"ServerURL":"h","Secret":"s"}"#, .noUsername), (#"{"ServerURL":"h","Username":" ","Secret":"s"}"#, .noUsername),
  ])
  func reportsAMissingMemberInTheWordsOfTheProtocol(text: String, failure: DockerFailure) {
    #expect(throws: failure) { try parse(text) }
  }

  @Test(arguments: [
    ("", DockerCredentials.Malformed.notAnObject), ("[]", .notAnObject), ("null", .notAnObject),
    ("\"a\"", .notAnObject),
    (#"{"ServerURL":"h","Username":"u","Secret":"s"}{}"#, .notAnObject), (#"{"ServerURL":"h""#, .notAnObject),
    (#"{"ServerURL":1,"Username":"u","Secret":"s"}"#, .notAString("ServerURL")),
    (#"{"ServerURL":"h","Username":["u"],"Secret":"s"}"#, .notAString("Username")),
    (#"{"ServerURL":"h","Username":"u","Secret":{}}"#, .notAString("Secret")),
    (#"{"ServerURL":"h","Username":"u"}"#, .noSecret), (#"{"ServerURL":"h","Username":"u","Secret":""}"#, .noSecret),
    (#"{"ServerURL":"h","Username":"u","Secret":"a\u0000b"}"#, .nullByte),
    (#"{"ServerURL":"h","Username":"u\u0000","Secret":"a"}"#, .nullByte),
    (#"{"ServerURL":"ssh://h","Username":"u","Secret":"a"}"#, .badServerURL),
  ])
  func refusesWhatCannotBeSaved(text: String, reason: DockerCredentials.Malformed) {
    #expect(throws: reason) { try parse(text) }
  }

  @Test func refusesTextThatIsNotUTF8() {
    let bytes = Array(#"{"ServerURL":"h","Username":"u","Secret":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
    #expect(throws: DockerCredentials.Malformed.notAnObject) {
      try DockerCredentials(parsing: SecretBytes(copying: bytes))
    }
  }

  @Test func writesTheObjectOfTheProtocol() throws {
    let server = try ServerURL("https://index.docker.io/v1/")
    let credentials = DockerCredentials(server: server, username: "a\\b", secret: SecretBytes(utf8: "p\"\u{1}é"))
    #expect(
      credentials.json.exposedText()
        == #"{"ServerURL":"https://index.docker.io/v1/","Username":"a\\b","Secret":"p\"\u0001é"}"# + "\n")
    #expect(try DockerCredentials(parsing: credentials.json) == credentials)
  }

  /// docker compares these texts (docker-credential-helpers, `credentials/error.go`).
  @Test func hasTheWordsOfTheProtocol() {
    #expect(DockerFailure.notFound.text == "credentials not found in native keychain")
    #expect(DockerFailure.noServerURL.text == "no credentials server URL")
    #expect(DockerFailure.noUsername.text == "no credentials username")
  }
}
