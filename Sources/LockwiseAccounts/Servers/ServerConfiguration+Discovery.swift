import LockwiseCore

extension ServerConfiguration {
  private static let path = "/.well-known/fxa-client-configuration"

  /// Mozilla's production servers, for when their discovery document is not available.
  static let production = try? ServerConfiguration(
    contentRoot: productionContentRoot, authServer: "https://api.accounts.firefox.com",
    oauthServer: "https://oauth.accounts.firefox.com", profileServer: "https://profile.accounts.firefox.com",
    tokenServer: "https://token.services.mozilla.com")

  /// Fetches the addresses of the other servers from a content server (GET /.well-known/fxa-client-configuration).
  ///
  /// A server that names no OAuth host or profile server has them at the auth server's address. For Mozilla's own
  /// servers, addresses that are not available are built in.
  ///
  /// - Parameters:
  ///   - contentRoot: the content server's address, such as `https://accounts.firefox.com`.
  ///   - tokenServer: the token server to use in place of the one that the document names; `nil` for that one.
  ///   - transport: the transport for requests.
  /// - Returns: the checked configuration.
  /// - Throws: `HTTPError` if there is no response or an address may not be used; `AccountsError.noDiscovery` if
  ///   the server is not one of Mozilla accounts, `.redirected`, `.missingField`.
  public static func discover(
    contentRoot: String = productionContentRoot, tokenServer: String? = nil, transport: any HTTPTransport
  ) throws -> ServerConfiguration {
    let root = try base(contentRoot)
    let builtIn = root == productionContentRoot ? production : nil
    let found: Discovery.Document
    do {
      found = try Discovery(transport: transport).document(path, at: root)
    } catch let error where mayBeReplaced(error) {
      guard let builtIn else { throw error }
      return try tokenServer.map { try builtIn.withTokenServer($0) } ?? builtIn
    }
    return try parse(found, tokenServer: tokenServer, builtIn: builtIn)
  }

  /// Reads the discovery document.
  ///
  /// - Throws: `HTTPError.refusedURL`, `AccountsError.missingField`.
  static func parse(
    _ document: Discovery.Document, tokenServer: String? = nil, builtIn: ServerConfiguration? = nil
  ) throws -> ServerConfiguration {
    func address(_ name: String, _ other: String?) throws -> String {
      if let text = document.object[name]?.string, !text.isEmpty { return text }
      guard let other else { throw AccountsError.missingField(name, in: .discovery) }
      return other
    }
    let auth = try address("auth_server_base_url", builtIn?.authServer)
    return try ServerConfiguration(
      contentRoot: document.contentRoot, authServer: auth,
      oauthServer: address("oauth_server_base_url", builtIn?.oauthServer ?? auth),
      profileServer: address("profile_server_base_url", builtIn?.profileServer ?? auth),
      tokenServer: tokenServer ?? address("sync_tokenserver_base_url", builtIn?.tokenServer))
  }

  /// Whether built-in addresses may be used: the document is missing, and no check failed.
  static func mayBeReplaced(_ error: any Error) -> Bool {
    (error as? HTTPError)?.mayPass ?? (error is AccountsError)
  }
}
