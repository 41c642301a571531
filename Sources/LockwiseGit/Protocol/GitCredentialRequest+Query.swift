import LockwiseCLI
import LockwiseCore

extension GitCredentialRequest {
  /// The scheme, host and port of the secret; `nil` if the request names no host for logins, as requests for client
  /// certificates (`cert`) do not.
  var origin: Origin? {
    guard let scheme, let host, let origin = Origin(scheme: scheme, authority: host), !origin.host.isEmpty else {
      return nil
    }
    return origin
  }

  /// The realms that the server named, now or at the earlier `get`.
  var realms: [String] {
    challenges.isEmpty ? realmState.map { [$0.realm] } ?? [] : challenges.compactMap(AuthenticationChallenge.realm)
  }

  /// The path; `nil` if it is missing or empty.
  var place: String? { path.flatMap { $0.isEmpty ? nil : $0 } }

  /// The query to the vault for this request; `nil` if it names no host for logins.
  var query: LoginQuery? {
    guard let origin else { return nil }
    var query = LoginQuery(origin: origin, username: username, realms: realms, path: place)
    query.acceptsAuthtype = capabilities.contains(.authtype)
    return query
  }

  /// The secret in the request: a password or a credential of another scheme.
  var secret: SecretBytes? {
    guard let secret = authtype == nil ? password : credential ?? password, !secret.isEmpty else { return nil }
    return secret
  }

  /// Returns the context that git compares with the patterns in its configuration; `nil` if the request names no host.
  ///
  /// - Parameter remote: returns the URL on git's command line. git compares its path even without
  ///   `credential.useHttpPath`, but does not send it to helpers.
  func context(remote: () -> [UInt8]?) -> GitCredentialContext? {
    guard let scheme, let host else { return nil }
    var path = place
    if path == nil, ["http", "https"].contains(scheme), let url = remote(),
      let other = try? GitCredentialRequest(url: url), other.origin == origin
    {
      path = other.place
    }
    return GitCredentialContext(scheme: scheme, host: host, username: username, path: path)
  }

  /// Whether git reports single sign-on: user name and password are given and empty.
  var isSingleSignOn: Bool { username == "" && password?.isEmpty == true && authtype == nil }
}

extension GitCredentialRequest.Malformed {
  /// A short phrase for messages.
  var text: String {
    switch self {
    case .noSeparator: "a line without ="
    case .controlCharacter: "a control character where none may be"
    case .notUTF8: "text that is not UTF-8"
    case .badURL: "invalid URL"
    }
  }
}
