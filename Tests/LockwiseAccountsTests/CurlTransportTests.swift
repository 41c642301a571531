import Glibc
import LockwiseAccounts
import LockwiseCore
import Testing

/// libcurl with a test server on the loopback interface.
@Suite struct CurlTransportTests {
  static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Test:  a b \r\nx-test: second\r\n\r\nhello"

  private func transport(
    timeout: Milliseconds = 5000, limit: Int = 1 << 20, shouldAbort: (() -> Bool)? = nil
  ) throws -> CurlTransport {
    try CurlTransport(
      userAgent: "lockwise/test",
      options: CurlTransport.Options(timeout: timeout, maximumBodySize: limit), shouldAbort: shouldAbort)
  }

  private func get(_ url: String) -> HTTPRequest { HTTPRequest(method: "GET", url: url) }

  @Test("The request is sent byte for byte") func sendsExactlyTheRequest() throws {
    let server = try LoopbackServer { _ in .keep(Self.hello) }
    defer { server.stop() }
    let request = HTTPRequest(
      method: "GET", url: server.url + "/a/../b/./c//d%2F?newer=1.5&full=1",
      headers: [
        ("Accept", SecretBytes(utf8: "application/json")), ("Authorization", SecretBytes(utf8: "Bearer x")),
        ("X-Empty", SecretBytes(utf8: "")),
      ])
    let response = try transport().send(request)
    #expect(
      server.requests == [
        "GET /a/../b/./c//d%2F?newer=1.5&full=1 HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
          + "User-Agent: lockwise/test\r\nAccept-Encoding: gzip\r\nAccept: application/json\r\nAuthorization: Bearer x\r\nX-Empty:\r\n\r\n"
      ])
    #expect(response.status == 200)
    #expect(response.body.exposedText() == "hello")
    #expect(response.header("x-test") == "a b")
    #expect(
      response.headers.map { "\($0.name)=\($0.value)" } == [
        "content-length=5", "x-test=a b", "x-test=second",
      ])
  }

  @Test("A request to send once is not sent again on another connection") func sendsARequestOnlyOnce() throws {
    for isSentOnce in [false, true] {
      let server = try LoopbackServer { $0.hasPrefix("GET ") ? .keep(Self.hello) : .close("") }
      defer { server.stop() }
      let transport = try transport()
      _ = try transport.send(get(server.url + "/"))
      var request = HTTPRequest(method: "POST", url: server.url + "/token", body: SecretBytes(utf8: "{}"))
      request.isSentOnce = isSentOnce
      #expect(throws: HTTPError.self) { try transport.send(request) }
      #expect(server.requests.filter { $0.hasPrefix("POST ") }.count == (isSentOnce ? 1 : 2))
    }
  }

  @Test(arguments: ["POST", "PUT"]) func sendsABody(_ method: String) throws {
    let server = try LoopbackServer { _ in .keep(Self.hello) }
    defer { server.stop() }
    let body = SecretBytes(utf8: #"{"a":"\#(String(repeating: "x", count: 5000))"}"#)
    let json = SecretBytes(utf8: "application/json")
    let transport = try transport()
    _ = try transport.send(
      HTTPRequest(method: method, url: server.url + "/x", headers: [("Content-Type", json)], body: body))
    _ = try transport.send(HTTPRequest(method: method, url: server.url + "/x"))
    let head =
      "\(method) /x HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: lockwise/test\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
    #expect(
      server.requests == [
        head + "Content-Type: application/json\r\nContent-Length: 5008\r\n\r\n" + (body.exposedText() ?? ""),
        head + "Content-Length: 0\r\n\r\n",
      ])
  }

  @Test("DELETE and HEAD leave no state for the next request") func sendsDELETEAndHEAD() throws {
    let server = try LoopbackServer { request in
      request.hasPrefix("HEAD") ? .keep("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n") : .keep(Self.hello)
    }
    defer { server.stop() }
    let transport = try transport()
    let body = SecretBytes(utf8: "x")
    _ = try transport.send(HTTPRequest(method: "POST", url: server.url + "/1", body: body))
    #expect(try transport.send(HTTPRequest(method: "HEAD", url: server.url + "/2")).body.isEmpty)
    _ = try transport.send(HTTPRequest(method: "DELETE", url: server.url + "/3"))
    _ = try transport.send(get(server.url + "/4"))
    let lines = server.requests.map { $0.split(separator: "\r\n").first.map { String($0) } ?? "" }
    #expect(lines == ["POST /1 HTTP/1.1", "HEAD /2 HTTP/1.1", "DELETE /3 HTTP/1.1", "GET /4 HTTP/1.1"])
    #expect(server.requests.last?.contains("Content") == false)
    #expect(server.connections == 1)
  }

  @Test("A redirect is returned, not followed") func doesNotFollowRedirects() throws {
    let server = try LoopbackServer { _ in
      .keep("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")
    }
    defer { server.stop() }
    let transport = try transport()
    #expect(try transport.send(get(server.url)).status == 302)
    #expect(try transport.send(get(server.url)).status == 302)
    #expect(server.requests.count == 2)
    #expect(!server.requests.contains { $0.contains("Cookie") })
  }

  @Test func skipsInterimResponses() throws {
    let server = try LoopbackServer { _ in
      .keep("HTTP/1.1 103 Early Hints\r\nX-Interim: 1\r\n\r\n" + Self.hello)
    }
    defer { server.stop() }
    let response = try transport().send(get(server.url))
    #expect(response.status == 200)
    #expect(response.header("x-interim") == nil)
  }

  @Test func readsChunkedBodies() throws {
    let server = try LoopbackServer { _ in
      .keep("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")
    }
    defer { server.stop() }
    #expect(try transport().send(get(server.url)).body.exposedText() == "hello")
  }

  @Test("No proxy is used for the loopback interface") func ignoresProxies() throws {
    for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { setenv(name, "http://127.0.0.1:1", 1) }
    let server = try LoopbackServer { _ in .keep(Self.hello) }
    defer { server.stop() }
    #expect(try transport().send(get(server.url)).status == 200)
  }

  // MARK: Failures

  @Test func reportsARefusedConnection() throws {
    let server = try LoopbackServer { _ in .keep(Self.hello) }
    let url = server.url
    server.stop()
    usleep(100_000)
    let error = #expect(throws: HTTPError.self) { try transport().send(get(url)) }
    guard case .unreachable(host: "127.0.0.1", let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  static let brokenTable: [(answer: String, name: String)] = [
    ("", "no answer"), ("garbage\r\n\r\n", "garbage"), ("\u{0}\u{1}\u{2}", "binary garbage"),
    ("SSH-2.0-OpenSSH_9.2p1\r\n", "another protocol"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "cut body"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "cut chunk"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "bad chunk"),
    ("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n", "bad length"),
  ]

  @Test(arguments: brokenTable) func reportsBrokenResponses(answer: String, name: String) throws {
    let server = try LoopbackServer { _ in .close(answer) }
    defer { server.stop() }
    let error = #expect(throws: HTTPError.self) { try transport().send(get(server.url)) }
    guard case .broken(host: "127.0.0.1", _) = error else {
      Issue.record("\(name): \(String(describing: error))")
      return
    }
  }

  @Test("A body over the limit, announced or not, and endless header fields") func limitsTheResponse() throws {
    let body = String(repeating: "x", count: 2000)
    for answer in [
      "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n\(body)", "HTTP/1.1 200 OK\r\n\r\n\(body)",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n",
    ] {
      let server = try LoopbackServer { _ in .close(answer) }
      defer { server.stop() }
      #expect(throws: HTTPError.tooLarge(host: "127.0.0.1")) {
        try transport(limit: 1999).send(get(server.url))
      }
    }
    let exact = try LoopbackServer { _ in .close("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n\(body)") }
    defer { exact.stop() }
    #expect(try transport(limit: 2000).send(get(exact.url)).body.count == 2000)
    let fields = (0..<4000).map { "X-\($0): \(String(repeating: "y", count: 80))\r\n" }.joined()
    let endless = try LoopbackServer { _ in .close("HTTP/1.1 200 OK\r\n\(fields)\r\n") }
    defer { endless.stop() }
    #expect(throws: HTTPError.self) { try transport().send(get(endless.url)) }
  }

  @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nslow"])
  func reportsATimeout(_ answer: String) throws {
    let server = try LoopbackServer { _ in .hang(answer) }
    defer { server.stop() }
    #expect(throws: HTTPError.timedOut(host: "127.0.0.1")) {
      try transport(timeout: 300).send(get(server.url))
    }
  }

  @Test func abortsOnRequest() throws {
    let server = try LoopbackServer { _ in .hang("") }
    defer { server.stop() }
    #expect(throws: HTTPError.aborted(host: "127.0.0.1")) {
      try transport(shouldAbort: { true }).send(get(server.url))
    }
  }

  @Test("After a failure the transport works again") func worksAfterAFailure() throws {
    let server = try LoopbackServer { $0.contains("/bad") ? .close("garbage\r\n\r\n") : .keep(Self.hello) }
    defer { server.stop() }
    let transport = try transport()
    #expect(throws: HTTPError.self) { try transport.send(get(server.url + "/bad")) }
    #expect(try transport.send(get(server.url + "/good")).status == 200)
  }

  // MARK: Refused before sending

  @Test(arguments: ["a\r\nX-Injected: 1", "a\n", "a\r", "a\0b", "\u{7F}", "é"])
  func refusesHeaderInjection(_ value: String) throws {
    let server = try LoopbackServer { _ in .keep(Self.hello) }
    defer { server.stop() }
    var request = get(server.url)
    request.headers = [("Authorization", SecretBytes(utf8: value))]
    #expect(throws: HTTPError.refusedHeader("Authorization")) { try transport().send(request) }
    for name in ["", "X: y\r\nZ", "X\n", "X Y", "X:"] {
      request.headers = [(name, SecretBytes(utf8: "1"))]
      #expect(throws: HTTPError.refusedHeader("(malformed name)")) { try transport().send(request) }
    }
    #expect(server.connections == 0)
  }

  @Test func refusesInjectionInURLAndMethod() throws {
    let server = try LoopbackServer { _ in .keep(Self.hello) }
    defer { server.stop() }
    for url in ["/\r\nX: 1", "/ HTTP/1.1\r\n", "/a b", "/\n"] {
      #expect(throws: HTTPError.self) { try transport().send(get(server.url + url)) }
    }
    for method in ["", "GET / HTTP/1.1\r\nX: 1\r\n\r\nGET", "get", "G ET"] {
      #expect(throws: HTTPError.refusedHeader("method")) {
        try transport().send(HTTPRequest(method: method, url: server.url))
      }
    }
    #expect(throws: HTTPError.self) { try transport().send(get("http://example.org/")) }
    #expect(server.connections == 0)
  }
}
