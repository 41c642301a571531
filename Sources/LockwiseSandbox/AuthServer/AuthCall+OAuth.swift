import Foundation

/// The routes of OAuth: tokens and authorization codes.
extension AuthCall {
  /// Responds to a route of this kind; nil for any other.
  ///
  /// - Throws: ``AuthError`` for an error response.
  func oauth(_ method: String) throws -> Response? {
    switch (method, path) {
    case ("POST", "oauth/token"): return try token()
    case ("POST", "oauth/authorization"): return try authorize()
    case ("POST", "oauth/destroy"): return try revoke()
    case ("POST", "introspect"), ("POST", "oauth/introspect"): return try introspect()
    case ("POST", "oauth/verify"): return try verify()
    case ("GET", let path) where path.hasPrefix("oauth/client/"): return try describeClient(path)
    case ("GET", "jwks"), ("GET", "oauth/jwks"): return .json(["keys": []])
    default: return nil
    }
  }

  /// Responds to a route of the OAuth host, which has shorter paths; nil for an unknown one.
  ///
  /// - Throws: ``AuthError`` for an error response.
  func oauthHost(_ method: String) throws -> Response? {
    let renamed =
      ["token", "destroy", "authorization", "introspect", "verify", "jwks"].contains(path)
      || path.hasPrefix("client/")
    return try AuthCall(state: state, exchange: exchange, path: renamed ? "oauth/\(path)" : path).oauth(
      method)
  }

  private func client(_ body: JSON) throws -> OAuthClient {
    try knownClient(try required("client_id", in: body))
  }

  /// Parses scopes that are separated by spaces.
  ///
  /// - Throws: ``AuthError`` 107, or 163 for a scope that the client may not have.
  func scopes(_ text: String, for client: OAuthClient) throws -> [String] {
    let allowed = { (byte: UInt8) in
      48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || " _/.:-".utf8.contains(byte)
    }
    guard text.utf8.count <= 256, text.utf8.allSatisfy(allowed) else { throw AuthError.invalid("scope") }
    let scopes = text.split(separator: " ").map(String.init)
    let refused = scopes.filter { !client.allows($0) }
    guard !scopes.isEmpty, refused.isEmpty else {
      throw AuthError(163, extra: [("invalidScopes", .strings(refused))])
    }
    return scopes
  }

  private func ttl(_ body: JSON) throws -> Int {
    let longest = switches.int("oauth.access-token-ttl")
    guard let asked = body["ttl"], !asked.isNull else { return longest }
    guard let seconds = asked.int, seconds > 0 else { throw AuthError.invalid("ttl") }
    return min(seconds, longest)
  }

  /// Checks that a session which requests the scope of Sync is verified.
  private func requireVerified(_ session: Session, _ scopes: [String]) throws {
    guard scopes.contains(SyncKey.scope) else { return }
    guard session.verified, try account(session.account).emailVerified else { throw unverified() }
  }

  /// Returns the error of the OAuth routes for an unverified session: 110 as for an unknown one, or 138 on older servers.
  func unverified() -> AuthError { AuthError(switches.int("oauth.unverified-errno")) }

  // MARK: Token

  private func token() throws -> Response {
    let body = try body()
    switch body["grant_type"]?.text ?? (body["code"] == nil ? "fxa-credentials" : "authorization_code") {
    case "fxa-credentials": return try tokenForSession(body)
    case "refresh_token": return try tokenForRefresh(body)
    case "authorization_code": return try tokenForCode(body)
    default: throw AuthError.grantType
    }
  }

  private func tokenForSession(_ body: JSON) throws -> Response {
    let session = try session()
    let client = try client(body)
    guard client.isPublic else { throw AuthError(166) }
    guard client.canGrant else { throw AuthError.grantType }
    let scopes = try scopes(try required("scope", in: body), for: client)
    try requireVerified(session, scopes)
    return try grant(
      account: account(session.account), client: client, scopes: scopes,
      offline: body["access_type"]?.text == "offline", session: session, body: body, authAt: session.authAt)
  }

