import Foundation

/// One request to the accounts server, with what its handlers share.
struct AuthCall {
  let state: SandboxState
  let exchange: Exchange
  /// The path below `/v1/`.
  let path: String

  var request: Request { exchange.request }
  var book: AccountStore { state.accounts }
  var switches: Switches { state.switches }
  var now: Int { state.clock.seconds }

  /// The members of the request's body.
  ///
  /// - Throws: ``AuthError`` 106 for what is not a JSON object.
  func body() throws -> JSON {
    guard !request.body.isEmpty else { return .object([]) }
    guard let json = try? JSON(parsing: request.body), json.members != nil else { throw AuthError(106) }
    return json
  }

  func required(_ name: String, in body: JSON) throws -> String {
    guard let value = body[name], !value.isNull else { throw AuthError.missing(name) }
    guard let text = value.text, !text.isEmpty else { throw AuthError.invalid(name) }
    return text
  }

  func account(_ uid: String) throws -> Account {
    guard let account = book.accounts[uid] else { throw AuthError(110) }
    return account
  }

  // MARK: Authentication

  /// The session that signed the request.
  ///
  /// - Throws: ``AuthError`` 110 for an unknown one; with strict Hawk also 109, 111, 115.
  func session() throws -> Session {
    guard let session = try findSession() else { throw rejected("no session") }
    return session
  }

  private func findSession() throws -> Session? {
    if let id = bearerID(.session) {
      exchange.auth = "bearer-session"
      return touched(book.sessions[id])
    }
    guard let header = hawkHeader(), let session = book.sessions[header.id] else { return nil }
    exchange.auth = "hawk-session"
    try checkHawk(header, key: session.hawkKey)
    return touched(session)
  }

  private func touched(_ session: Session?) -> Session? {
    guard let session else { return nil }
    book.sessions[session.id]?.lastAccess = state.clock.milliseconds
    return session
  }

  func keyFetchToken() throws -> KeyFetchToken {
    if let id = bearerID(.keyFetch) {
      exchange.auth = "bearer-keyfetch"
      guard let token = book.keyFetchTokens[id] else { throw rejected("no key fetch token") }
      return token
    }
    guard let header = hawkHeader(), let token = book.keyFetchTokens[header.id] else {
      throw rejected("no key fetch token")
    }
    exchange.auth = "hawk-keyfetch"
    try checkHawk(header, key: token.hawkKey)
    return token
  }

  /// The refresh token in `Authorization: Bearer <64 hex>`, if there is one.
  func refreshToken() -> RefreshToken? {
    guard let value = request.header("authorization"), value.hasPrefix("Bearer "),
      let token = book.refreshTokens[String(value.dropFirst(7))]
    else { return nil }
    exchange.auth = "bearer-oauth"
    book.touchRefresh(token.token, now: now)
    return token
  }

  func rejected(_ why: String) -> AuthError {
    exchange.note("rejected-\(exchange.auth): \(why)")
    return AuthError(110)
  }

  /// `Bearer`, one space, the prefix, `_`, 64 lower-case hex digits, and nothing else.
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
    } catch let refusal as HawkVerifier.Refusal {
      exchange.note("rejected-hawk: \(refusal.rawValue)")
      switch refusal {
      case .mac, .payload: throw AuthError(109)
      case .stale: throw AuthError(111, extra: [("serverTime", .int(now))])
      case .replay: throw AuthError(115)
      }
    }
  }

  /// Counts something that Mozilla's server limits.
  ///
  /// - Throws: ``AuthError`` 114 if it is one too many.
  func count(_ action: RateLimits.Action, of subject: String) throws {
    guard switches.flag("accounts.limits"), let wait = state.limits.count(action, of: subject, now: now) else { return }
    throw AuthError(114, extra: [("retryAfter", .int(wait * 1000))], headers: [("Retry-After", String(wait))])
  }

  /// The OAuth client of a request, as the switch `oauth.clients` leaves it.
  ///
  /// - Throws: ``AuthError`` 162, 204.
  func knownClient(_ id: String) throws -> OAuthClient {
    let fate = switches["oauth.clients"][id]?.text
    guard var client = OAuthClient.known(id), fate != "unknown" else {
      throw AuthError(162, extra: [("clientId", .string(id))])
    }
    switch fate {
    case "disabled": throw AuthError.clientDisabled
    case "private": client.isPublic = false
    case "no-sync": client.scopes.removeAll { $0 == SyncKey.scope }
    case "no-grant": client.mayGrant = false
    default: break
    }
    return client
  }

  // MARK: Mail

  /// A fresh code, unless a switch fixes it.
  func newCode(digits: Int) -> String {
    if let fixed = switches.word("accounts.code") { return fixed }
    return Derive.random(digits).map { String($0 % 10) }.joined()
  }

  /// Mails what a session needs to be verified, and remembers it.
  func mailVerification(_ id: String) {
    guard var session = book.sessions[id], let account = book.accounts[session.account] else { return }
    let isLink = session.method == "email"
    let code = isLink ? Hex.encode(Derive.random(16)) : newCode(digits: 6)
    session.code = code
    session.codeExpires = now + switches.int("accounts.code-lifetime")
    book.sessions[id] = session
    book.mail.append(
      Mail(
        to: account.email, kind: isLink ? "link" : "otp", code: code,
        link: isLink ? "\(state.baseURL)/complete_signin?uid=\(account.uid)&code=\(code)" : nil, time: now))
  }
}
