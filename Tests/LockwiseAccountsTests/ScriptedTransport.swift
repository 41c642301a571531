import LockwiseAccounts
import LockwiseCore
import Testing

/// An expected request and its response.
struct Exchange {
  var method: String
  var url: String
  var headers: [String]
  var body: String?
  var answer: Result<HTTPResponse, HTTPError>

  static func post(
    _ path: String, authorization: String? = nil, body: String, status: Int = 200,
    headers: [(name: String, value: String)] = [], answer: String
  ) -> Exchange {
    var fields = ["Accept: application/json", "Content-Type: application/json"]
    if let authorization { fields.append("Authorization: \(authorization)") }
    return Exchange(
      method: "POST", url: "https://auth.test/v1" + path, headers: fields, body: body,
      answer: .success(HTTPResponse(status: status, headers: headers, body: SecretBytes(utf8: answer))))
  }

  static func get(
    _ path: String, authorization: String, status: Int = 200,
    headers: [(name: String, value: String)] = [], answer: String
  ) -> Exchange {
    Exchange(
      method: "GET", url: "https://auth.test/v1" + path,
      headers: ["Accept: application/json", "Authorization: \(authorization)"], body: nil,
      answer: .success(HTTPResponse(status: status, headers: headers, body: SecretBytes(utf8: answer))))
  }

  static func tokenServer(
    bearer: String, keyID: String = Sample.kid, status: Int = 200,
    headers: [(name: String, value: String)] = [], answer: String
  ) -> Exchange {
    Exchange(
      method: "GET", url: "https://token.test/1.0/sync/1.5",
      headers: ["Accept: application/json", "Authorization: Bearer \(bearer)", "X-KeyID: \(keyID)"],
      body: nil,
      answer: .success(HTTPResponse(status: status, headers: headers, body: SecretBytes(utf8: answer))))
  }

  /// The same exchange with another response.
  func answering(
    _ status: Int, _ body: String, headers: [(name: String, value: String)] = []
  ) -> Exchange {
    var copy = self
    copy.answer = .success(HTTPResponse(status: status, headers: headers, body: SecretBytes(utf8: body)))
    return copy
  }

  /// The same exchange with a failure instead of a response.
  func failing(_ error: HTTPError) -> Exchange {
    var copy = self
    copy.answer = .failure(error)
    return copy
  }
}

/// A server that expects given requests in order, byte for byte.
final class ScriptedTransport: HTTPTransport {
  private var script: [Exchange]
  /// The method and path of each request so far.
  private(set) var log: [String] = []

  init(_ script: [Exchange]) { self.script = script }

  func send(_ request: HTTPRequest) throws -> HTTPResponse {
    log.append("\(request.method) \(request.url)")
    guard !script.isEmpty else {
      Issue.record("a request that nobody expected: \(request.method) \(request.url)")
      throw HTTPError.unreachable(host: "test", reason: "end of script")
    }
    let expected = script.removeFirst()
    #expect(request.method == expected.method)
    #expect(request.url == expected.url)
    #expect(request.headers.map { "\($0.name): \($0.value.exposedText() ?? "?")" } == expected.headers)
    #expect(request.body?.exposedText() == expected.body)
    return try expected.answer.get()
  }

  /// Checks that all expected requests were sent.
  func finish(_ location: SourceLocation = #_sourceLocation) {
    #expect(script.map { "\($0.method) \($0.url)" } == [], sourceLocation: location)
  }
}

/// A server that sends the same response to every request.
struct ConstantTransport: HTTPTransport {
  var status: Int
  var headers: [(name: String, value: String)] = []
  var body: String

  func send(_ request: HTTPRequest) throws -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: SecretBytes(utf8: body))
  }
}