  private func tokenForRefresh(_ body: JSON) throws -> Response {
    let client = try client(body)
    guard let refresh = store.refreshTokens[try required("refresh_token", in: body)],
      refresh.client == client.id
    else {
      throw AuthError(switches.int("oauth.revoked-errno"))
    }
    store.touchRefresh(refresh.token, now: now)
    var scopes = refresh.scopes
    if let asked = body["scope"]?.text {
      scopes = asked.split(separator: " ").map(String.init)
      let refused = scopes.filter { !refresh.scopes.contains($0) }
      guard refused.isEmpty else { throw AuthError(163, extra: [("invalidScopes", .strings(refused))]) }
    }
    let access = issueAccess(
      try account(refresh.account), client.id, scopes, ttl: try ttl(body), refreshTokenID: refresh.id)
    return .json(.present(Self.members(access)))
  }

  private func tokenForCode(_ body: JSON) throws -> Response {
    let client = try client(body)
    guard let code = store.codes[try required("code", in: body)] else { throw AuthError(172) }
    guard code.client == client.id else { throw AuthError(173) }
    guard code.expires > now else { throw AuthError(174) }
    if let redirect = body["redirect_uri"]?.text, !client.allowsRedirect(redirect, at: state.baseURL) {
      throw AuthError(167)
    }
    if let challenge = code.challenge {
      let verifier = try required("code_verifier", in: body)
      guard 43...128 ~= verifier.utf8.count else { throw AuthError.invalid("code_verifier") }
      guard Base64.url(Derive.sha256(Array(verifier.utf8))) == challenge else {
        throw AuthError(
          175, extra: [("pkceHashValue", .string(Base64.url(Derive.sha256(Array(verifier.utf8)))))])
      }
    } else if client.isPublic, switches.flag("oauth.require-pkce") {
      throw AuthError(169)
    }
    // Firefox sends its session with the code (FxAccountsClient.sys.mjs, `oauthToken`).
    let session = try request.header("authorization") == nil ? nil : session()
    store.codes[code.code] = nil
    var extra: [(String, JSON?)] = [("keys_jwe", code.keysJWE.map { .string($0) })]
    if code.scopes.contains("https://identity.mozilla.com/tokens/session") {
      extra.append(("session_token", .string(duplicateSession(of: code))))
    }
    return try grant(
      account: account(code.account), client: client, scopes: code.scopes, offline: code.offline, session: session,
      body: body, authAt: code.authAt, extra: extra)
  }

  private func duplicateSession(of code: AuthorizationCode) -> String {
    let token = Derive.random(32)
    let derived = DerivedToken(token, kind: .session)
    store.startSession(
      Session(
        id: derived.id, hawkKey: Hex.encode(derived.hawkKey), account: code.account, created: now,
        authAt: code.authAt, lastAccess: state.clock.milliseconds, verified: true,
        userAgent: request.header("user-agent") ?? ""))
    return Hex.encode(token)
  }

  private func grant(
    account: Account, client: OAuthClient, scopes: [String], offline: Bool, session: Session?, body: JSON, authAt: Int,
    extra: [(String, JSON?)] = []
  ) throws -> Response {
    let ttl = try ttl(body)
    let refresh =
      offline ? store.issueRefresh(account: account, client: client.id, scopes: scopes, now: now) : nil
    if let refresh, scopes.contains(SyncKey.scope) {
      store.attach(refresh, to: session, clientName: client.name, now: state.clock.milliseconds)
    }
    let access = issueAccess(account, client.id, scopes, ttl: ttl, refreshTokenID: refresh?.id)
    let members: [(String, JSON?)] = [
      ("auth_at", .int(authAt)), ("refresh_token", refresh.map { .string($0.token) }),
    ]
    return .json(.present(Self.members(access) + members + extra))
  }

  /// Issues an access token. As at Mozilla's server, those for Sync are JSON Web Tokens and all others are opaque.
  private func issueAccess(
    _ account: Account, _ client: String, _ scopes: [String], ttl: Int, refreshTokenID: String?
  ) -> AccessToken {
    let isJWT = scopes.contains(SyncKey.scope) && switches.flag("oauth.jwt-access-tokens")
    return store.issueAccess(
      account: account, client: client, scopes: scopes, now: now, ttl: ttl, refreshTokenID: refreshTokenID,
      issuer: isJWT ? state.baseURL : nil)
  }

