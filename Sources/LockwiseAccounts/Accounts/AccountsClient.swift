import LockwiseCore

/// A client of the auth server's routes for a sign-in to Sync (Mozilla accounts API). Each call is one request, apart
/// from `login`.
public struct AccountsClient {
  private let base: String
  private let oauthBase: String
  private let profileBase: String
  private let transport: any HTTPTransport

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - servers: the servers, among them the auth server.
  ///   - transport: the transport for requests.
  public init(servers: ServerConfiguration, transport: any HTTPTransport) {
    base = servers.authServer + "/v1"
    oauthBase = servers.oauthServer + "/v1"
    profileBase = servers.profileServer + "/v1"
    self.transport = transport
  }

  // MARK: Password

  /// Fetches how the account's password is stretched (POST /account/credentials/status).
  ///
  /// A server that does not have the route or the account, fails, or sends an invalid response gets version 1, which
  /// such servers use.
  ///
  /// - Parameter email: the address as typed.
  /// - Returns: the version, with its salt.
  /// - Throws: `AccountsError.refusedClientSalt`; `AccountsError` if the request was throttled or refused; `HTTPError`
  ///   if there is no response.
  func stretching(email: String) throws -> PasswordStretching {
    var body = JSONObjectWriter()
    body.member("email", email)
    let answer = try post("/account/credentials/status", body: body.finish())
    if !answer.isSuccess {
      let isMissing = answer.status == 404 || answer.status >= 500
      let errno = answer.errno.flatMap { AccountsErrno(rawValue: $0) }
      guard isMissing || errno == .unknownAccount || errno == .gone else { throw answer.error }
      return .v1(email: email)
    }
    guard answer.object?["currentVersion"]?.string == "v2" else { return .v1(email: email) }
    guard let salt = answer.object?["clientSalt"]?.string else { throw AccountsError.refusedClientSalt }
    return .v2(salt: try ClientSalt(salt))
  }

  /// Signs in with a password (POST /account/login), and asks for the keys.
  ///
  /// - Parameters:
  ///   - email: the address as typed.
  ///   - password: the password as typed.
  /// - Returns: the session, which may still have to be verified.
  /// - Throws: `AccountsError`, `HTTPError`, `CryptoError`.
  func login(email: String, password: SecretBytes) throws -> AccountSession {
    var proof = try proof(email: email, password: password)
    return try login(&proof)
  }

  /// Stretches a password with the server's parameters.
  ///
  /// - Parameter spelling: the server's spelling of the address, if an earlier try learned it.
  func proof(email: String, password: SecretBytes, spelling: String? = nil) throws -> LoginProof {
    var stretching = try stretching(email: email)
    if let spelling, case .v1 = stretching { stretching = .v1(email: spelling) }
    return LoginProof(
      email: email, spelling: spelling ?? email, password: password, stretching: stretching,
      stretched: try stretching.stretch(password))
  }

  /// Signs in with a stretched password.
  ///
  /// If the server's spelling of the address differs from the typed one (errno 120), this tries once more as Mozilla's
  /// own client does: with the server's spelling as address and as version 1 salt, and the typed address as
  /// `originalLoginEmail`. The proof keeps the spelling, because an unblock code is used up by the first try.
  ///
  /// Servers answer a wrong password with the same number where the spelling differs. With version 2, whose salt is not
  /// the address, it means nothing else.
  func login(_ proof: inout LoginProof, unblockCode: SecretBytes? = nil) throws -> AccountSession {
    let answer = try postLogin(proof, unblockCode)
    guard answer.errno == AccountsErrno.incorrectEmailCase.rawValue else {
      return try session(answer, proof.stretched, hasUnblockCode: unblockCode != nil)
    }
    guard case .v1 = proof.stretching else { throw AccountsError.wrongPassword }
    guard !proof.isRespelled, let spelling = answer.object?["email"]?.string, EmailAddress.isValid(spelling) else {
      throw answer.error
    }
    guard spelling != proof.email else { throw AccountsError.wrongPassword }
    proof.spelling = spelling
    proof.stretched = try PasswordStretching.v1(email: spelling).stretch(proof.password)
    return try session(
      postLogin(proof, unblockCode), proof.stretched, hasUnblockCode: unblockCode != nil)
  }

