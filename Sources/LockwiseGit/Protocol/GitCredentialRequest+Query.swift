import LockwiseCLI
import LockwiseCore

extension GitCredentialRequest {
  /// Scheme, host and port that the secret is for; `nil` if the request names no host that a login could belong to, as
  /// those for client certificates (`cert`) don't.
  var origin: Origin? {
    guard let scheme, let host, let origin = Origin(scheme: scheme, authority: host), !origin.host.isEmpty else {
      return nil
    }
    return origin
  }

  /// The realms that the server named, now or when git asked.
  var realms: [String] {
    challenges.isEmpty ? realmState.map { [$0.realm] } ?? [] : challenges.compactMap(AuthenticationChallenge.realm)
  }

  /// The path, unless it is empty.
  var place: String? { path.flatMap { $0.isEmpty ? nil : $0 } }

  /// The question that this request puts to the vault; `nil` if it names no host that a login could belong to.
  var query: LoginQuery? {
    guard let origin else { return nil }
    var query = LoginQuery(origin: origin, username: username, realms: realms, path: place)
    query.acceptsAuthtype = capabilities.contains(.authtype)
    return query
  }

  /// The secret that git tells: a password, or a credential of another scheme.
  var secret: SecretBytes? {
    guard let secret = authtype == nil ? password : credential ?? password, !secret.isEmpty else { return nil }
    return secret
  }

  /// What git compares with the patterns in its configuration; `nil` if the request names no host.
  ///
  /// - Parameter remote: the URL that git was told to use. Without `credential.useHttpPath` git compares its path, too,
  ///   and keeps it from helpers.
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

  /// Whether git means that the host lets its user in without a user name and a password of their own, as with single
  /// sign-on: both are given, and empty.
  var isSingleSignOn: Bool { username == "" && password?.isEmpty == true && authtype == nil }
}

extension GitCredentialRequest.Malformed {
  /// One short phrase for people.
  var text: String {
    switch self {
    case .noSeparator: "a line without ="
    case .controlCharacter: "a control character where none may be"
    case .notUTF8: "text that is not UTF-8"
    case .badURL: "invalid URL"
    }
  }
}
