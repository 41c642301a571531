import LockwiseCore

/// The tokens and keys that a code of the sign-in page is exchanged for.
struct RedeemedCode {
  let refreshToken: SecretBytes
  let accessToken: GrantedAccessToken
  /// The encrypted keys; `nil` if the server sent none.
  let keysJWE: SecretBytes?
}

/// The routes of a sign-in by authorization code (Mozilla accounts API, OAuth).
extension AccountsClient {
  /// Redeems a code (POST /oauth/token, `authorization_code`), which works once, even if it fails.
  ///
  /// Revokes the tokens of a grant that differs from the request, and a session that was not requested.
  ///
  /// - Parameters:
  ///   - code: 64 hexadecimal digits.
  ///   - verifier: RFC 7636.
  ///   - clientID: the client that the code was issued for.
  ///   - scope: the requested scope.
  ///   - optional: requested scopes that the server may omit.
  /// - Throws: `AccountsError`, `HTTPError`.
  func redeem(
    code: SecretBytes, verifier: SecretBytes, clientID: String, scope: String, optional: Set<String> = []
  ) throws -> RedeemedCode {
    var body = JSONObjectWriter()
    body.member("client_id", clientID)
    body.member("grant_type", "authorization_code")
    body.member("code", secret: code)
    body.member("code_verifier", secret: verifier)
    let object = try post("/oauth/token", body: body.finish(), once: true).success()
    if let hex = object["session_token"]?.secret, let session = try? AccountToken(.session, hex: hex) {
      try? destroy(session)
    }
    do {
      return RedeemedCode(
        refreshToken: try object.token("refresh_token", in: .token),
        accessToken: try GrantedAccessToken(object, scope: scope, optional: optional),
        keysJWE: object["keys_jwe"]?.secret)
    } catch {
      for name in ["refresh_token", "access_token"] {
        if let token = try? object.token(name, in: .token) { try? destroy(oauthToken: token, clientID: clientID) }
      }
      throw error
    }
  }

  /// Returns the owner of an access token (POST /verify of the OAuth host). If the host does not respond, reads the
  /// token.
  ///
  /// - Returns: the account's id, 32 hexadecimal digits.
  /// - Throws: `BrowserSignInError.foreignToken` if the token is for another client or scope; `AccountsError`,
  ///   `HTTPError`.
  func owner(ofAccessToken token: SecretBytes, clientID: String, scope: String) throws -> String {
    var body = JSONObjectWriter()
    body.member("token", secret: token)
    let answer: AccountsResponse
    do {
      answer = try postToOAuthHost("/verify", body: body.finish())
    } catch let error as HTTPError where error.mayPass {
      guard let uid = try Self.owner(in: token, clientID, scope) else { throw error }
      return uid
    }
    if answer.isMissingRoute || answer.status >= 500, let uid = try Self.owner(in: token, clientID, scope) {
      return uid
    }
    let object = try answer.success()
    guard let uid = try object.hex("user", count: 32, in: .tokenCheck).exposedText() else {
      throw AccountsError.missingField("user", in: .tokenCheck)
    }
    guard object["client_id"]?.string == clientID, object["scope"]?.array?.map(\.string) == [scope] else {
      throw BrowserSignInError.foreignToken
    }
    return uid.lowercased()
  }

  /// `nil` for an opaque token.
  private static func owner(
    in token: SecretBytes, _ clientID: String, _ scope: String
  ) throws(BrowserSignInError) -> String? {
    guard let claims = TokenClaims(token) else { return nil }
    guard claims.clientID == clientID, claims.scopes == [scope] else { throw .foreignToken }
    return claims.uid
  }

  /// Returns the redirect address registered for a client (GET /oauth/client/ID).
  ///
  /// A client may have several addresses, separated by commas (up to 2,048 characters).
  ///
  /// - Returns: the address for a browser: that of the page that shows the code, else the first one on the web or on
  ///   this machine.
  /// - Throws: `AccountsError`, errno 162 for an unknown client, `.noRedirectAddress`; `HTTPError`.
  func redirectURI(ofClient id: String) throws -> String {
    let object = try get("/oauth/client/\(id)").success()
    guard let text = try object.text("redirect_uri", in: .client).exposedText(), text.utf8.count <= 2048 else {
      throw AccountsError.missingField("redirect_uri", in: .client)
    }
    let addresses = text.split(separator: ",").map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }
      .filter { $0.utf8.count <= 256 && (try? WebAddress($0)) != nil }
    guard let address = addresses.first(where: { $0.hasSuffix("/oauth/success/\(id)") }) ?? addresses.first else {
      throw AccountsError.noRedirectAddress
    }
    return address
  }
}

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
