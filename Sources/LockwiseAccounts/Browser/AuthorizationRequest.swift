import LockwiseCore

/// The request to the sign-in page: the URL that the user opens (RFC 6749 section 4.1.1; parameters of the Mozilla
/// accounts page).
struct AuthorizationRequest {
  /// The page, as discovered.
  let endpoint: String
  /// The client id, 16 hexadecimal digits.
  let clientID: String
  /// The address that the page redirects the browser to.
  let redirectURI: String
  /// 16 random bytes in base64url.
  let state: String
  /// RFC 7636.
  let challenge: String
  /// The public key that the account's keys are encrypted to.
  let keysJWK: String
  /// Filled in on the page; `nil` for none.
  let email: String?

  /// The URL. It can neither redeem the page's code nor decrypt the keys.
  var url: String {
    var pairs = [
      ("action", "email"), ("response_type", "code"), ("client_id", clientID),
      ("scope", "\(ScopedKey.oldSyncScope) \(AccountsClient.emailScope)"), ("state", state),
      ("access_type", "offline"), ("code_challenge", challenge), ("code_challenge_method", "S256"),
      ("keys_jwk", keysJWK), ("redirect_uri", redirectURI),
    ]
    if let email { pairs += [("email", email), ("login_hint", email)] }
    return endpoint + (endpoint.contains("?") ? "&" : "?")
      + pairs.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
  }
}
