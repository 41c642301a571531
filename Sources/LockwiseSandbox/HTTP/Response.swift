import Foundation

/// An HTTP response, before FlyingFox sends it.
struct Response: Sendable {
  /// The part of the response that reaches the client.
  enum Delivery: Sendable, Equatable {
    case whole
    /// Nothing: the connection is closed without a byte.
    case dropped
    /// All headers and this many bytes of the body; then the connection is closed.
    case truncated(Int)
  }

  var status: Int
  var headers: [(name: String, value: String)] = []
  var body = Data()
  var delivery = Delivery.whole

  init(status: Int, headers: [(name: String, value: String)] = [], body: Data = Data()) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Makes a response with a JSON body.
  static func json(_ value: JSON, status: Int = 200) -> Response {
    Response(
      status: status, headers: [("Content-Type", "application/json")], body: value.encoded)
  }

  /// Makes a response with a text body, plain unless `type` is given.
  static func text(_ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8") -> Response {
    Response(status: status, headers: [("Content-Type", type)], body: Data(text.utf8))
  }

  /// Returns the last value of a header, whatever the letter case of its name.
  func header(_ name: String) -> String? {
    headers.last { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
  }

  /// Adds a request header to `Vary` (RFC 9110 section 12.5.5).
  mutating func vary(on name: String) {
    setHeader("Vary", header("Vary").map { "\($0), \(name)" } ?? name)
  }

  /// Sets a header in place of all headers with that name.
  mutating func setHeader(_ name: String, _ value: String) {
    headers.removeAll { $0.name.caseInsensitiveCompare(name) == .orderedSame }
    headers.append((name, value))
  }
}
