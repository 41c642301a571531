import LockwiseCore

/// The servers of a Firefox profile: Mozilla's unless its settings name others.
public struct FirefoxServers: Equatable, Sendable {
  /// The auth server of Mozilla's deployment.
  static let productionAuthServer = "https://api.accounts.firefox.com"

  private let contentRoot: String?
  private let auth: String?
  private let oauth: String?
  private let profile: String?
  private let token: String?

  /// Reads the settings of a profile.
  ///
  /// - Throws: `FirefoxError.unreadable`, `.changedFormat`.
  public init(of profile: FirefoxProfile) throws(FirefoxError) {
    let text = try ProfileFile(profile.directory).read(FirefoxPreferences.file) ?? SecretBytes(utf8: "")
    self.init(FirefoxPreferences(text))
  }

  /// Reads settings. A sign-in copies the servers of an address for automatic configuration into the single settings;
  /// without one for the auth server, Firefox is signed in at Mozilla's, whatever else is set.
  init(_ preferences: FirefoxPreferences) {
    auth = preferences["identity.fxaccounts.auth.uri"]
    contentRoot =
      auth == nil
      ? nil : preferences["identity.fxaccounts.remote.root"] ?? preferences["identity.fxaccounts.autoconfig.uri"]
    oauth = preferences["identity.fxaccounts.remote.oauth.uri"]
    profile = preferences["identity.fxaccounts.remote.profile.uri"]
    token = preferences["identity.sync.tokenserver.uri"]
  }

  /// The web address to show to the user.
  public var name: String { contentRoot ?? auth ?? ServerConfiguration.productionContentRoot }

  /// Returns all addresses; the accounts server names those that the settings do not.
  ///
  /// - Parameter transport: the transport for the request, if one is needed.
  /// - Throws: `HTTPError`, `AccountsError`.
  public func configuration(transport: any HTTPTransport) throws -> ServerConfiguration {
    if let auth, let token {
      return try ServerConfiguration(
        contentRoot: contentRoot ?? auth, authServer: auth, oauthServer: oauth ?? auth, profileServer: profile ?? auth,
        tokenServer: token)
    }
    let found = try ServerConfiguration.discover(
      contentRoot: contentRoot ?? ServerConfiguration.productionContentRoot, tokenServer: token, transport: transport)
    return try ServerConfiguration(
      contentRoot: found.contentRoot, authServer: auth ?? found.authServer, oauthServer: oauth ?? found.oauthServer,
      profileServer: profile ?? found.profileServer, tokenServer: token ?? found.tokenServer)
  }

  /// Makes sure that Firefox's session is sent only to Firefox's own servers.
  ///
  /// - Parameter servers: the requested servers.
  /// - Throws: `FirefoxError.otherServer`; `HTTPError` if the settings name no proper address.
  public func check(_ servers: ServerConfiguration) throws {
    let own = try ServerConfiguration(
      contentRoot: name, authServer: auth ?? Self.productionAuthServer, oauthServer: name, profileServer: name,
      tokenServer: name)
    guard servers.authServer == own.authServer else {
      throw FirefoxError.otherServer(firefox: own.contentRoot, given: servers.contentRoot)
    }
  }
}
