import Foundation

/// A request to the accounts server.
struct AuthCall {
  let state: SandboxState
  let exchange: Exchange
  /// The path below `/v1/`.
  let path: String

  var request: Request { exchange.request }
  var store: AccountStore { state.accounts }
  var switches: Switches { state.switches }
  var now: Int { state.clock.seconds }

  /// Parses the body, an object; an empty body is an empty object.
  ///
  /// - Throws: ``AuthError`` 106 if the body is not a JSON object.
  func body() throws -> JSON {
    guard !request.body.isEmpty else { return .object([]) }
    guard let json = try? JSON(parsing: request.body), json.members != nil else { throw AuthError(106) }
    return json
  }

  /// Returns a text member of the body that must not be empty.
  ///
  /// - Throws: ``AuthError`` 107 or 108.
  func required(_ name: String, in body: JSON) throws -> String {
    guard let value = body[name], !value.isNull else { throw AuthError.missing(name) }
    guard let text = value.text, !text.isEmpty else { throw AuthError.invalid(name) }
    return text
  }

  /// Whether a code consists of ASCII digits, the only form that is looked up (fxa-auth-server,
  /// `lib/routes/validators.js`).
  static func isDigits(_ text: String) -> Bool { text.utf8.allSatisfy { 48...57 ~= $0 } }

  /// Whether a code consists of digits in base 36, in either letter case.
  static func isAlphanumeric(_ text: String) -> Bool {
    text.utf8.allSatisfy { 48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 }
  }

  /// Returns the account of a session or token.
  ///
  /// - Throws: ``AuthError`` 110 if it no longer exists.
  func account(_ uid: String) throws -> Account {
    guard let account = store.accounts[uid] else { throw AuthError(110) }
    return account
  }

  // MARK: Authentication

  /// Returns the session whose token authenticates the request.
  ///
  /// - Throws: ``AuthError`` 110 for an unknown session; with strict Hawk also 109, 111, 115.
  func session() throws -> Session {
    guard let session = try findSession() else { throw rejected("no session") }
    return session
  }

  private func findSession() throws -> Session? {
    if let id = bearerID(.session) {
      exchange.auth = "bearer-session"
      return markUsed(store.sessions[id])
    }
    guard let header = hawkHeader(), let session = store.sessions[header.id] else { return nil }
    exchange.auth = "hawk-session"
    try checkHawk(header, key: session.hawkKey)
    return markUsed(session)
  }

  /// Records a use of a session.
  private func markUsed(_ session: Session?) -> Session? {
    guard let session else { return nil }
    store.sessions[session.id]?.lastAccess = state.clock.milliseconds
    return session
  }

  /// Returns the key fetch token that authenticates the request.
  ///
  /// - Throws: ``AuthError`` 110 for an unknown token; with strict Hawk also 109, 111, 115.
  func keyFetchToken() throws -> KeyFetchToken {
    if let id = bearerID(.keyFetch) {
      exchange.auth = "bearer-keyfetch"
      guard let token = store.keyFetchTokens[id] else { throw rejected("no key fetch token") }
      return token
    }
    guard let header = hawkHeader(), let token = store.keyFetchTokens[header.id] else {
      throw rejected("no key fetch token")
    }
    exchange.auth = "hawk-keyfetch"
    try checkHawk(header, key: token.hawkKey)
    return token
  }

  /// Returns the refresh token in `Authorization: Bearer <64 hex digits>`, if there is one.
  func refreshToken() -> RefreshToken? {
    guard let value = request.header("authorization"), value.hasPrefix("Bearer "),
      let token = store.refreshTokens[String(value.dropFirst(7))]
    else { return nil }
    exchange.auth = "bearer-oauth"
    store.touchRefresh(token.token, now: now)
    return token
  }

  /// Records a rejected authentication and returns the error for it.
  func rejected(_ reason: String) -> AuthError {
    exchange.addNote("rejected-\(exchange.auth): \(reason)")
    return AuthError(110)
  }

  /// Returns the id in `Bearer <prefix>_<64 lower-case hex digits>`; nil for anything else.
  private func bearerID(_ kind: DerivedToken.Kind) -> String? {
    let start = "Bearer \(kind.bearerPrefix)_"
    guard let value = request.header("authorization"), value.hasPrefix(start) else { return nil }
    let id = String(value.dropFirst(start.count))
    return Hex.strict(id, count: 32) == nil ? nil : id
  }

  private func hawkHeader() -> HawkHeader? { request.header("authorization").flatMap { HawkHeader($0) } }

  private func checkHawk(_ header: HawkHeader, key: String) throws {
    guard switches.flag("accounts.hawk-strict") else { return }
    do {
      try state.hawk.verify(
        header, key: Hex.decode(key) ?? [], request: request, now: now, skew: switches.int("hawk.skew"))
    } catch let failure as HawkVerifier.Failure {
      exchange.addNote("rejected-hawk: \(failure.rawValue)")
      switch failure {
      case .mac, .payload: throw AuthError(109)
      case .stale: throw AuthError(111, extra: [("serverTime", .int(now))])
      case .replay: throw AuthError(115)
      }
    }
  }

  /// Counts an action with a rate limit.
  ///
  /// - Throws: ``AuthError`` 114 if the limit is exceeded.
  func count(_ action: RateLimits.Action, of subject: String) throws {
    guard switches.flag("accounts.limits"), let wait = state.limits.count(action, of: subject, now: now) else { return }
    throw AuthError(114, extra: [("retryAfter", .int(wait * 1000))], headers: [("Retry-After", String(wait))])
  }

  /// Returns the OAuth client with an id, restricted by the switch `oauth.clients`.
  ///
  /// - Throws: ``AuthError`` 162 for an unknown client, 204 for a disabled one.
  func knownClient(_ id: String) throws -> OAuthClient {
    let restriction = switches["oauth.clients"][id]?.text
    guard var client = OAuthClient.known(id), restriction != "unknown" else {
      throw AuthError(162, extra: [("clientId", .string(id))])
    }
    switch restriction {
    case "disabled": throw AuthError.clientDisabled
    case "private": client.isPublic = false
    case "no-sync": client.scopes.removeAll { $0 == SyncKey.scope }
    case "no-grant": client.canGrant = false
    default: break
    }
    return client
  }

  // MARK: Mail

  /// Returns a random code, or the one that the switch `accounts.code` sets.
  func newCode(digits: Int) -> String {
    if let fixed = switches.word("accounts.code") { return fixed }
    return Derive.random(digits).map { String($0 % 10) }.joined()
  }

  /// Mails the code or link that verifies a session.
  func mailVerification(_ id: String) {
    guard var session = store.sessions[id], let account = store.accounts[session.account] else { return }
    let isLink = session.method == "email"
    let code = isLink ? Hex.encode(Derive.random(16)) : newCode(digits: 6)
    session.code = code
    session.codeExpires = now + switches.int("accounts.code-lifetime")
    store.sessions[id] = session
    store.mail.append(
      Mail(
        to: account.email, kind: isLink ? "link" : "otp", code: code,
        link: isLink ? "\(state.baseURL)/complete_signin?uid=\(account.uid)&code=\(code)" : nil, time: now))
  }
}
