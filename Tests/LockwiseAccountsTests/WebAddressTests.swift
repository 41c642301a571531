import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The URLs to which requests may be sent.
@Suite struct WebAddressTests {
  @Test(arguments: [
    ("https://accounts.firefox.com", "accounts.firefox.com", 443, ""),
    ("https://accounts.firefox.com/", "accounts.firefox.com", 443, "/"),
    ("HTTPS://Accounts.Firefox.COM:8443/a?b=c", "accounts.firefox.com", 8443, "/a?b=c"),
    ("https://example.org?x", "example.org", 443, "?x"),
    ("https://[2001:db8::1]:444/x", "2001:db8::1", 444, "/x"),
    ("http://localhost", "localhost", 80, ""),
    ("http://LOCALHOST:5000/v1", "localhost", 5000, "/v1"),
    ("http://127.0.0.1:5000/a/../b//c", "127.0.0.1", 5000, "/a/../b//c"),
    ("http://[::1]:5000", "::1", 5000, ""),
    ("https://xn--bcher-kva.example/%41?q=%2F", "xn--bcher-kva.example", 443, "/%41?q=%2F"),
  ])
  func acceptsAllowedURLs(_ text: String, host: String, port: Int, target: String) throws {
    let address = try WebAddress(text)
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.target == target)
    #expect(address.text == text)
  }

  static let refusedURLs = [
    "", "example.org", "//example.org", "https:/example.org", "https:example.org", "https://",
    "https:///path", "https://:443/", "ftp://example.org", "file:///etc/passwd", "javascript:alert(1)",
    "http://example.org", "http://localhost.evil.example", "http://localhost.",
    "http://127.0.0.1.evil.example",
    "http://127.1", "http://127.0.0.2", "http://2130706433", "http://0x7f.0.0.1", "http://0177.0.0.1",
    "http://0.0.0.0", "http://[::]", "http://[::ffff:127.0.0.1]", "http://[0:0:0:0:0:0:0:1]", "http://[::1",
    "http://[::1]evil.example", "http://[]", "http://127.0.0.1@evil.example", "http://localhost@evil.example",
    "http://localhost:80@evil.example", "http://user:password@localhost", "https://user@example.org",
    "https://example.org@localhost", #"http://localhost\@evil.example"#, #"http://evil.example\.localhost"#,
    "http://evil.example#@localhost", "http://evil.example/#localhost", "https://example.org/#x",
    "http://evil.example?@localhost", "http://localhost%2eevil.example", "http://localhos%74",
    "https://exa mple.org", "https://example.org/a b", "https://example.org/\r\nX: y",
    "https://example.org/\n",
    "https://example.org/\0", "https://bücher.example", "https://example.org/é", "https://example.org:",
    "https://example.org:0", "https://example.org:65536", "https://example.org:+80", "https://example.org:8x",
    "https://example.org:80:80", "https://[2001:db8::1%25eth0]/", "https://[example]", "https://a,b",
    " https://example.org", "https://example.org ", "https://example.org/\"", "https://ex_ample!.org",
  ]

  @Test(arguments: refusedURLs) func refusesOtherURLs(_ text: String) {
    #expect(throws: HTTPError.self) { try WebAddress(text) }
  }

  @Test("No error repeats a URL with a password") func keepsPasswordsOutOfErrors() {
    for text in ["http://user:hunter2@localhost", "ftp://user:hunter2@localhost", "http://hunter2@evil:x"] {
      do {
        _ = try WebAddress(text)
        Issue.record("\(text) was accepted")
      } catch {
        #expect(!"\(error)\(String(reflecting: error))".contains("hunter2"))
      }
    }
  }
}
