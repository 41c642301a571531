import LockwiseAccounts
import LockwiseCore
import Testing

/// Compressed responses (RFC 9110 section 8.4.1.3), including those of servers that compress without being asked.
@Suite struct GzipTests {
  /// `{"answer":42}` by gzip(1).
  private static let answer = "H4sIAAAAAAACA6tWSswrLk8tUrIyMaoFAPVl2cwNAAAA"
  /// 100,000 zero bytes by gzip(1).
  private static let zeros =
    "H4sIAAAAAAACA+3BMQEAAADCoPVPbQ0PoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIBXA32VEdSghgEA"

  private func send(_ body: [UInt8], length: Int? = nil, limit: Int = 1 << 20) throws -> (HTTPResponse, request: String)
  {
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(length ?? body.count)\r\n\r\n"
    let server = try LoopbackServer { _ in .closeBytes(Array(head.utf8) + body) }
    defer { server.stop() }
    let transport = try CurlTransport(
      userAgent: "lockwise/test", options: CurlTransport.Options(timeout: 5000, maximumBodySize: limit))
    let response = try transport.send(HTTPRequest(method: "GET", url: server.url + "/"))
    return (response, server.requests.first ?? "")
  }

  private func bytes(_ text: String) throws -> [UInt8] { try #require(Base64.standard.decode(text)) }

  @Test func acceptsCompressedResponses() throws {
    let (response, request) = try send(bytes(Self.answer))
    #expect(request.contains("\r\nAccept-Encoding: gzip\r\n"))
    #expect(response.body.exposedText() == #"{"answer":42}"#)
    #expect(try send(bytes(Self.zeros)).0.body.count == 100_000)
  }

  @Test("The limit applies to the decompressed body") func limitsTheDecompressedBody() throws {
    #expect(try send(bytes(Self.zeros), limit: 100_000).0.body.count == 100_000)
    #expect(throws: HTTPError.tooLarge(host: "127.0.0.1")) { try send(bytes(Self.zeros), limit: 99_999) }
  }

  @Test func refusesDamagedBodies() throws {
    let whole = try bytes(Self.answer)
    for body in [
      Array(whole.dropFirst()), Array("plain text".utf8), [0x1F, 0x8B, 8, 0] + Array(repeating: 255, count: 60),
    ] {
      let error = #expect(throws: HTTPError.self) { try send(body) }
      guard case .broken = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(throws: HTTPError.self) { try send(Array(whole.prefix(15)), length: whole.count) }
  }
}
