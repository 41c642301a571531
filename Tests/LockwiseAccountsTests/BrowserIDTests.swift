import Foundation
import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// Requests for certificates, assertions, and the handling of each response.
@Suite struct BrowserIDTests {
  /// An accounts server that certifies any key, and a token server with scripted responses.
  private final class Servers: HTTPTransport {
    var certificates: [(status: Int, body: String)] = []
    var tokens: [(status: Int, word: String)] = []
    private(set) var asked: [JSONObject] = []
    private(set) var shown: [[String]] = []
    private(set) var other: [String] = []

    func send(_ request: HTTPRequest) throws -> HTTPResponse {
      switch request.url {
      case "https://auth.test/v1/certificate/sign":
        #expect(
          request.headers.contains { $0.name == "Authorization" && $0.value == BrowserIDTests.session.authorization })
        let body = try #require(request.body)
        asked.append(try #require(try JSONValue(parsing: body).object))
        let answer = certificates.isEmpty ? (200, #"{"cert":"aa.bb.c\#(asked.count)"}"#) : certificates.removeFirst()
        return HTTPResponse(status: answer.0, headers: [], body: SecretBytes(utf8: answer.1))
      case "https://token.test/1.0/sync/1.5":
        shown.append(request.headers.map { "\($0.name): \($0.value.exposedText() ?? "")" })
        let answer = tokens.isEmpty ? (200, "") : tokens.removeFirst()
        let body = answer.0 == 200 ? Sample.credentials : #"{"status":"\#(answer.1)","errors":[]}"#
        let time = Seconds(Sample.now) + 90_000
        return HTTPResponse(
          status: answer.0, headers: [("x-timestamp", time.description)], body: SecretBytes(utf8: body))
      default:
        other.append("\(request.method) \(request.url)")
        return HTTPResponse(status: 200, headers: [], body: SecretBytes(utf8: "{}"))
      }
    }
  }

  private static let session = {
    // 64 digits are always a token.
    // swift-format-ignore: NeverUseForceTry, NeverForceUnwrap
    try! AccountToken(.session, hex: SecretBytes(utf8: String(repeating: "5a", count: 32)))!
  }()

  private let servers = Servers()
  private let documents = MemoryDocuments()

  private func account(_ kind: BrowserIDKeyKind = .rsa) throws -> SignedInAccount {
    let kB = SecretBytes(copying: [UInt8](repeating: 3, count: 32))
    return SignedInAccount(
      email: "ada@example.test", uid: String(repeating: "ab", count: 16), servers: try Sample.servers(),
      grant: .session(Self.session, kind), syncKey: try ScopedKey.oldSync(kB: kB))
  }

  private func provider() throws -> StorageCredentialsProvider {
    try StorageCredentialsProvider(
      account: account(), documents: documents, transport: servers, clock: Sample.clock)
  }

  private func parts(_ headers: [String]) throws -> (certificate: String, header: JSONObject, payload: JSONObject) {
    let backed = try #require(headers.first { $0.hasPrefix("Authorization: BrowserID ") }).dropFirst(25)
    let halves = backed.split(separator: "~")
    let token = try #require(halves.last).split(separator: ".")
    #expect(halves.count == 2 && token.count == 3)
    func object(_ text: Substring) throws -> JSONObject {
      let bytes = try #require(Base64.urlSafe.decode(String(text)))
      return try #require(try JSONValue(parsing: SecretBytes(copying: bytes)).object)
    }
    return (String(halves[0]), try object(token[0]), try object(token[1]))
  }

  @Test func requestsACertificateAndSendsAnAssertion() throws {
    _ = try provider().credentials()
    let asked = try #require(servers.asked.first)
    #expect(asked["duration"]?.integer == 21_600_000)
    let key = try #require(asked["publicKey"]?.object)
    #expect(key.members.map(\.name) == ["algorithm", "n", "e"])
    #expect(key["algorithm"]?.string == "RS")
    let headers = try #require(servers.shown.first)
    #expect(headers.map { $0.prefix { $0 != ":" } } == ["Accept", "Authorization", "X-Client-State"])
    let digest = try SHA256.hash([UInt8](repeating: 3, count: 32))
    #expect(headers[2] == "X-Client-State: " + Hex.encode(digest[..<16]))
    let (certificate, header, payload) = try parts(headers)
    #expect(certificate == "aa.bb.c1")
    #expect(header["alg"]?.string == "RS256")
    #expect(payload["aud"]?.string == "https://token.test")
    #expect(payload["iss"]?.string == "https://auth.test")
    #expect(payload["exp"]?.integer == (Sample.now + 300_000).rawValue)
    #expect(servers.other == [])
    #expect(Set(documents.texts.keys) == [.storageToken])
  }

  @Test(arguments: [(BrowserIDKeyKind.dsa, "DS256", 512, 64), (.dsa1024, "DS128", 256, 40)])
  func signsWithDSAKeys(kind: BrowserIDKeyKind, algorithm: String, digits: Int, count: Int) throws {
    let key = try BrowserIDKey(kind)
    let object = try #require(try JSONValue(parsing: key.publicKey()).object)
    #expect(object["algorithm"]?.string == "DS")
    #expect(Set(object.members.map(\.name)) == ["algorithm", "y", "p", "q", "g"])
    #expect(object["p"]?.string?.count == digits)
    let token = try #require(key.token(SecretBytes(utf8: "{}")).exposedText()).split(separator: ".")
    #expect(Base64.urlSafe.decode(String(token[0])) == Array(#"{"alg":"\#(algorithm)"}"#.utf8))
    #expect(Base64.urlSafe.decode(String(token[2]))?.count == count)
  }

