import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The reports about requests.
@Suite struct LoggingTransportTests {
  @Test(arguments: [
    ("https://auth.test/v1/account/login?keys=true", "https://auth.test/v1/account/login"),
    ("https://node.test/1.5/42/storage/passwords", "https://node.test/1.5/42/storage/passwords"),
    ("https://a.test/\(String(repeating: "aF", count: 16))/x", "https://a.test/…/x"),
    ("https://a.test/x\(String(repeating: "0", count: 64))", "https://a.test/x…"),
    (
      "https://a.test/\(String(repeating: "0", count: 31))",
      "https://a.test/\(String(repeating: "0", count: 31))"
    ),
    ("https://a.test/123e4567-e89b-12d3-a456-426614174000/x", "https://a.test/…/x"),
    ("https://user:secret@a.test/", "(refused address)"),
  ])
  func redaction(url: String, shown: String) { #expect(LoggingTransport.redacted(url) == shown) }

  @Test func reportsRequestsWithoutSecrets() throws {
    var entries: [LoggingTransport.Entry] = []
    let transport = LoggingTransport(
      ConstantTransport(status: 201, body: "hidden-body"), clock: Sample.clock, report: { entries.append($0) }
    )
    let headers = [(name: "Authorization", value: SecretBytes(utf8: "hidden-header"))]
    _ = try transport.send(
      HTTPRequest(method: "GET", url: "https://a.test/b?hidden-query", headers: headers))
    let failing = LoggingTransport(ScriptedFailure(), clock: Sample.clock, report: { entries.append($0) })
    #expect(throws: HTTPError.self) { try failing.send(HTTPRequest(method: "PUT", url: "https://a.test/c")) }
    #expect(entries.map(\.text) == ["GET https://a.test/b 201 0 ms", "PUT https://a.test/c no response 0 ms"])
    #expect(!entries.map { String(reflecting: $0) }.joined().contains("hidden"))
  }

  @Test func reportsOnlyTheErrnoOfABody() throws {
    var entries: [LoggingTransport.Entry] = []
    for (status, body) in [
      (400, #"{"errno":103,"message":"hidden"}"#), (200, #"{"errno":103}"#), (500, "<html>hidden"),
      (400, #"{"errno":"hidden"}"#),
    ] {
      let transport = LoggingTransport(
        ConstantTransport(status: status, body: body), clock: Sample.clock, report: { entries.append($0) })
      _ = try transport.send(HTTPRequest(method: "GET", url: "https://a.test/b"))
    }
    let start = "GET https://a.test/b "
    #expect(
      entries.map(\.text) == [
        start + "400 (errno 103) 0 ms", start + "200 0 ms", start + "500 0 ms", start + "400 0 ms",
      ])
    #expect(!entries.map { String(reflecting: $0) }.joined().contains("hidden"))
  }

  private struct ScriptedFailure: HTTPTransport {
    func send(_ request: HTTPRequest) throws -> HTTPResponse { throw HTTPError.timedOut(host: "a.test") }
  }
}
