/// The origin of a login: scheme, host and port in normalized form.
///
/// The normalization is that of the URL Standard for web schemes, as in application-services, but stricter. Hosts that
/// only a lenient browser accepts are refused or never equal an ordinary host: hosts with percent-encoding or
/// backslashes, numeric forms other than dotted quads, and characters that a mapping table would replace.
public struct Origin: Hashable, Sendable {
  /// The scheme in lower case.
  public let scheme: String
  /// The host: in lower case and Punycode if the scheme's hosts are internet hosts; an IPv6 address is in brackets.
  public let host: String
  /// The port; `nil` if it is the scheme's default.
  public let port: UInt16?

  /// The text `scheme://host[:port]`.
  public var serialized: String {
    scheme + "://" + host + (port.map { ":\($0)" } ?? "")
  }

  /// Parses the origin of a URL. Path, query, fragment and user name are dropped.
  ///
  /// - Parameter text: a URL such as `https://example.org:8443/path`.
  /// - Returns: `nil` if it is not a URL with an authority or the host is invalid.
  public init?(_ text: String) {
    guard let separator = text.utf8.firstRange(of: "://") else { return nil }
    let scheme = String(text[..<separator.lowerBound])
    var authority = text[separator.upperBound...]
    if let end = authority.utf8.firstIndex(where: { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 }) {
      authority = authority[..<end]
    }
    // Browsers treat a backslash as a slash (URL Standard), other programs do not, so the host is ambiguous.
    guard !authority.utf8.contains(UInt8(ascii: "\\")) else { return nil }
    if let user = authority.utf8.lastIndex(of: UInt8(ascii: "@")) {
      authority = authority[authority.utf8.index(after: user)...]
    }
    self.init(scheme: scheme, authority: String(authority))
  }

  /// Makes an origin from a scheme and `host[:port]` without a user name.
  ///
  /// - Returns: `nil` if one of them is invalid.
  public init?(scheme: String, authority: String) {
    guard let scheme = Self.normalizedScheme(scheme) else { return nil }
    self.scheme = scheme
    if scheme == "file" {
      // Every file URL has the same origin in application-services.
      host = ""
      port = nil
      return
    }
    guard let (hostText, portText) = Self.split(authority) else { return nil }
    guard let host = Self.host(hostText, scheme: scheme) else { return nil }
    self.host = host
    if let portText, !portText.isEmpty {
      guard portText.utf8.allSatisfy({ (48...57).contains($0) }), portText.utf8.count <= 5,
        let number = UInt16(portText)
      else { return nil }
      port = Self.defaultPorts[scheme] == number ? nil : number
    } else {
      port = nil
    }
  }

  /// The default ports of the URL Standard's special schemes and of ssh.
  private static let defaultPorts: [String: UInt16] = [
    "https": 443, "http": 80, "wss": 443, "ws": 80, "ftp": 21, "ssh": 22,
  ]

  /// Schemes whose hosts are internet hosts. Other schemes keep the host as written.
  private static let internetSchemes: Set<String> = [
    "https", "http", "wss", "ws", "ftp", "ftps", "sftp", "ssh", "git", "imap", "imaps", "pop3", "pop3s",
    "smtp",
    "smtps", "nntp", "nntps", "ldap", "ldaps", "moz-proxy",
  ]

  /// Returns whether logins of a scheme, in lower case, belong to a host: an internet host or a machine.
  package static func isKnown(scheme: String) -> Bool {
    internetSchemes.contains(scheme) || ["ssh-key", "sudo"].contains(scheme)
  }

  private static func normalizedScheme(_ text: String) -> String? {
    let lower = text.lowercased()
    guard let first = lower.utf8.first, (97...122).contains(first) else { return nil }
    let valid = lower.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
    }
    return valid ? lower : nil
  }

  /// Splits `host[:port]`. The host can be an IPv6 address in brackets.
  private static func split(_ authority: String) -> (host: String, port: String?)? {
    if authority.utf8.first == UInt8(ascii: "[") {
      guard let end = authority.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      let rest = authority[authority.utf8.index(after: end)...]
      let host = String(authority[...end])
      if rest.isEmpty { return (host, nil) }
      return rest.utf8.first == UInt8(ascii: ":") ? (host, String(rest.dropFirst())) : nil
    }
    guard let colon = authority.utf8.firstIndex(of: UInt8(ascii: ":")) else { return (authority, nil) }
    let port = authority[authority.utf8.index(after: colon)...]
    return (String(authority[..<colon]), String(port))
  }

  private static func host(_ text: String, scheme: String) -> String? {
    guard !text.isEmpty else { return nil }
    if text.utf8.first == UInt8(ascii: "[") {
      return IPv6Address(String(text.dropFirst().dropLast())).map { "[\($0)]" }
    }
    if internetSchemes.contains(scheme) { return InternetHost.normalize(text) }
    // A percent sign is part of an opaque host (URL Standard, "opaque-host parser").
    return text.utf8.contains { InternetHost.isForbidden($0) && $0 != UInt8(ascii: "%") } ? nil : text
  }
}