  /// An unusable response of a login must not leave its session behind.
  private func session(
    _ answer: AccountsResponse, _ stretched: StretchedPassword, hasUnblockCode: Bool
  ) throws -> AccountSession {
    // The server refuses a code of another form without checking it.
    if hasUnblockCode, answer.errno == AccountsErrno.invalidParameter.rawValue { throw AccountsError.wrongUnblockCode }
    let object = try answer.success()
    do {
      return try AccountSession(object, stretched: stretched)
    } catch {
      if let hex = object["sessionToken"]?.secret, let token = try AccountToken(.session, hex: hex) {
        try? destroy(token)
      }
      throw error
    }
  }

  private func postLogin(_ proof: LoginProof, _ unblockCode: SecretBytes?) throws -> AccountsResponse {
    var body = JSONObjectWriter()
    body.member("email", proof.spelling)
    body.member("authPW", secret: Hex.encode(proof.stretched.authPW))
    body.member("service", "sync")
    body.member("reason", "login")
    body.member("verificationMethod", "email-otp")
    if proof.isRespelled { body.member("originalLoginEmail", proof.email) }
    if let unblockCode { body.member("unblockCode", secret: unblockCode) }
    return try post("/account/login?keys=true&service=sync", body: body.finish(), once: true)
  }

  // MARK: Keys

  /// Fetches the account's wrapped keys (GET /account/keys). The token is used up on success.
  ///
  /// - Throws: `AccountsError`, errno 104 if the session is not verified (the token stays valid then); `HTTPError`,
  ///   `CryptoError`.
  func keys(_ keyFetch: AccountToken) throws -> KeyBundle {
    let object = try get("/account/keys", authorization: keyFetch.authorization).success()
    let hex = try object.hex("bundle", count: 192, in: .keys)
    guard let bundle = Hex.decode(hex) else { throw AccountsError.missingField("bundle", in: .keys) }
    return try KeyBundle(bundle, bundleKey: keyFetch.bundleKey)
  }

  /// Fetches the server's part of a scoped key (POST /account/scoped-key-data).
  ///
  /// - Parameters:
  ///   - session: a verified session.
  ///   - clientID: the OAuth client id, 16 hexadecimal digits.
  ///   - scope: the key's scope.
  /// - Returns: the inputs of the key other than kB.
  /// - Throws: `AccountsError.noSyncKey` if the client is not allowed to have the key; `AccountsError`, `HTTPError`.
  public func scopedKeyData(
    _ session: AccountToken, clientID: String, scope: String
  ) throws -> ScopedKey.Rotation {
    var body = JSONObjectWriter()
    body.member("client_id", clientID)
    body.member("scope", scope)
    let answer = try post(
      "/account/scoped-key-data", body: body.finish(), authorization: session.authorization)
    guard let entry = try answer.success()[scope]?.object else { throw AccountsError.noSyncKey }
    let secret = try entry.hex("keyRotationSecret", count: 64, in: .scopedKeyData)
    let identifier = try entry.text("identifier", in: .scopedKeyData).exposedText()
    guard let timestamp = entry["keyRotationTimestamp"]?.wholeNumber, timestamp > 0 else {
      throw AccountsError.missingField("keyRotationTimestamp", in: .scopedKeyData)
    }
    guard let bytes = Hex.decode(secret), let identifier else {
      throw AccountsError.missingField("identifier", in: .scopedKeyData)
    }
    return ScopedKey.Rotation(identifier: identifier, secret: bytes, timestamp: timestamp)
  }

  // MARK: OAuth

