import Foundation

/// An OAuth client that the sandbox supports: the public ones in Mozilla's source code.
struct OAuthClient {
  let id: String
  let name: String
  /// The redirect address, or several separated by commas.
  let redirectURI: String
  /// Whether the client has no secret. Such a client must use PKCE and can request tokens with a session.
  var isPublic = true
  /// Whether the client may request tokens with a session (`canGrant` on the server).
  var canGrant = true
  var scopes = [
    SyncKey.scope, "profile", "clients:write", "https://identity.mozilla.com/tokens/session",
    "https://identity.mozilla.com/account/",
  ]

  static let all = [
    OAuthClient(
      id: "5882386c6d801776", name: "Firefox",
      redirectURI: "urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel"),
    OAuthClient(
      id: "1b1a3e44c54fbb58", name: "Firefox for iOS",
      redirectURI: "urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel"),
    OAuthClient(
      id: "a2270f727f45f648", name: "Firefox for Android",
      redirectURI:
        "urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel,https://accounts.firefox.com/oauth/success/a2270f727f45f648"
    ),
    OAuthClient(
      id: "3c49430b43dfba77", name: "Reference Browser",
      redirectURI: "https://accounts.firefox.com/oauth/success/3c49430b43dfba77"),
    OAuthClient(
      id: "e7ce535d93522896", name: "Lockwise for Android",
      redirectURI: "https://lockbox.firefox.com/fxa/android-redirect.html"),
    OAuthClient(
      id: "3332a18d142636cb", name: "Fennec",
      redirectURI: "urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel"),
    OAuthClient(
      id: "8269bacd7bbc7f80", name: "Thunderbird",
      redirectURI: "urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel",
      scopes: ["profile", "https://identity.thunderbird.net/apps/sync"]),
    OAuthClient(
      id: "802d56ef2a9af9fa", name: "Firefox Monitor",
      redirectURI: "https://monitor.mozilla.org/oauth/confirmed",
      isPublic: false, scopes: ["profile"]),
  ]

  /// Returns the client with an id.
  static func known(_ id: String) -> OAuthClient? { all.first { $0.id == id } }

  /// Returns whether the client may have a scope. A scope includes those below it: `profile` includes `profile:email`.
  func allows(_ scope: String) -> Bool {
    scopes.contains { $0 == scope || scope.hasPrefix($0 + ":") || ($0.hasSuffix("/") && scope.hasPrefix($0)) }
  }

  private static let production = "https://accounts.firefox.com/"

  /// Returns the registered addresses for a deployment at `base`, which replaces Mozilla's web address.
  func redirectURIs(at base: String) -> [String] {
    redirectURI.split(separator: ",").map { uri in
      uri.hasPrefix(Self.production) ? base + "/" + uri.dropFirst(Self.production.count) : String(uri)
    }
  }

  /// Returns whether a redirect address is registered or, for tests, on the loopback interface.
  func allowsRedirect(_ uri: String, at base: String) -> Bool {
    if redirectURI.split(separator: ",").contains(Substring(uri)) || redirectURIs(at: base).contains(uri) {
      return true
    }
    guard let url = URL(string: uri), url.scheme == "http", let host = url.host else { return false }
    return ["127.0.0.1", "localhost", "[::1]", "::1"].contains(host)
  }
}
