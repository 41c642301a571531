import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// Discovery at servers with redirects or incomplete documents.
@Suite struct DiscoveryTests {
  private static let path = "/.well-known/fxa-client-configuration"
  private static let document =
    #"{"auth_server_base_url":"https://auth.test","sync_tokenserver_base_url":"https://token.test","future":[1,{}]}"#

  /// Responds with a redirect by URL, and with 404 to anything else.
  private final class Web: HTTPTransport {
    let redirects: [String: String]
    let document: String?
    private(set) var log: [String] = []

    init(_ redirects: [String: String], document: String? = DiscoveryTests.document) {
      self.redirects = redirects
      self.document = document
    }

    func send(_ request: HTTPRequest) throws -> HTTPResponse {
      log.append(request.url)
      if let location = redirects[request.url] {
        return HTTPResponse(status: 302, headers: [("location", location)], body: SecretBytes(utf8: "<html>"))
      }
      guard let document else { return HTTPResponse(status: 404, headers: [], body: SecretBytes(utf8: "")) }
      return HTTPResponse(status: 200, headers: [], body: SecretBytes(utf8: document))
    }
  }

  private func discover(_ root: String, _ web: Web) throws -> ServerConfiguration {
    try ServerConfiguration.discover(contentRoot: root, transport: web)
  }

  // MARK: Redirects

  /// Redirects of `https://a.example.org`, and whether they are followed.
  static let redirects: [(location: String, isFollowed: Bool)] = [
    ("/elsewhere.json", true), ("https://a.example.org/x", true), ("https://A.EXAMPLE.ORG/x", true),
    ("https://example.org/x", true), ("https://www.a.example.org/x", true), ("https://a.example.org:443/x", true),
    ("https://b.example.org/x", false), ("https://org/x", false), ("https://a.example.org.evil.test/x", false),
    ("https://evil.test/x", false), ("https://evilexample.org/x", false), ("http://a.example.org/x", false),
    ("https://a.example.org:444/x", false), ("//evil.test/x", false), ("https://user@a.example.org/x", false),
    ("x", false), ("", false), ("ftp://a.example.org/x", false), ("http://127.0.0.1/x", false),
  ]

  @Test(arguments: redirects) func followsRedirectsWithinASite(location: String, isFollowed: Bool) throws {
    let web = Web(["https://a.example.org" + Self.path: location])
    if isFollowed {
      #expect(try discover("https://a.example.org", web).authServer == "https://auth.test")
      #expect(web.log.count == 2)
    } else {
      let error = #expect(throws: AccountsError.self) { try discover("https://a.example.org", web) }
      guard case .redirected = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(web.log.count == 1, "the redirect was followed")
    }
  }

  /// Pairs of hosts, and whether they certainly belong to one owner.
  static let hosts: [(String, String, Bool)] = [
    ("a.test", "a.test", true), ("a.b.test", "b.test", true), ("b.test", "a.b.test", true), ("a.test", "test", false),
    ("a.b.test", "c.b.test", false), ("ab.test", "b.test", false), ("a.co.uk", "co.uk", false),
    ("x.a.co.uk", "a.co.uk", true), ("a.com.au", "com.au", false), ("a.gov.uk", "gov.uk", false),
    ("a.ac.jp", "ac.jp", false), ("a.govt.nz", "govt.nz", false), ("a.firefox.com", "firefox.com", true),
    ("1.2.3.4", "2.3.4", false), ("1.2.3.4", "1.2.3.4", true), ("::1", "::1", true), ("a..test", ".test", false),
    ("a.example.ch", "example.ch", true), ("a.abc.ch", "abc.ch", false),
  ]

  @Test(arguments: hosts) func recognisesTheSameSite(first: String, second: String, isOne: Bool) {
    #expect(Discovery.areOneSite(first, second) == isOne)
    #expect(Discovery.areOneSite(second, first) == isOne)
  }

