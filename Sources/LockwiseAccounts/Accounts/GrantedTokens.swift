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
  /// What it is for.
  public let scopes: Set<String>

  /// Reads the response of POST /oauth/token.
  ///
  /// - Parameters:
  ///   - scope: the scope that was asked for and must be granted.
  ///   - optional: scopes that were asked for as well and may be left out.
  /// - Throws: `AccountsError.missingField`, `AccountsError.unexpectedScope`.
  init(_ object: JSONObject, scope: String, optional: Set<String> = []) throws(AccountsError) {
    token = try object.token("access_token", in: .token)
    guard let lifetime = object["expires_in"]?.wholeNumber, lifetime > 0 else {
      throw .missingField("expires_in", in: .token)
    }
    self.lifetime = min(lifetime, 366 * 86_400)
    guard let granted = object["scope"] else {
      // No scope in the response means what was asked for (RFC 6749 section 5.1).
      scopes = optional.union([scope])
      return
    }
    scopes = Set(granted.string?.split(separator: " ").map(String.init) ?? [])
    guard scopes.contains(scope), scopes.isSubset(of: optional.union([scope])) else { throw .unexpectedScope }
  }
}
