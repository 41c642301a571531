import LockwiseCLI
import LockwiseCore

/// The pattern in a key such as `credential.<pattern>.username`, in every form that git accepts (gitcredentials(7),
/// "Configuration options"; git-config(1), "http.<url>.*").
struct GitURLPattern {
  private enum Form {
    /// A URL, with optional wildcards in its host.
    case complete(GitURL)
    /// The decoded parts of a URL, each of which may be missing. The present ones must be equal.
    case partial(scheme: [UInt8]?, username: [UInt8]?, host: [UInt8]?, path: [UInt8]?)
  }

  private let form: Form

  /// Parses a pattern; `nil` for text that git skips.
  init?(_ text: String) {
    if let url = GitURL(text, allowsWildcards: true) {
      form = .complete(url)
    } else {
      guard let partial = Self.partial(Array(text.utf8)) else { return nil }
      form = partial
    }
  }

  /// Returns the rank of the match; `nil` if the pattern does not match.
  func match(_ context: GitCredentialContext) -> GitURL.Match? {
    switch form {
    case .complete(let pattern): return context.url?.match(pattern)
    case .partial(let scheme, let username, let host, let path):
      func isEqual(_ wanted: [UInt8]?, _ given: String?) -> Bool {
        wanted.map { wanted in given.map { wanted.elementsEqual($0.utf8) } ?? false } ?? true
      }
      guard isEqual(scheme, context.scheme), isEqual(username, context.username), isEqual(path, context.path),
        host.map({ Self.isSame($0, as: context) }) ?? true
      else { return nil }
      return GitURL.Match(
        hostLength: host?.count ?? 0, pathLength: path.map { $0.count + 2 } ?? (host == nil ? 0 : 1),
        isForUser: username != nil)
    }
  }

  /// Returns whether a host with an optional port is the context's, in any spelling.
  private static func isSame(_ host: [UInt8], as context: GitCredentialContext) -> Bool {
    if host.elementsEqual(context.host.utf8) { return true }
    guard let text = String(validating: host, as: UTF8.self), let origin = context.origin else { return false }
    return Origin(scheme: context.scheme, authority: text) == origin
  }

  /// Parses `[<scheme>://][<user>[:<password>]@][<host>][/<path>]` as git's credential.c does.
  private static func partial(_ bytes: [UInt8]) -> Form? {
    var rest = bytes[...]
    var scheme: [UInt8]?
    if let end = bytes.indices.first(where: { bytes[$0...].starts(with: "://".utf8) }) {
      if end > 0 { scheme = Array(bytes[..<end]) }
      rest = bytes[(end + 3)...]
    }
    let slash = rest.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
    var host = rest[..<slash]
    var username: [UInt8]?
    if let at = host.firstIndex(of: UInt8(ascii: "@")) {
      username = PercentEncoding.decode(host[..<at].prefix { $0 != UInt8(ascii: ":") })
      host = host[(at + 1)...]
    }
    var path = rest[slash...].drop { $0 == 0x2F }
    while path.count > 1, path.last == 0x2F { path.removeLast() }
    let parts = (host: PercentEncoding.decode(host), path: PercentEncoding.decode(path))
    guard ![parts.host, parts.path, username ?? [], scheme ?? []].contains(where: { $0.contains(0x0A) }) else {
      return nil
    }
    return .partial(
      scheme: scheme, username: username, host: parts.host.isEmpty ? nil : parts.host,
      path: parts.path.isEmpty ? nil : parts.path)
  }
}
