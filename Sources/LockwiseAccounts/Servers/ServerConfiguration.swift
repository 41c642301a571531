import LockwiseCore

/// The addresses of the servers of one deployment of Mozilla accounts.
public struct ServerConfiguration: Equatable, Sendable {
  /// Mozilla's production servers.
  public static let productionContentRoot = "https://accounts.firefox.com"

  /// The web pages' address, without a trailing slash; everything else is discovered from it.
  public let contentRoot: String
  /// The auth server's base, without `/v1` and without a trailing slash.
  let authServer: String
  /// The OAuth host's base, without `/v1`.
  let oauthServer: String
  /// The profile server's base, without `/v1`.
  let profileServer: String
  /// The token server's base, without `/1.0/sync/1.5`.
  public let tokenServer: String

  /// Creates a configuration of addresses that a user gave.
  ///
  /// - Throws: `HTTPError.refusedURL` if one of them is neither https nor http to this machine.
  public init(
    contentRoot: String, authServer: String, oauthServer: String, profileServer: String, tokenServer: String
  ) throws(HTTPError) {
    self.contentRoot = try Self.base(contentRoot)
    self.authServer = try Self.base(authServer, without: "/v1")
    self.oauthServer = try Self.base(oauthServer, without: "/v1")
    self.profileServer = try Self.base(profileServer, without: "/v1")
    self.tokenServer = try Self.base(tokenServer, without: "/1.0/sync/1.5")
  }

  /// Returns the same servers with another token server.
  ///
  /// - Parameter tokenServer: its address, with or without `/1.0/sync/1.5`.
  /// - Throws: `HTTPError.refusedURL` if it is neither https nor http to this machine.
  public func withTokenServer(_ tokenServer: String) throws(HTTPError) -> ServerConfiguration {
    try ServerConfiguration(
      contentRoot: contentRoot, authServer: authServer, oauthServer: oauthServer, profileServer: profileServer,
      tokenServer: tokenServer)
  }

  /// A base URL without trailing slashes and an optional suffix, as old self-hosted values have them.
  static func base(_ text: String, without suffix: String = "") throws(HTTPError) -> String {
    var base = Substring(text)
    while base.last == "/" { base.removeLast() }
    if !suffix.isEmpty, base.hasSuffix(suffix) { base.removeLast(suffix.count) }
    while base.last == "/" { base.removeLast() }
    let address = try WebAddress(String(base))
    guard !address.target.contains("?") else { throw .refusedURL("it has a query") }
    return address.text
  }
}
