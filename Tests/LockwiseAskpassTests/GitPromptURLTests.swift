import LockwiseCore
import Testing

@testable import LockwiseAskpass

/// URLs in the prompts of git.
@Suite struct GitPromptURLTests {
  struct Row {
    let text: String
    let origin: String
    var username: String?
    var path: String?
  }

  @Test(arguments: [
    Row(text: "https://host.example", origin: "https://host.example"),
    Row(text: "https://host.example:8443", origin: "https://host.example:8443"),
    Row(text: "https://host.example:443/", origin: "https://host.example"),
    Row(text: "http://ann@host.example", origin: "http://host.example", username: "ann"),
    Row(
      text: "https://ann%40work@host.example/a/b%20c.git", origin: "https://host.example", username: "ann@work",
      path: "a/b c.git"),
    Row(
      text: "https://%C3%A4nn@b%C3%BCcher.example:8443", origin: "https://xn--bcher-kva.example:8443", username: "änn"),
    Row(text: "https://bücher.example", origin: "https://xn--bcher-kva.example"),
    Row(text: "https://[2001:db8::1]:8443", origin: "https://[2001:db8::1]:8443"),
    Row(text: "smtp://ann@mail.example:587", origin: "smtp://mail.example:587", username: "ann"),
    Row(text: "https://ann%2Fx@host.example", origin: "https://host.example", username: "ann/x"),
    Row(text: "https://100%@host.example", origin: "https://host.example", username: "100%"),
  ])
  func partsAreDecoded(row: Row) throws {
    let url = try #require(GitPromptURL(Array(row.text.utf8)[...]), "\(row.text)")
    #expect(url.origin == Origin(row.origin))
    #expect(url.username == row.username)
    #expect(url.path == row.path)
  }

  /// The forged ones show another host to a reader of URLs than git connects to.
  @Test(arguments: [
    "http://bank.example/x@127.0.0.1:40775", "http://ann@bank.example/x@127.0.0.1:40775",
    "http://ann@bank.example': @127.0.0.1:40775", "http://bank.example?@evil.example",
    "http://bank.example#@evil.example",
    "http://bank.example\\@evil.example", "http://bank.example'@evil.example", "http://a@b@c.example",
    "http://bank.example%2f@evil@x", "http://bank.example%00.evil.example", "http://bank.example%0d",
    "http://@bank.example",
    "http://a%0ab@bank.example", "http://a%FF@bank.example", "https://", "https:///path", "host.example",
    "://host.example",
    "cert:///etc/key.pem", "https:/host.example", "https://host example", "https://bank%2eexample%2fx",
    "https://host%2Fx",
    "https://a%40host.example%40b", "https://host%3a80%40evil.example", "https://host.example:99999", "",
  ])
  func forgedAndInvalidURLsAreRejected(text: String) {
    #expect(GitPromptURL(Array(text.utf8)[...]) == nil)
    #expect(Question("Password for '\(text)': ") == .other(server: nil))
    #expect(Question("Username for '\(text)': ") == (text.isEmpty ? .other(server: nil) : .userName))
    #expect(!Question("Password for \"\(text)\"").isAnswerable)
  }
}