  /// Grants this client a refresh token (POST /oauth/token, `fxa-credentials`, offline).
  ///
  /// Revokes a refresh token granted for any other scope at once.
  ///
  /// - Parameters:
  ///   - session: a verified session.
  ///   - clientID: the id of a public client.
  ///   - scope: the one scope that the tokens are for.
  /// - Returns: the refresh token and a first access token.
  /// - Throws: `AccountsError`, `HTTPError`.
  func grantRefreshToken(
    _ session: AccountToken, clientID: String, scope: String
  ) throws -> GrantedTokens {
    var body = JSONObjectWriter()
    body.member("client_id", clientID)
    body.member("grant_type", "fxa-credentials")
    body.member("scope", scope)
    body.member("access_type", "offline")
    let answer = try post("/oauth/token", body: body.finish(), authorization: session.authorization, once: true)
    let object = try answer.success()
    let refreshToken = try object.token("refresh_token", in: .token)
    do {
      return GrantedTokens(
        refreshToken: refreshToken, accessToken: try GrantedAccessToken(object, scope: scope))
    } catch {
      try? destroy(oauthToken: refreshToken, clientID: clientID)
      throw error
    }
  }

  /// Gets an access token for a refresh token (POST /oauth/token, `refresh_token`).
  ///
  /// - Parameters:
  ///   - refreshToken: as granted.
  ///   - clientID: the client that it was granted to.
  ///   - scope: the one scope that the token is for.
  /// - Returns: a new access token; the refresh token stays as it is.
  /// - Throws: `AccountsError`, errno 110 or 182 if the refresh token was revoked; `HTTPError`.
  func accessToken(
    refreshToken: SecretBytes, clientID: String, scope: String
  ) throws -> GrantedAccessToken {
    var body = JSONObjectWriter()
    body.member("client_id", clientID)
    body.member("grant_type", "refresh_token")
    body.member("refresh_token", secret: refreshToken)
    body.member("scope", scope)
    let answer = try post("/oauth/token", body: body.finish())
    return try GrantedAccessToken(answer.success(), scope: scope)
  }

  /// Revokes an access or refresh token (POST /oauth/destroy). One that has already ended is not an error.
  ///
  /// - Throws: `AccountsError`, `HTTPError`.
  func destroy(oauthToken: SecretBytes, clientID: String) throws {
    var body = JSONObjectWriter()
    body.member("client_id", clientID)
    body.member("token", secret: oauthToken)
    let answer = try post("/oauth/destroy", body: body.finish())
    let gone = [AccountsErrno.invalidToken.rawValue, AccountsErrno.unknownRefreshToken.rawValue]
    guard answer.isSuccess || answer.errno.map({ gone.contains($0) }) == true else { throw answer.error }
  }

  // MARK: Requests

  func get(_ path: String, authorization: SecretBytes? = nil) throws -> AccountsResponse {
    try send("GET", path, authorization: authorization, body: nil)
  }

  /// - Parameter once: whether it must not be sent twice: it uses something up, or creates a token that would stay
  ///   unknown.
  func post(
    _ path: String, body: SecretBytes, authorization: SecretBytes? = nil, once: Bool = false
  ) throws -> AccountsResponse {
    try send("POST", path, authorization: authorization, body: body, once: once)
  }

  /// Sends a request to the OAuth host, which has its own error numbers.
  func postToOAuthHost(_ path: String, body: SecretBytes) throws -> AccountsResponse {
    try send("POST", path, authorization: nil, body: body, to: (oauthBase, .oauth))
  }

  /// Sends a request to the profile server, whose error numbers are ignored.
  func getFromProfileServer(_ path: String, authorization: SecretBytes) throws -> AccountsResponse {
    try send("GET", path, authorization: authorization, body: nil, to: (profileBase, .profile))
  }

  private func send(
    _ method: String, _ path: String, authorization: SecretBytes?, body: SecretBytes?, once: Bool = false,
    to server: (base: String, host: AccountsResponse.Host)? = nil
  ) throws -> AccountsResponse {
    let json = SecretBytes(utf8: "application/json")
    var headers = [(name: "Accept", value: json)]
    if body != nil { headers.append(("Content-Type", json)) }
    if let authorization { headers.append(("Authorization", authorization)) }
    var request = HTTPRequest(
      method: method, url: (server?.base ?? base) + path, headers: headers, body: body)
    request.isSentOnce = once
    return AccountsResponse(try transport.send(request), from: server?.host ?? .auth)
  }
}
