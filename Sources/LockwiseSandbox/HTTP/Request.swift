import Foundation

/// One request as it came over the wire, everything in memory.
struct Request: Sendable {
  let method: String
  /// Path and query exactly as sent, percent-encoding untouched: Hawk signs this text.
  let target: String
  let rawPath: String
  let rawQuery: String
  /// Names in lower case.
  let headers: [String: String]
  /// Names as sent, sorted.
  let headerNames: [String]
  let body: Data
  /// What a `Host` header without a port means.
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

  func header(_ name: String) -> String? { headers[name] }

  /// The path cut at its slashes, each piece decoded; nil if one of them has a broken percent escape.
  var segments: [String]? {
    var pieces: [String] = []
    for piece in rawPath.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      guard let decoded = String(piece).removingPercentEncoding else { return nil }
      pieces.append(decoded)
    }
    return pieces
  }

  /// The query's pairs, decoded as a form (`+` is a space).
  var query: [(name: String, value: String)] { Form.pairs(rawQuery) }

  func queryValue(_ name: String) -> String? { query.last { $0.name == name }?.value }

  /// Host and port that the client meant, from the `Host` header.
  var hostAndPort: (name: String, port: Int) {
    let host = header("host") ?? ""
    if let colon = host.lastIndex(of: ":"), let port = Int(host[host.index(after: colon)...]) {
      return (String(host[..<colon]), port)
    }
    return (host, defaultPort)
  }
}
