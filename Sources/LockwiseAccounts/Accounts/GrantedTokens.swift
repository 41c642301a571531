import LockwiseCore

/// The result of an OAuth grant with a refresh token.
struct GrantedTokens: Sendable {
  /// The refresh token, valid until it is revoked.
  let refreshToken: SecretBytes
  /// A first access token.
  let accessToken: GrantedAccessToken
}

/// An access token as granted (RFC 6749 section 5.1).
struct GrantedAccessToken: Sendable {
  /// The token, opaque.
  let token: SecretBytes
  /// Its lifetime.
  let lifetime: Seconds
  /// Its scopes.
  let scopes: Set<String>

  /// Reads the response of POST /oauth/token.
  ///
  /// - Parameters:
  ///   - scope: the requested scope, which must be granted.
  ///   - optional: requested scopes that the server may omit.
  /// - Throws: `AccountsError.missingField`, `AccountsError.unexpectedScope`.
  init(_ object: JSONObject, scope: String, optional: Set<String> = []) throws(AccountsError) {
    token = try object.token("access_token", in: .token)
    guard let lifetime = object["expires_in"]?.wholeNumber, lifetime > 0 else {
      throw .missingField("expires_in", in: .token)
    }
    self.lifetime = Seconds(min(lifetime, 366 * 86_400))
    guard let granted = object["scope"] else {
      // A response without a scope grants the requested one (RFC 6749 section 5.1).
      scopes = optional.union([scope])
      return
    }
    scopes = Set(granted.string?.split(separator: " ").map(String.init) ?? [])
    guard scopes.contains(scope), scopes.isSubset(of: optional.union([scope])) else { throw .unexpectedScope }
  }
}
