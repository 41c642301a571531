import Foundation

/// An HTTP request as it was received, entirely in memory.
struct Request: Sendable {
  let method: String
  /// The path and query exactly as sent, because Hawk signs this text.
  let target: String
  let rawPath: String
  let rawQuery: String
  /// The headers by their names in lower case.
  let headers: [String: String]
  /// The names of the headers as sent, sorted.
  let headerNames: [String]
  let body: Data
  /// The port that a `Host` header without a port refers to.
  let defaultPort: Int

  init(
    method: String, target: String, headers: [(String, String)], body: Data, defaultPort: Int = 80
  ) {
    self.method = method
    self.target = target
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    rawPath = String(parts[0])
    rawQuery = parts.count > 1 ? String(parts[1]) : ""
    self.headers = Dictionary(headers.map { ($0.0.lowercased(), $0.1) }) { $1 }
    headerNames = headers.map(\.0).sorted()
    self.body = body
    self.defaultPort = defaultPort
  }

  /// Returns the value of a header; `name` must be in lower case.
  func header(_ name: String) -> String? { headers[name] }

  /// The segments of the path, percent-decoded; nil if one of them has an invalid escape.
  var segments: [String]? {
    var pieces: [String] = []
    for piece in rawPath.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      guard let decoded = String(piece).removingPercentEncoding else { return nil }
      pieces.append(decoded)
    }
    return pieces
  }

  /// The parameters of the query, decoded as a form (`+` is a space).
  var query: [(name: String, value: String)] { Form.pairs(rawQuery) }

  /// Returns the last value of a query parameter.
  func queryValue(_ name: String) -> String? { query.last { $0.name == name }?.value }

  /// The host and port in the `Host` header.
  var hostAndPort: (name: String, port: Int) {
    let host = header("host") ?? ""
    if let colon = host.lastIndex(of: ":"), let port = Int(host[host.index(after: colon)...]) {
      return (String(host[..<colon]), port)
    }
    return (host, defaultPort)
  }
}
