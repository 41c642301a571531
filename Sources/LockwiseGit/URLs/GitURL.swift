import LockwiseCLI
import LockwiseCore

/// A URL in the form in which git compares it with the URLs in its configuration (git-config(1), "http.<url>.*"; what
/// that page leaves open is as git's `urlmatch.c` does it).
struct GitURL: Equatable {
  /// The scheme in lower case.
  let scheme: [UInt8]
  /// The user name, percent-encoded; `nil` if there is none.
  let user: [UInt8]?
  /// The host in lower case; empty for `file:`.
  let host: [UInt8]
  /// The port without leading zeros; empty if it is the scheme's default.
  let port: [UInt8]
  /// The path without dot segments, followed by query and fragment; begins with a slash.
  let rest: [UInt8]

  /// Parses and normalizes a URL.
  ///
  /// - Parameters:
  ///   - text: the URL.
  ///   - allowsWildcards: whether the host may contain `*`.
  /// - Returns: `nil` if git would not accept it as a URL.
  init?(_ text: String, allowsWildcards: Bool = false) {
    var bytes = Array(text.utf8)[...]
    guard !bytes.contains(0), let end = bytes.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(bytes[..<end]),
      bytes[end...].starts(with: "://".utf8)
    else { return nil }
    scheme = bytes[..<end].map(Self.lower)
    bytes = bytes[(end + 3)...]
    let slash = bytes.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? bytes.endIndex
    if let at = bytes[..<slash].firstIndex(of: UInt8(ascii: "@")) {
      guard let encoded = Self.normalizeEscapes(bytes[..<at]) else { return nil }
      user = Array(encoded.prefix { $0 != UInt8(ascii: ":") })
      bytes = bytes[(at + 1)...]
    } else {
      user = nil
    }
    guard let (host, port) = Self.authority(bytes[..<slash], scheme: scheme, allowsWildcards: allowsWildcards)
    else { return nil }
    (self.host, self.port) = (host, port)
    guard let rest = Self.rest(bytes[slash...]) else { return nil }
    self.rest = rest
  }

  private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, isLetter(first) else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) || [0x2B, 0x2D, 0x2E].contains($0) }
  }

  private static func authority(_ bytes: ArraySlice<UInt8>, scheme: [UInt8], allowsWildcards: Bool)
    -> (host: [UInt8], port: [UInt8])?
  {
    // After the last bracket of an IPv6 address.
    var colon = bytes.lastIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "]") } ?? bytes.endIndex
    if colon < bytes.endIndex, bytes[colon] == UInt8(ascii: "]") { colon = bytes.endIndex }
    var host = bytes[..<colon]
    if host.contains(where: { $0 >= 0x80 }) {
      // git compares such a host byte by byte, but it means the host of its Punycode form.
      guard let text = String(validating: host, as: UTF8.self), let name = InternetHost.normalize(text) else {
        return nil
      }
      host = Array(name.utf8)[...]
    }
    let isFile = scheme.elementsEqual("file".utf8)
    guard !host.isEmpty || (isFile && colon >= bytes.endIndex - 1) else { return nil }
    let isValid = host.allSatisfy {
      isLetter($0) || isDigit($0) || ".-_[:]".utf8.contains($0) || (allowsWildcards && $0 == UInt8(ascii: "*"))
    }
    guard isValid else { return nil }
    let digits = bytes[colon...].dropFirst()
    guard !digits.isEmpty else { return (host.map(lower), []) }
    let number = digits.drop { $0 == UInt8(ascii: "0") }
    guard digits.allSatisfy(isDigit), number.count <= 5, let value = UInt16(String(decoding: number, as: UTF8.self)),
      value > 0
    else { return nil }
    let isOwn =
      (value == 80 && scheme.elementsEqual("http".utf8)) || (value == 443 && scheme.elementsEqual("https".utf8))
    return (host.map(lower), isOwn ? [] : Array(number))
  }

  /// Returns path, query and fragment, with dot segments of the path resolved.
  private static func rest(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    let end = bytes.firstIndex { $0 == 0x3F || $0 == 0x23 } ?? bytes.endIndex
    var path = bytes[..<end]
    if path.first == 0x2F { path = path.dropFirst() }
    var segments: [[UInt8]] = []
    for part in path.split(separator: 0x2F, omittingEmptySubsequences: false) {
      guard let segment = normalizeEscapes(part) else { return nil }
      switch segment {
      case [0x2E]: continue
      case [0x2E, 0x2E]: guard segments.popLast() != nil else { return nil }
      default: segments.append(segment)
      }
    }
    guard let tail = normalizeEscapes(bytes[end...]) else { return nil }
    return [0x2F] + segments.joined(separator: [0x2F]) + tail
  }

  /// Decodes characters that need no encoding, and encodes the others in upper case.
  private static func normalizeEscapes(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var rest = bytes
    while var byte = rest.popFirst() {
      var wasEscaped = false
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, let decoded = Hex.decode(rest.prefix(2)) else { return nil }
        byte = decoded[0]
        rest = rest.dropFirst(2)
        wasEscaped = true
      }
      let isUnsafe = byte <= 0x1F || byte >= 0x7F || " <>\"%{}|\\^`".utf8.contains(byte)
      if isUnsafe || (wasEscaped && ":/?#[]@!$&'()*+,;=".utf8.contains(byte)) {
        result += PercentEncoding.sequence(for: byte)
      } else {
        result.append(byte)
      }
    }
    return result
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
  private static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}

extension GitURL {
  /// The rank of a match with a URL of the configuration. The greatest one applies.
  struct Match: Comparable {
    static let everything = Match(hostLength: 0, pathLength: 0, isForUser: false)

    let hostLength: Int
    let pathLength: Int
    let isForUser: Bool

    static func < (left: Match, right: Match) -> Bool {
      (left.hostLength, left.pathLength, left.isForUser ? 1 : 0) < (
        right.hostLength, right.pathLength, right.isForUser ? 1 : 0
      )
    }
  }

  /// Returns the rank of the match with `pattern`; `nil` if it does not match.
  func match(_ pattern: GitURL) -> Match? {
    guard scheme == pattern.scheme, port == pattern.port, matchesHost(pattern.host) else { return nil }
    if let wanted = pattern.user, wanted != user { return nil }
    let prefix = pattern.rest.last == 0x2F ? pattern.rest.dropLast() : pattern.rest[...]
    guard rest.starts(with: prefix), rest.count == prefix.count || rest[prefix.count] == 0x2F else { return nil }
    return Match(
      hostLength: pattern.host.count, pathLength: prefix.count + 1, isForUser: pattern.user != nil)
  }

  private func matchesHost(_ pattern: [UInt8]) -> Bool {
    let labels = host.split(separator: 0x2E, omittingEmptySubsequences: false)
    let wanted = pattern.split(separator: 0x2E, omittingEmptySubsequences: false)
    return labels.count == wanted.count
      && zip(labels, wanted).allSatisfy { $1.elementsEqual("*".utf8) || $0.elementsEqual($1) }
  }
}
