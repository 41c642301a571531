import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Entry names as users type them.
@Suite struct EntryNameTests {
  private func login(_ origin: String, _ username: String) throws -> LoginRecord {
    let json = LoginJSON(origin: origin, username: username)
    return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "{0f3c9a11-1111-4111-8111-111111111111}")
  }

  @Test(arguments: [
    ("https://github.com", "alice", "github.com/alice"), ("https://github.com", "alice", "https://alice@github.com"),
    ("https://github.com", "alice", "https://github.com/x"), ("https://github.com", "alice", "github.com/alice#0f3"),
    ("https://github.com", "alice", "{0f3c9a11-1111-4111-8111-111111111111}"), ("https://github.com", "", "github.com"),
    ("https://h.example:8443", "a", "h.example:8443/a"), ("ssh://h.example:2222", "a", "ssh:h.example:2222/a"),
    ("http://h.example", "a@b", "http:h.example/a@b"), ("https://github.com", "", "github.com#0f3c9a11"),
    // Equivalent spellings of the origin.
    ("https://github.com", "alice", "GitHub.com/alice"), ("https://github.com", "alice", "github.com:443/alice#0f3"),
    ("https://xn--bcher-kva.example", "a", "b\u{FC}cher.example/a"), ("http://h.example", "a", "HTTP:H.example:80/a"),
    ("https://xn--bcher-kva.example:8443", "", "bu\u{308}cher.example:08443"),
    ("https://github.com", "a b", "https://a%20b@github.com"),
    // Entries without a site, and names as they are shown.
    ("pass://Work", "mail", "Work/mail"), ("pass://Work", "mail", "pass:Work/mail"),
    ("pass://per%20cent", "x", "per cent/x"),
    ("https://a.example", "a\nb", "a.example/a%0Ab"), ("https://a.example", "a\nb", "a.example/a\nb"),
    ("https://a.example", "/x/", "a.example%2F/x%2F"), ("https://a.example", "/x/", "A.example//x/"),
  ])
  func names(origin: String, username: String, name: String) throws {
    #expect(EntryName(name).matches(try login(origin, username)))
  }

  @Test func ownEntryNameMatches() throws {
    let json =
      #"{"hostname":"https://github.com","httpRealm":"r","username":"a","password":"p","lockwise":{"name":"work"}}"#
    let login = try LoginRecord(json: SecretBytes(utf8: json), bsoID: "{1}")
    #expect(EntryName("work").matches(login) && EntryName("github.com/a").matches(login))
    #expect(!EntryName("Work").matches(login) && !EntryName("wor").matches(login))
  }

  @Test(arguments: [
    ("https://github.com", "alice", "github.com/alic"), ("https://github.com", "alice", "github.com/alice2"),
    ("https://github.com", "alice", "github.com"), ("https://github.com", "alice", "github.com/alice#"),
    ("https://github.com", "alice", "github.com/alice#1"), ("https://github.com", "alice", "https://bob@github.com"),
    ("https://github.com", "alice", "http://github.com"), ("https://github.com", "alice", ""),
    ("https://github.com", "alice", "alice"), ("http://github.com", "alice", "github.com/alice"),
    ("https://github.com", "alice", "https://github.com.evil.example"),
    ("https://github.com", "alice", "GitHub.com/Alice"), ("https://github.com", "alice", "GitHub.com"),
    ("https://github.com", "alice", "GitHub.com/alice#1"), ("http://github.com", "alice", "GitHub.com/alice"),
    ("https://strasse.de", "alice", "STRA\u{1E9E}E.de/alice"), ("https://github.com", "alice", "github.com:8443/alice"),
    ("pass://per%2520cent", "x", "per cent/x"), ("pass://per%20cent", "x", "per%20cent/x"),
    ("pass://Work", "mail", "work/mail"),
    ("https://work", "mail", "pass:work/mail"), ("https://a.example", "a%0Ab", "a.example/a\nc"),
  ])
  func otherNames(origin: String, username: String, name: String) throws {
    #expect(!EntryName(name).matches(try login(origin, username)))
  }
}
