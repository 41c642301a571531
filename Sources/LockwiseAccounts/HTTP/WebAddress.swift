/// An absolute URL that this program sends requests to: https to any host, http to this machine only.
///
/// The text is parsed strictly (RFC 3986 without user information, fragments, percent signs in the host and everything
/// outside printable ASCII), so that no two readers of it can disagree about the host.
public struct WebAddress: Equatable, Sendable {
  /// The URL exactly as it was given.
  public let text: String
  /// Whether the scheme is https.
  let isSecure: Bool
  /// The host in lower case; an IPv6 address without its brackets.
  public let host: String
  /// The port, given or implied.
  public let port: Int
  /// The path and query exactly as given, without fragment; empty if there is none.
  public let target: String

  /// The names and addresses of this machine, independent of the resolver. A host that only looks like one of them
  /// (`localhost.example`, `127.1`) is not.
  static let loopbackHosts: Set<String> = ["localhost", "127.0.0.1", "::1"]

  /// Scheme, host and port as browsers write them (RFC 6454 section 6.2): the scheme's own port is left out.
  public var origin: String {
    let shown = host.contains(":") ? "[\(host)]" : host
    let scheme = isSecure ? "https" : "http"
    return "\(scheme)://\(shown)" + (port == (isSecure ? 443 : 80) ? "" : ":\(port)")
  }

  /// Whether the host is this machine.
  var isLoopback: Bool { Self.loopbackHosts.contains(host) }

  /// Parses a URL.
  ///
  /// - Parameter text: an absolute URL.
  /// - Throws: `HTTPError.refusedURL` if it is malformed, or is http to another machine.
  public init(_ text: String) throws(HTTPError) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Self.forbidden.contains($0) }) else {
      throw .refusedURL("it has a character that is invalid in a URL")
    }
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
      throw .refusedURL("it does not begin with https://")
    }
    switch text[..<colon].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: throw .refusedURL("it does not begin with https://")
    }
    let rest = text[text.index(colon, offsetBy: 3)...]
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let authority = rest[..<end]
    guard !authority.contains("@") else { throw .refusedURL("it has a user name or password") }
    guard !rest.contains("#") else { throw .refusedURL("it has a fragment") }
    let (hostText, portText) = try Self.split(authority)
    host = hostText
    port = try Self.port(portText) ?? (isSecure ? 443 : 80)
    target = String(rest[end...])
    self.text = text
    guard isSecure || Self.loopbackHosts.contains(hostText) else {
      throw .refusedURL("plain http is only for this machine, not for \(hostText)")
    }
  }

  /// Printable characters that RFC 3986 section 2 does not allow in a URL and that programs read differently.
  private static let forbidden: Set<UInt8> = Set("\"<>\\^`{|}".utf8)

  private static func split(_ authority: Substring) throws(HTTPError) -> (host: String, port: Substring?) {
    if authority.first == "[" {
      guard let close = authority.firstIndex(of: "]") else { throw .refusedURL("its host is malformed") }
      let host = authority[authority.index(after: authority.startIndex)..<close]
      guard !host.isEmpty, host.contains(":"),
        host.utf8.allSatisfy({ isHexDigit($0) || $0 == 58 || $0 == 46 })
      else { throw .refusedURL("its host is malformed") }
      let after = authority[authority.index(after: close)...]
      guard after.isEmpty || after.first == ":" else { throw .refusedURL("its host is malformed") }
      return (host.lowercased(), after.isEmpty ? nil : after.dropFirst())
    }
    let colon = authority.firstIndex(of: ":")
    let host = authority[..<(colon ?? authority.endIndex)]
    guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(isNameByte) else {
      throw .refusedURL("its host is malformed")
    }
    return (host.lowercased(), colon.map { authority[authority.index(after: $0)...] })
  }

  private static func port(_ text: Substring?) throws(HTTPError) -> Int? {
    guard let text else { return nil }
    guard text.utf8.count <= 5, text.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(text),
      (1...65535).contains(port)
    else { throw .refusedURL("its port is malformed") }
    return port
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
  }
}
