import LockwiseCore

/// What a code of the sign-in page is redeemed with.
struct RedeemedCode {
  let refreshToken: SecretBytes
  let accessToken: GrantedAccessToken
  /// The keys, encrypted to us; `nil` if the server sent none.
  let keysJWE: SecretBytes?
}

/// The routes of a sign-in by authorization code (Mozilla accounts API, OAuth).
extension AccountsClient {
  /// Redeems a code (POST /oauth/token, `authorization_code`), which uses it up whatever becomes of it.
  ///
  /// What a grant that is not the one asked for gave is given back at once, and so is a session that nobody asked for.
  ///
  /// - Parameters:
  ///   - code: 64 hexadecimal digits.
  ///   - verifier: RFC 7636.
  ///   - clientID: the client that the code was handed out for.
  ///   - scope: the one scope that was asked for.
  /// - Throws: `AccountsError`, `HTTPError`.
  func redeem(code: SecretBytes, verifier: SecretBytes, clientID: String, scope: String) throws -> RedeemedCode {
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
        accessToken: try GrantedAccessToken(object, scope: scope), keysJWE: object["keys_jwe"]?.secret)
    } catch {
      for name in ["refresh_token", "access_token"] {
        if let token = try? object.token(name, in: .token) { try? destroy(oauthToken: token, clientID: clientID) }
      }
      throw error
    }
  }

  /// Whose access token it is (POST /verify of the OAuth host).
  ///
  /// - Returns: the account's id, 32 hexadecimal digits.
  /// - Throws: `BrowserSignInError.foreignToken` if it is for another client or scope; `AccountsError`, `HTTPError`.
  func owner(ofAccessToken token: SecretBytes, clientID: String, scope: String) throws -> String {
    var body = JSONObjectWriter()
    body.member("token", secret: token)
    let object = try postToOAuthHost("/verify", body: body.finish()).success()
    guard let uid = try object.hex("user", count: 32, in: .tokenCheck).exposedText() else {
      throw AccountsError.missingField("user", in: .tokenCheck)
    }
    guard object["client_id"]?.string == clientID, object["scope"]?.array?.map(\.string) == [scope] else {
      throw BrowserSignInError.foreignToken
    }
    return uid.lowercased()
  }

  /// Where the sign-in page sends the browser for a client (GET /oauth/client/ID).
  ///
  /// - Throws: `AccountsError`, errno 162 for an unknown client; `HTTPError`.
  func redirectURI(ofClient id: String) throws -> String {
    let object = try get("/oauth/client/\(id)").success()
    guard let uri = try object.token("redirect_uri", in: .client).exposedText(), uri.utf8.count <= 256 else {
      throw AccountsError.missingField("redirect_uri", in: .client)
    }
    return uri
  }
}
