/// A name that refers to a site: its first part is `host[:port]` or `scheme:host[:port]`.
///
/// The host has at least two labels, of which the last consists of letters, or it is `localhost` or an address. Machines
/// are often called by one label, so that is enough after `ssh:` and `sudo:`.
struct WebLikeName {
  /// The site.
  let origin: Origin
  /// The rest of the name without its slash, the user name.
  let username: String

  /// Parses a name without a leading slash; `nil` if it is not web-like.
  init?(_ name: String) {
    let end = name.utf8.firstIndex(of: UInt8(ascii: "/"))
    guard let origin = Self.origin(name[..<(end ?? name.endIndex)]) else { return nil }
    self.origin = origin
    username = end.map { String(name[name.utf8.index(after: $0)...]) } ?? ""
  }

  /// The target of a new login of the site: a form that is submitted to any origin, as about:logins makes it, or the
  /// realm that this scheme's logins have.
  static func target(_ origin: Origin) -> LoginTarget {
    ["https", "http"].contains(origin.scheme) ? .form("") : .realm(origin.scheme)
  }

  private static func origin(_ part: Substring) -> Origin? {
    if isPlace(part, scheme: "https") { return Origin(scheme: "https", authority: String(part)) }
    guard let colon = part.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let scheme = part[..<colon].lowercased()
    let place = part[part.utf8.index(after: colon)...]
    guard Origin.isKnown(scheme: scheme), isPlace(place, scheme: scheme) else { return nil }
    return Origin(scheme: scheme, authority: String(place))
  }

  /// Returns whether a text is `host[:port]` with a host as described above.
  private static func isPlace(_ text: Substring, scheme: String) -> Bool {
    var host = text
    let afterAddress = text.utf8.lastIndex(of: UInt8(ascii: "]")) ?? text.startIndex
    if let colon = text[afterAddress...].utf8.firstIndex(of: UInt8(ascii: ":")) {
      let port = text[text.utf8.index(after: colon)...].utf8
      guard (1...5).contains(port.count), port.allSatisfy(isDigit) else { return false }
      host = text[..<colon]
    }
    if host.utf8.first == UInt8(ascii: "[") { return host.utf8.last == UInt8(ascii: "]") }
    if scheme == "ssh-key" { return host.utf8.count == 64 && host.utf8.allSatisfy(isLowercaseHexDigit) }
    if host.lowercased() == "localhost" || isIPv4Address(host) { return true }
    let labels = host.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map(Substring.init)
    guard labels.allSatisfy(isLabel) else { return false }
    if labels.count == 1 { return ["ssh", "sudo"].contains(scheme) && host.unicodeScalars.contains(where: isLetter) }
    return labels.last.map { $0.unicodeScalars.allSatisfy(isLetter) || $0.lowercased().hasPrefix("xn--") } ?? false
  }

  private static func isLabel(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        !$0.isASCII || isLetter($0) || isDigit(UInt8($0.value)) || $0 == "-" || $0 == "_"
      }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A: true
    default: !scalar.isASCII && scalar.properties.isAlphabetic
    }
  }

  private static func isIPv4Address(_ text: Substring) -> Bool {
    let octets = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return octets.count == 4
      && octets.allSatisfy { octet in
        guard (1...3).contains(octet.count), octet.allSatisfy(isDigit), octet.count == 1 || octet.first != 48 else {
          return false
        }
        return octet.reduce(0) { $0 * 10 + Int($1 - 48) } < 256
      }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isLowercaseHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (97...102).contains(byte) }
}
