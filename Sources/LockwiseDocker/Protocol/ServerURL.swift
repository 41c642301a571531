import LockwiseCore

/// A server URL of docker, such as `registry.example:5000` or `https://index.docker.io/v1/`.
struct ServerURL: Equatable, Sendable {
  /// The URL exactly as it came, without blanks and line ends around it.
  let text: String
  /// The origin of its logins; `nil` if the text is not a URL of http or https and not a host.
  let origin: Origin?
  /// The realm of its logins: `docker` for a whole registry, else `docker:` and the path.
  ///
  /// docker stores up to three logins of one user for Docker Hub, at `v1/`, `v1/access-token` and `v1/refresh-token`.
  /// With one realm, Firefox would treat them as one login.
  let realm: String

  /// Reads a URL.
  ///
  /// A URL without a scheme is one of https. Paths that only name a version of the registry's interface, `v1` and
  /// `v2`, mean the whole registry.
  ///
  /// - Throws: `DockerFailure.noServerURL` if the text is empty or blank.
  init(_ text: String) throws(DockerFailure) {
    let text = Self.trimmed(text)
    guard !text.isEmpty else { throw .noServerURL }
    self.text = text
    var (scheme, rest) = ("https", text[...])
    if let separator = text.utf8.firstRange(of: "://") {
      scheme = text[..<separator.lowerBound].lowercased()
      rest = text[separator.upperBound...]
    }
    let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") } ?? rest.endIndex
    origin = ["https", "http"].contains(scheme) ? Origin("\(scheme)://\(rest[..<end])") : nil
    let path = Self.trimmed(String(rest[end...]), where: { $0 == UInt8(ascii: "/") })
    realm = ["", "v1", "v2"].contains(path) ? DockerRealm.wholeHost : DockerRealm.realm(path: path)
  }

  /// Whether the URL means a whole registry. Only then do logins that docker did not store belong to it.
  var isWholeHost: Bool { realm == DockerRealm.wholeHost }

  /// Returns a text without blanks and line ends around it.
  static func trimmed(
    _ text: String, where isDropped: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
  ) -> String {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { !isDropped($0) }), let last = bytes.lastIndex(where: { !isDropped($0) })
    else { return "" }
    return String(text[first...last])
  }
}
