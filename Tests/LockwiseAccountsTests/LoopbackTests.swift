import Foundation
import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The receiver of the redirect on the loopback interface: address, requests, pages.
@Suite struct LoopbackTests {
  // MARK: Addresses

  @Test(arguments: [
    ("http://127.0.0.1:8000/signed-in", 8000, "/signed-in"), ("http://localhost:80/", 80, "/"),
    ("http://127.0.0.1:65535", 65535, "/"), ("http://127.0.0.1/x", 0, "/x"), ("http://127.0.0.1:0/x", 0, "/x"),
    ("http://127.0.0.1:0", 0, "/"), ("http://127.0.0.1", 0, "/"), ("http://LOCALHOST:81/a:b", 81, "/a:b"),
    ("http://127.0.0.1/a:81", 0, "/a:81"),
  ])
  func parsesLoopbackAddresses(uri: String, port: UInt16, path: String) throws {
    let address = try #require(LoopbackAddress(uri))
    #expect(address.port == port && address.path == path)
    #expect(address.opened(at: 99).uri.hasSuffix(":99" + path))
  }

  @Test(arguments: [
    "https://127.0.0.1:8000/", "http://127.0.0.2:8000/", "http://[::1]:8000/", "http://127.0.0.1.evil.test/",
    "http://127.0.0.1:8000/?a", "http://127.0.0.1:8000/#a", "http://evil.test@127.0.0.1/", "http://127.0.0.1:65536/",
    "http://127.0.0.1:00/", "http://127.0.0.1:080x/", "http://127.0.0.1:/x", "127.0.0.1:8000", "",
    "urn:ietf:wg:oauth:2.0:oob",
  ])
  func refusesOtherAddresses(uri: String) { #expect(LoopbackAddress(uri) == nil) }

  @Test func recognisesItsHost() throws {
    let address = try #require(LoopbackAddress("http://127.0.0.1:8000/x"))
    for host in ["127.0.0.1:8000", "localhost:8000", "LocalHost:8000"] { #expect(address.isNamed(by: host)) }
    for host in [
      "127.0.0.1", "127.0.0.1:80", "evil.test:8000", "evil.test", "localhost.evil.test:8000", "", "127.0.0.1:8000:8000",
      "127.0.0.1:08000",
    ] {
      #expect(!address.isNamed(by: host))
    }
  }

  // MARK: Requests

  private static func parse(_ text: String) -> RedirectRequest.Progress {
    Array(text.utf8).withUnsafeBytes { RedirectRequest.parse($0) }
  }

  @Test func parsesRequests() throws {
    let text = "GET /x?code=a&state=b HTTP/1.1\r\nAccept: */*\r\nhOST: \t127.0.0.1:8000 \r\nCookie: a=b\r\n\r\nbody"
    guard case .complete(let request) = Self.parse(text) else {
      Issue.record("not taken")
      return
    }
    #expect(request.method == "GET" && request.path == "/x" && request.host == "127.0.0.1:8000")
    #expect(request.query.exposedText() == "code=a&state=b")
    let head = text.utf8.count - "body".utf8.count
    for count in 0..<head {
      #expect(Self.parse(String(decoding: text.utf8.prefix(count), as: UTF8.self)) == .incomplete)
    }
    guard case .complete(let bare) = Self.parse("POST / HTTP/1.0\r\nHost:x\r\n\r\n") else {
      Issue.record("not taken")
      return
    }
    #expect(bare.query.isEmpty && bare.path == "/" && bare.host == "x" && bare.method == "POST")
  }

  @Test(arguments: [
    "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/2\r\nHost: x\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1 \r\nHost: x\r\n\r\n", "get / HTTP/1.1\r\nHost: x\r\n\r\n", "GET x HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET /\u{7F} HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /ü HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "GET / HTTP/1.1\r\n: x\r\n\r\n",
    "GET / HTTP/1.1\r\nno colon\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\nHost: y\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\u{0}\r\n\r\n",
    String(repeating: "a", count: RedirectRequest.limit + 1),
    "GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "a", count: RedirectRequest.limit) + "\r\n\r\n",
  ])
  func refusesInvalidRequests(text: String) { #expect(Self.parse(text) == .refused) }

  // MARK: Pages

  private static let code = String(repeating: "ab", count: 32)

  static let visits: [(method: String, target: String, host: String, page: String, ends: Bool)] = [
    ("GET", "/x?code=\(code)&state=s", "127.0.0.1:8000", "done", true),
    ("GET", "/x?state=s&error=access_denied", "localhost:8000", "declined", true),
    ("GET", "/x?code=\(code)&state=t", "127.0.0.1:8000", "otherSignIn", false),
    ("GET", "/x?code=\(code)", "127.0.0.1:8000", "otherSignIn", false),
    ("GET", "/x?error=access_denied", "127.0.0.1:8000", "otherSignIn", false),
    ("GET", "/x?code=zz&state=s", "127.0.0.1:8000", "badRequest", false),
    ("GET", "/x", "127.0.0.1:8000", "badRequest", false),
    ("GET", "/favicon.ico", "127.0.0.1:8000", "notFound", false),
    ("GET", "/x/?code=\(code)&state=s", "127.0.0.1:8000", "notFound", false),
    ("GET", "/X?code=\(code)&state=s", "127.0.0.1:8000", "notFound", false),
    ("POST", "/x?code=\(code)&state=s", "127.0.0.1:8000", "otherMethod", false),
    ("HEAD", "/x?code=\(code)&state=s", "127.0.0.1:8000", "otherMethod", false),
    ("GET", "/x?code=\(code)&state=s", "evil.test:8000", "otherHost", false),
    ("GET", "/x?code=\(code)&state=s", "127.0.0.1:8001", "otherHost", false),
  ]

  @Test(arguments: visits)
  func respondsWithAPage(method: String, target: String, host: String, page: String, ends: Bool) throws {
    let address = try #require(LoopbackAddress("http://127.0.0.1:8000/x"))
    guard case .complete(let request) = Self.parse("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n") else {
      Issue.record("not taken")
      return
    }
    let (shown, response) = RedirectPage.answer(to: request, at: address) {
      $0.answers(state: "s", mayLackState: false)
    }
    #expect("\(shown)" == page)
    #expect((response != nil) == ends)
    #expect(!shown.response.contains(Self.code))
    #expect(shown.response.hasPrefix(ends ? "HTTP/1.1 200" : "HTTP/1.1 4"))
  }

  // MARK: The server

  /// Sends bytes on a new connection and reads the whole response.
  private static func talk(_ port: UInt16, _ text: String, keepOpen: Bool = false) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(connected == 0)
    var copy = text
    copy.withUTF8 { _ = send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    return descriptor
  }

  private static func answer(on descriptor: Int32) -> String {
    defer { close(descriptor) }
    var text = Data()
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += chunk[..<count]
    }
  }

  private func wait(
    _ receiver: LoopbackReceiver, timeout: Milliseconds = 10_000, steps: Int = .max
  ) throws -> AuthorizationResponse? {
    var left = steps
    struct Stopped: Error {}
    return try receiver.wait(
      timeout: timeout, isOurs: { $0.answers(state: "s", mayLackState: false) },
      pause: { milliseconds, descriptor in
        guard left > 0 else { throw Stopped() }
        left -= 1
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&event, 1, milliseconds)
      })
  }

  @Test("Idle, slow, invalid and many connections do not block the response")
  func findsTheResponseAmongOtherConnections() throws {
    let receiver = try LoopbackReceiver(try #require(LoopbackAddress("http://127.0.0.1:0/x")))
    let port = receiver.address.port
    #expect(port != 0)
    let host = "\r\nHost: 127.0.0.1:\(port)\r\n\r\n"
    let idle = Self.talk(port, "")
    let slow = Self.talk(port, "GET /x?code=")
    let strange = Self.talk(port, "\u{16}\u{3}\u{1}\r\n\r\n")
    let icon = Self.talk(port, "GET /favicon.ico HTTP/1.1" + host)
    let wrong = Self.talk(port, "GET /x?code=\(Self.code)&state=other HTTP/1.1" + host)
    let right = Self.talk(port, "GET /x?code=\(Self.code)&state=s HTTP/1.1" + host)
    let response = try wait(receiver)
    #expect(response == .code(SecretBytes(utf8: Self.code), state: SecretBytes(utf8: "s")))
    #expect(Self.answer(on: strange).hasPrefix("HTTP/1.1 400 "))
    #expect(Self.answer(on: icon).hasPrefix("HTTP/1.1 404 "))
    #expect(Self.answer(on: wrong).hasPrefix("HTTP/1.1 400 "))
    let page = Self.answer(on: right)
    #expect(page.hasPrefix("HTTP/1.1 200 ") && page.contains("You can close this window"))
    close(idle)
    close(slow)
  }

  @Test func readsARequestInPieces() throws {
    let receiver = try LoopbackReceiver(try #require(LoopbackAddress("http://127.0.0.1:0/x")))
    let port = receiver.address.port
    let client = Self.talk(port, "GET /x?code=\(Self.code)&sta")
    #expect(throws: (any Error).self) { try wait(receiver, steps: 5) }
    var rest = "te=s HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n"
    rest.withUTF8 { _ = send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    #expect(try wait(receiver) != nil)
    close(client)
  }

  @Test func reportsATimeoutAndAPortInUse() throws {
    let receiver = try LoopbackReceiver(try #require(LoopbackAddress("http://127.0.0.1:0/x")))
    #expect(try wait(receiver, timeout: 50) == nil)
    #expect(throws: BrowserSignInError.portNotAvailable) { try LoopbackReceiver(receiver.address) }
  }
}
