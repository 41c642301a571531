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
    query.takesAuthtype = capabilities.contains(.authtype)
    return query
  }

  /// The secret that git tells: a password, or a credential of another scheme.
  var secret: SecretBytes? {
    guard let secret = authtype == nil ? password : credential ?? password, !secret.isEmpty else { return nil }
    return secret
  }

  /// The URL as git looks it up in its configuration (credential.c `credential_format`).
  var url: String? {
    guard let scheme, let host else { return nil }
    var url = scheme + "://"
    if let username, !username.isEmpty { url += Self.encode(username, leaving: "") + "@" }
    url += host
    if let place { url += "/" + Self.encode(place, leaving: "/") }
    return url
  }

  private static func encode(_ text: String, leaving others: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let isPlain =
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "-._~".utf8.contains(byte)
        || others.utf8.contains(byte)
      result += isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
    }
    return result
  }
}

extension GitCredentialRequest.Malformed {
  /// One short phrase for people.
  var text: String {
    switch self {
    case .noSeparator: "a line without ="
    case .controlCharacter: "a control character where none may be"
    case .notUTF8: "text that is not UTF-8"
    case .badURL: "a url that is none"
    }
  }
}
