import LockwiseCore

/// The claims of an access token that is a JSON Web Token (RFC 9068 section 2.2).
///
/// The signature is not checked: the token came over TLS from the server that issued it (OpenID Connect Core section
/// 3.1.3.7, rule 6).
struct TokenClaims: Equatable {
  /// The account's id, 32 hexadecimal digits.
  let uid: String
  /// The client that it was granted to.
  let clientID: String
  /// Its scopes.
  let scopes: Set<String>

  /// Reads a token; `nil` if it is opaque or lacks one of the claims.
  init?(_ token: SecretBytes) {
    guard AccountsClient.isToken(token) else { return nil }
    let dots = token.withUnsafeBytes { bytes in bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") } }
    guard dots.count == 2, let json = Base64.urlSafe.decode(token[dots[0] + 1..<dots[1]]),
      let claims = (try? JSONValue(parsing: json))?.object, claims.hasDistinctNames,
      let uid = claims["sub"]?.string, uid.utf8.count == 32, Hex.decode(uid) != nil,
      let clientID = claims["client_id"]?.string, let scope = claims["scope"]?.string
    else { return nil }
    self.uid = uid.lowercased()
    self.clientID = clientID
    scopes = Set(scope.split(separator: " ").map(String.init))
  }
}