  private static func members(_ access: AccessToken) -> [(String, JSON?)] {
    [
      ("access_token", .string(access.token)), ("token_type", "bearer"),
      ("expires_in", .int(access.expires - access.issued)),
      ("scope", .string(access.scopes.joined(separator: " "))),
    ]
  }

  // MARK: Authorization codes

  private func authorize() throws -> Response {
    let session = try session()
    let body = try body()
    let parameters = try AuthorizationParameters(self) { body[$0]?.text }
    try requireVerified(session, parameters.scopes)
    if body["acr_values"]?.text?.contains("AAL2") == true, !session.strong {
      throw AuthError(170, extra: [("foundValue", "AAL1")])
    }
    if let oldest = body["max_age"]?.int, session.authAt + oldest < now {
      throw AuthError(164, extra: [("authAt", .int(session.authAt))])
    }
    let code = issueCode(parameters, session, keysJWE: body["keys_jwe"]?.text)
    return .json([
      "code": .string(code), "state": .string(parameters.state),
      "redirect": .string(parameters.redirect(with: [("code", code), ("state", parameters.state)])),
      "scope": .string(parameters.scopes.joined(separator: " ")),
    ])
  }

  /// Issues an authorization code, 64 hex digits.
  func issueCode(_ parameters: AuthorizationParameters, _ session: Session, keysJWE: String?) -> String {
    let code = AuthorizationCode(
      code: Hex.encode(Derive.random(32)), account: session.account, client: parameters.client.id,
      scopes: parameters.scopes, offline: parameters.offline, challenge: parameters.challenge, keysJWE: keysJWE,
      authAt: session.authAt, expires: now + switches.int("oauth.code-lifetime"), session: session.id)
    store.codes[code.code] = code
    return code.code
  }

  private func revoke() throws -> Response {
    let body = try body()
    let tokens = ["token", "refresh_token", "access_token"].compactMap { body[$0]?.text }
    guard !tokens.isEmpty else { throw AuthError.missing("token") }
    for token in tokens { store.revoke(token) }
    return .json([:])
  }

  private func introspect() throws -> Response {
    let token = try required("token", in: body())
    if let access = store.accessToken(token, now: now) {
      return .json([
        "active": true, "scope": .string(access.scopes.joined(separator: " ")),
        "client_id": .string(access.client), "token_type": "access_token", "sub": .string(access.account),
        "iat": .int(access.issued * 1000), "exp": .int(access.expires * 1000),
      ])
    }
    guard let refresh = store.refreshTokens[token] else { return .json(["active": false]) }
    return .json([
      "active": true, "scope": .string(refresh.scopes.joined(separator: " ")),
      "client_id": .string(refresh.client), "token_type": "refresh_token", "sub": .string(refresh.account),
      "iat": .int(refresh.created * 1000), "jti": .string(refresh.id),
    ])
  }

  /// Responds to `POST /v1/verify` of the OAuth host, with which services check opaque access tokens.
  private func verify() throws -> Response {
    guard switches.flag("oauth.verify") else { throw AuthError(116, status: 404) }
    let token = try required("token", in: body())
    guard let access = store.accessToken(token, now: now) else {
      throw AuthError(110, message: "Invalid token")
    }
    return .json([
      "user": .string(access.account), "client_id": .string(access.client), "scope": .strings(access.scopes),
      "generation": .int(access.generation), "profile_changed_at": .int(access.generation),
    ])
  }

  private func describeClient(_ path: String) throws -> Response {
    let id = String(path.dropFirst("oauth/client/".count))
    guard switches.flag("oauth.describe-clients") else { throw AuthError(116, status: 404) }
    let client = try knownClient(id)
    return .json([
      "id": .string(client.id), "name": .string(client.name), "trusted": true, "image_uri": "",
      "redirect_uri": .string(client.redirectURIs(at: state.baseURL).joined(separator: ",")),
    ])
  }
}
