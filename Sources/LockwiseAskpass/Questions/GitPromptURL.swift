import LockwiseCore

/// The URL in a prompt of git or git-lfs (credential.c, `credential_describe`).
struct GitPromptURL: Equatable, Sendable {
  /// The scheme, host and port.
  let origin: Origin
  /// The protocol as written.
  let scheme: String
  /// The host with its port, decoded, as git names it to a credential helper.
  let host: String
  /// The user name; `nil` if the URL has none.
  let username: String?
  /// The path without a leading slash (`credential.useHttpPath`); `nil` if the URL has none.
  let path: String?

  /// Parses a URL; `nil` if it is invalid or could be read in another way.
  ///
  /// Versions of git from before January 2025, and later ones with `credential.sanitizePrompt=false`, do not encode the
  /// parts, so that a user name could contain another host. At most one `@` is therefore allowed, and not after a byte
  /// that a reader of URLs could take for the end of the host.
  init?(_ text: ArraySlice<UInt8>) {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), text[colon...].starts(with: "://".utf8),
      let scheme = PromptText.name(text[..<colon])
    else { return nil }
    let rest = text[(colon + 3)...]
    let ats = rest.indices.filter { rest[$0] == UInt8(ascii: "@") }
    let end = rest.firstIndex { "/?#\\'".utf8.contains($0) } ?? rest.endIndex
    guard ats.count <= 1, ats.allSatisfy({ $0 < end }) else { return nil }
    var authority = rest[..<(rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex)]
    let path = rest[authority.endIndex...].dropFirst()
    var username: String?
    if let at = ats.first {
      guard let user = Self.decode(authority[..<at]) else { return nil }
      username = user
      authority = authority[(at + 1)...]
    }
    guard let host = Self.decode(authority), let origin = Origin(scheme: scheme, authority: host), !origin.host.isEmpty
    else { return nil }
    (self.origin, self.scheme, self.host, self.username) = (origin, scheme, host, username)
    if path.isEmpty {
      self.path = nil
    } else {
      guard let path = Self.decode(path) else { return nil }
      self.path = path
    }
  }

  /// Decodes a part; `nil` if it is empty, not UTF-8 or contains control characters.
  private static func decode(_ part: ArraySlice<UInt8>) -> String? {
    PromptText.name(PercentEncoding.decode(part, decodesNUL: true))
  }
}