  @Test("A new certificate and one more attempt after any 401 except invalid-timestamp")
  func renewsTheCertificateOnceAfterA401() throws {
    servers.tokens = [(401, "invalid-credentials")]
    _ = try provider().credentials()
    #expect(try servers.shown.map { try parts($0).certificate } == ["aa.bb.c1", "aa.bb.c2"])
    #expect(servers.asked.map { $0["publicKey"]?.object?["n"]?.string }.count == 2)
    #expect(Set(servers.asked.map { $0["publicKey"]?.object?["n"]?.string }).count == 2, "the key is new as well")
    servers.tokens = [(401, "invalid-credentials"), (401, "invalid-credentials")]
    #expect(throws: SignInRequired.notAccepted) { try provider().replaceAfterUnauthorized() }
  }

  @Test func usesTheServersClockAfterA401() throws {
    servers.tokens = [(401, "invalid-timestamp")]
    _ = try provider().credentials()
    let shown = try servers.shown.map { try parts($0) }
    #expect(shown.map(\.certificate) == ["aa.bb.c1", "aa.bb.c1"], "the certificate is still valid")
    #expect(shown.map { $0.payload["exp"]?.integer } == [300_000, 90_300_000].map { Sample.now.rawValue + $0 })
    servers.tokens = [(401, "invalid-timestamp"), (401, "invalid-timestamp")]
    #expect(throws: TokenServerError.invalidTimestamp(offset: 90_000_000)) { try provider().replaceAfterUnauthorized() }
  }

  @Test(arguments: [
    (404, #"{"code":404,"errno":116}"#), (410, #"{"code":410,"errno":116}"#), (404, "<html>"),
  ])
  func reportsAServerWithoutBrowserID(status: Int, body: String) throws {
    servers.certificates = [(status, body)]
    let error = #expect(throws: AccountsError.noCertificates) { try provider().credentials() }
    #expect(error?.errno == 116)
    #expect(error?.userFacingError.hints == ["sign in without --browserid"])
    #expect(servers.shown.isEmpty)
  }

  @Test(arguments: [
    "{}", #"{"cert":""}"#, #"{"cert":"a.b"}"#, #"{"cert":"a..b"}"#, #"{"cert":"a.b.c.d"}"#, #"{"cert":"a.b.c~d"}"#,
    #"{"cert":"a.b.c\r\nX: y"}"#, #"{"cert":7}"#,
  ])
  func refusesAResponseWithoutACertificate(body: String) throws {
    servers.certificates = [(200, body)]
    #expect(throws: AccountsError.missingField("cert", in: .certificate)) { try provider().credentials() }
    #expect(servers.shown.isEmpty)
  }

  @Test func requiresASignInAfterTheSessionEnded() throws {
    servers.certificates = [(401, #"{"code":401,"errno":110}"#)]
    #expect(throws: SignInRequired.revoked(errno: 110)) { try provider().credentials() }
  }

  @Test func completesASignInAndSignsOut() throws {
    let completed = try SignInCompletion(transport: servers, clock: Sample.clock).complete(
      SignInOutcome(account: account(.rsa), accessToken: nil), deviceName: "h")
    #expect(Set(completed.documents.keys) == [.account, .storageToken])
    #expect(servers.shown.count == 1)
    #expect(SignOut(transport: servers).signOut(completed.account).isEmpty)
    #expect(servers.other.last == "POST https://auth.test/v1/session/destroy")
  }

  @Test func endsTheSessionIfTheServerRefuses() throws {
    servers.certificates = [(404, #"{"code":404,"errno":116}"#)]
    #expect(throws: AccountsError.noCertificates) {
      try SignInCompletion(transport: servers, clock: Sample.clock).complete(
        SignInOutcome(account: account(), accessToken: nil), deviceName: "h")
    }
    #expect(servers.other == ["POST https://auth.test/v1/session/destroy"])
  }

  @Test func storesTheSession() throws {
    for kind in BrowserIDKeyKind.allCases {
      let account = try account(kind)
      #expect(try SignedInAccount(document: account.document()) == account)
    }
    let text = try #require(try account().document().exposedText())
    #expect(text.contains(#""syncKeyID":"0-"#) && !text.contains("refreshToken"))
    let token = String(repeating: "5a", count: 32)
    for (good, bad) in [
      (#""rsa""#, #""xyz""#), (token, "5a"), (token, String(repeating: "z", count: 64)), ("sessionToken", "x"),
      ("browserIDKey", "x"), (#""0-"#, #""-"#),
    ] {
      #expect(throws: DocumentError(name: .account), "\(bad)") {
        try SignedInAccount(document: SecretBytes(utf8: text.replacing(good, with: bad)))
      }
    }
    // OAuth needs the time of a key.
    let oauth = try #require(try Sample.account().document().exposedText())
    #expect(throws: DocumentError(name: .account)) {
      try SignedInAccount(
        document: SecretBytes(utf8: oauth.replacing(Sample.kid, with: "0-" + Sample.kid.suffix(22))))
    }
  }

  @Test(arguments: [
    ("https://a.test/x/y", "https://a.test"), ("HTTPS://A.Test:443", "https://a.test"),
    ("https://a.test:8443?x", "https://a.test:8443"), ("http://[::1]:80/", "http://[::1]"),
    ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
  ])
  func derivesTheOrigin(url: String, origin: String) throws { #expect(try WebAddress(url).origin == origin) }
}
