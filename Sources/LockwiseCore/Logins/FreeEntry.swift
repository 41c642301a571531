/// Entries that belong to no site. The first part of the name is the host of the origin `pass://`, the rest is the user
/// name.
package enum FreeEntry {
  /// The scheme of the origins, and the realm of the logins.
  package static let scheme = "pass"

  /// Returns the origin of the entries whose names begin with a part: everything but unreserved characters (RFC 3986
  /// section 2.3) is percent-encoded.
  package static func origin(firstPart: String) -> String { scheme + "://" + PercentEncoding.encode(firstPart) }

  /// Returns the first part of the names of an origin; `nil` if it is not an origin that `origin(firstPart:)` returns.
  package static func firstPart(of origin: Origin) -> String? {
    guard origin.scheme == scheme, origin.port == nil else { return nil }
    if origin.host.utf8.allSatisfy(isWord) { return origin.host }
    let decoded = PercentEncoding.decode(origin.host.utf8, decodesNUL: true)
    let part = String(decoding: decoded, as: UTF8.self)
    return PercentEncoding.encode(part).isSameText(as: origin.host) ? part : nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
  }

  /// Splits a name into its first part and the rest.
  ///
  /// - Returns: the whole name as the first part if the only slash is the last character, because an empty user name
  ///   does not show that there was one.
  static func split(_ name: String) -> (firstPart: String, username: String) {
    guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) else { return (name, "") }
    let rest = name[name.utf8.index(after: slash)...]
    return rest.isEmpty ? (name, "") : (String(name[..<slash]), String(rest))
  }
}
