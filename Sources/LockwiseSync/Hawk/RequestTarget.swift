import LockwiseAccounts

/// The parts of an absolute URL that Hawk signs.
struct RequestTarget: Equatable {
  /// The host in lower case, an IPv6 address in its brackets (as in a `Host` header), no port.
  let host: String
  /// The port, the scheme's own if the URL has none.
  let port: Int
  /// The path and query exactly as in the URL.
  let resource: String

  /// Parses a URL like the transport, so that the signature covers what is sent.
  ///
  /// - Throws: `HTTPError.refusedURL` for a URL that the transport would refuse too.
  init(url: String) throws {
    let address = try WebAddress(url)
    host = address.host.contains(":") ? "[\(address.host)]" : address.host
    port = address.port
    resource = address.target.hasPrefix("/") ? address.target : "/" + address.target
  }
}
