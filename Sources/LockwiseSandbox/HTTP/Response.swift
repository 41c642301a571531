import Foundation

/// One answer, before it is given to the HTTP server.
struct Response: Sendable {
  /// How the answer reaches the client.
  enum Delivery: Sendable, Equatable {
    case whole
    /// The connection is closed without a byte.
    case dropped
    /// All headers, this many bytes of the body, then the connection is closed.
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

  /// A JSON answer.
  static func json(_ value: JSON, status: Int = 200) -> Response {
    Response(
      status: status, headers: [("Content-Type", "application/json")], body: value.encoded)
  }

  /// A page or message in another type.
  static func text(_ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8") -> Response {
    Response(status: status, headers: [("Content-Type", type)], body: Data(text.utf8))
  }

  func header(_ name: String) -> String? {
    headers.last { $0.name.caseInsensitiveCompare(name) == .orderedSame }?.value
  }

  /// Says that the answer depends on a header of the request.
  mutating func vary(on name: String) {
    setHeader("Vary", header("Vary").map { "\($0), \(name)" } ?? name)
  }

  mutating func setHeader(_ name: String, _ value: String) {
    headers.removeAll { $0.name.caseInsensitiveCompare(name) == .orderedSame }
    headers.append((name, value))
  }
}
