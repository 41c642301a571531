import LockwiseCore

/// What an OAuth grant with a refresh token gives.
public struct GrantedTokens: Sendable {
  /// The refresh token, valid until it is revoked.
  public let refreshToken: SecretBytes
  /// A first access token.
  public let accessToken: GrantedAccessToken
}

/// An access token as granted (RFC 6749 section 5.1).
public struct GrantedAccessToken: Sendable {
  /// The token, opaque.
  public let token: SecretBytes
  /// For how long it is valid, in seconds.
  public let lifetime: Int64

  /// Reads the answer of POST /oauth/token.
  ///
  /// - Throws: `AccountsError.missingField`, `AccountsError.unexpectedScope`.
  init(_ object: JSONObject, scope: String) throws(AccountsError) {
    token = try object.token("access_token", in: .token)
    guard let lifetime = object["expires_in"]?.integer, lifetime > 0 else {
      throw .missingField("expires_in", in: .token)
    }
    // No scope in the answer means the one that was asked for (RFC 6749 section 5.1).
    guard object["scope"].map({ $0.string == scope }) ?? true else { throw .unexpectedScope }
    self.lifetime = min(lifetime, 366 * 86_400)
  }
}
