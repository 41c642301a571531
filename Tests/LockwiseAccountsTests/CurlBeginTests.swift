import Glibc
import LockwiseAccounts
import LockwiseCore
import Testing

/// Requests that libcurl sends before their responses are read.
@Suite struct CurlBeginTests {
  private func answer(_ text: String) -> String {
    "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
  }

  private func transport(shouldAbort: (() -> Bool)? = nil) throws -> CurlTransport {
    try CurlTransport(
      userAgent: "lockwise/test", options: CurlTransport.Options(timeout: 5000, maximumBodySize: 1 << 20),
      shouldAbort: shouldAbort)
  }

  private func waitForRequests(_ count: Int, at server: LoopbackServer) {
    for _ in 0..<500 where server.requests.count < count { usleep(10_000) }
  }

  /// On the connection of a started request, the next request is sent at once.
  @Test func sendsTheRequestBeforeTheResponseIsRead() throws {
    let server = try LoopbackServer { .keep(self.answer(String($0.prefix(6)))) }
    defer { server.stop() }
    let transport = try transport()
    _ = try transport.begin(HTTPRequest(method: "GET", url: server.url + "/1"))()
    let pending = try transport.begin(HTTPRequest(method: "GET", url: server.url + "/2"))
    waitForRequests(2, at: server)
    #expect(server.requests.count == 2)
    // Another request in the meantime does not disturb either.
    #expect(try transport.send(HTTPRequest(method: "GET", url: server.url + "/3")).body.exposedText() == "GET /3")
    #expect(try pending().body.exposedText() == "GET /2")
    #expect(server.requests.count == 3)
  }

  @Test func dropsAnAbandonedRequest() throws {
    let server = try LoopbackServer { .keep(self.answer(String($0.prefix(6)))) }
    defer { server.stop() }
    let transport = try transport()
    _ = try transport.begin(HTTPRequest(method: "GET", url: server.url + "/1"))
    #expect(try transport.begin(HTTPRequest(method: "GET", url: server.url + "/2"))().body.exposedText() == "GET /2")
  }

  @Test func reportsTheFailuresOfSend() throws {
    let server = try LoopbackServer { _ in .close("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe") }
    defer { server.stop() }
    let request = HTTPRequest(method: "GET", url: server.url + "/")
    let sent = #expect(throws: HTTPError.self) { try transport().send(request) }
    let begun = #expect(throws: HTTPError.self) { try transport().begin(request)() }
    #expect(sent == begun)
    #expect(throws: HTTPError.self) { try transport().begin(HTTPRequest(method: "GET", url: "http://example.org/")) }
  }

  @Test func abortsWhileWaiting() throws {
    let server = try LoopbackServer { _ in .hang("") }
    defer { server.stop() }
    let pending = try transport { true }.begin(HTTPRequest(method: "GET", url: server.url + "/"))
    #expect(throws: HTTPError.aborted(host: "127.0.0.1")) { try pending() }
  }

  @Test func sendsABody() throws {
    let server = try LoopbackServer { .keep(self.answer(String($0.suffix(2)))) }
    defer { server.stop() }
    let request = HTTPRequest(method: "POST", url: server.url + "/", body: SecretBytes(utf8: "{}"))
    #expect(try transport().begin(request)().body.exposedText() == "{}")
  }
}