  @Test("The new address of a moved content server is kept, unless it is foreign")
  func keepsTheAddressOfAMovedServer() throws {
    let web = Web(["https://example.org" + Self.path: "https://accounts.example.org" + Self.path])
    #expect(try discover("https://example.org", web).contentRoot == "https://accounts.example.org")
    let foreign = Web(["https://example.org" + Self.path: "https://evil.test/a?b=c"])
    let error = #expect(throws: AccountsError.redirected(to: "https://evil.test")) {
      try discover("https://example.org", foreign)
    }
    #expect(error?.userFacingError.hints == ["if that is the right server, name it: --server https://evil.test"])
  }

  @Test func stopsAtCircularRedirects() throws {
    let web = Web(["https://a.test" + Self.path: Self.path])
    #expect(throws: AccountsError.redirected(to: "https://a.test")) { try discover("https://a.test", web) }
    #expect(web.log.count == 6)
  }

  @Test("Only discovery follows a redirect", arguments: [301, 302, 303, 307, 308])
  func followsNoOtherRedirects(status: Int) {
    struct Redirect: HTTPTransport {
      let status: Int
      func send(_ request: HTTPRequest) throws -> HTTPResponse {
        #expect(request.url == "https://auth.test/v1/account/credentials/status")
        return HTTPResponse(
          status: status, headers: [("location", "https://auth.test/v2/x")], body: SecretBytes(utf8: "{}"))
      }
    }
    #expect(throws: AccountsError.redirected(to: "https://auth.test")) {
      try AccountsClient(servers: Sample.servers(), transport: Redirect(status: status)).stretching(email: "a@b")
    }
  }

  // MARK: Incomplete documents

  @Test func acceptsMissingMembers() throws {
    let servers = try discover("https://content.test", Web([:]))
    #expect(servers.oauthServer == "https://auth.test" && servers.profileServer == "https://auth.test")
    let less = Web([:], document: #"{"auth_server_base_url":"https://auth.test"}"#)
    #expect(throws: AccountsError.missingField("sync_tokenserver_base_url", in: .discovery)) {
      try discover("https://content.test", less)
    }
    let given = try ServerConfiguration.discover(
      contentRoot: "https://content.test", tokenServer: "https://own.test/1.0/sync/1.5", transport: less)
    #expect(given.tokenServer == "https://own.test")
  }

  /// Results of the request for Mozilla's own document.
  private struct Mozilla: HTTPTransport {
    let answer: Result<HTTPResponse, HTTPError>
    func send(_ request: HTTPRequest) throws -> HTTPResponse {
      #expect(request.url == "https://accounts.firefox.com" + DiscoveryTests.path)
      return try answer.get()
    }
  }

  @Test("Mozilla's own addresses are built in")
  func fallsBackToMozillasAddresses() throws {
    let builtIn = try #require(ServerConfiguration.production)
    #expect(builtIn.authServer == "https://api.accounts.firefox.com")
    #expect(builtIn.oauthServer == "https://oauth.accounts.firefox.com")
    #expect(builtIn.profileServer == "https://profile.accounts.firefox.com")
    #expect(builtIn.tokenServer == "https://token.services.mozilla.com")
    for (status, body) in [(404, ""), (500, "<html>"), (403, "<html>"), (200, "<html>"), (200, "{}"), (302, "")] {
      let response = HTTPResponse(status: status, headers: [], body: SecretBytes(utf8: body))
      #expect(try ServerConfiguration.discover(transport: Mozilla(answer: .success(response))) == builtIn)
    }
    for error in [HTTPError.timedOut(host: "h"), .unreachable(host: "h", reason: "r"), .broken(host: "h", reason: "r")]
    {
      #expect(try ServerConfiguration.discover(transport: Mozilla(answer: .failure(error))) == builtIn)
    }
    // An address that the user gave is not replaced.
    for error in [HTTPError.aborted(host: "h"), .untrusted(host: "h", reason: "r"), .refusedURL("r")] {
      #expect(throws: error) { try ServerConfiguration.discover(transport: Mozilla(answer: .failure(error))) }
    }
    let own = try ServerConfiguration.discover(
      tokenServer: "https://own.test", transport: Mozilla(answer: .failure(.timedOut(host: "h"))))
    #expect(own.tokenServer == "https://own.test" && own.authServer == builtIn.authServer)
  }
}
