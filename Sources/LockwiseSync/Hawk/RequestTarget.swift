import LockwiseAccounts

/// The parts of an absolute URL that Hawk signs.
struct RequestTarget: Equatable {
  /// The host in lower case, an IPv6 address in its brackets (as in a `Host` header), no port.
  let host: String
  /// The port, the scheme's own if the URL has none.
  let port: Int
  /// Path and query exactly as they stand in the URL.
  let resource: String

  /// Takes a URL apart as the transport does, so that what is signed is what is sent.
  ///
  /// - Throws: `HTTPError.refusedURL` for what the transport would refuse too.
  init(url: String) throws {
    let address = try WebAddress(url)
    host = address.host.contains(":") ? "[\(address.host)]" : address.host
    port = address.port
    resource = address.target.hasPrefix("/") ? address.target : "/" + address.target
  }
}
