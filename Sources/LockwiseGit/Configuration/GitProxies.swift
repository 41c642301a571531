import LockwiseCLI
import LockwiseCore

/// The HTTP proxies that git may use, and the origin under which Firefox saves their logins.
enum GitProxies {
  private static let variables = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]

  /// Whether git uses a proxy at an origin: the protocol, host and port that a setting names. What a repository sets does
  /// not apply: it could name a proxy in clear text that is reached over TLS.
  static func contains(_ origin: Origin, _ configuration: GitConfiguration?, _ environment: Environment) -> Bool {
    let settings = configuration.map { $0.allValues("http", "proxy", from: .protected) } ?? []
    return (settings + variables.compactMap { environment[$0] }).contains { text in
      // http.c: without a protocol it is http.
      Origin(text.utf8.firstRange(of: "://") == nil ? "http://" + text : text) == origin
    }
  }

  /// The origin of Firefox's logins for a proxy, `moz-proxy://host:port`; `nil` if it is no HTTP proxy.
  static func firefoxOrigin(of origin: Origin) -> Origin? {
    guard origin.scheme == "http" || origin.scheme == "https" else { return nil }
    // Firefox always writes the port.
    return Origin(
      scheme: "moz-proxy", authority: "\(origin.host):\(origin.port ?? (origin.scheme == "https" ? 443 : 80))")
  }
}
