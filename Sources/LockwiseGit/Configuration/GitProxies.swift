import LockwiseCLI
import LockwiseCore

/// The HTTP proxies that git may use, and the origins under which Firefox saves their logins.
enum GitProxies {
  private static let variables = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]

  /// Returns whether git uses a proxy at an origin, with the protocol, host and port of a setting. A repository's
  /// settings do not apply: they could name an unencrypted proxy with the host and port of a TLS one.
  static func contains(_ origin: Origin, _ configuration: GitConfiguration?, _ environment: Environment) -> Bool {
    let settings = configuration.map { $0.allValues("http", "proxy", from: .protected) } ?? []
    return (settings + variables.compactMap { environment[$0] }).contains { text in
      // The default protocol is http (http.c).
      Origin(text.utf8.firstRange(of: "://") == nil ? "http://" + text : text) == origin
    }
  }

  /// Returns the origin of Firefox's logins for a proxy, `moz-proxy://host:port`; `nil` if it is not an HTTP proxy.
  static func firefoxOrigin(of origin: Origin) -> Origin? {
    guard origin.scheme == "http" || origin.scheme == "https" else { return nil }
    // Firefox always writes the port.
    return Origin(
      scheme: "moz-proxy", authority: "\(origin.host):\(origin.port ?? (origin.scheme == "https" ? 443 : 80))")
  }
}
