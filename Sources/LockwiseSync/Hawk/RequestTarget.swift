/// The parts of an absolute URL that Hawk signs.
struct RequestTarget: Equatable {
  /// The host in lower case, an IPv6 address in its brackets, no port.
  let host: String
  /// The port, the scheme's own if the URL has none.
  let port: Int
  /// Path and query exactly as they stand in the URL.
  let resource: String

  /// Takes an http or https URL apart; `nil` for anything else, for user info and for a fragment.
  init?(url: String) {
    guard let separator = url.utf8.firstRange(of: "://") else { return nil }
    let defaultPort: Int
    switch url[..<separator.lowerBound].lowercased() {
    case "https": defaultPort = 443
    case "http": defaultPort = 80
    default: return nil
    }
    let rest = url[separator.upperBound...]
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    let authority = rest[..<end]
    guard !authority.contains("@"), !rest[end...].contains("#") else { return nil }
    var host = authority
    var port = defaultPort
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      host = authority[..<colon]
      let digits = authority[authority.index(after: colon)...]
      guard let number = UInt16(digits), number > 0 else { return nil }
      port = Int(number)
    }
    guard !host.isEmpty else { return nil }
    self.host = host.lowercased()
    self.port = port
    resource = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/" + rest[end...]
  }
}

extension String.UTF8View {
  fileprivate func firstRange(of needle: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].starts(with: needle.utf8) {
        return start..<index(start, offsetBy: needle.utf8.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
