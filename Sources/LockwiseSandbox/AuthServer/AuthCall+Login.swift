import Foundation

/// The routes of the sign-in: version of stretching, password, unblock codes, keys.
extension AuthCall {
  /// Responds to a route of this kind; nil for any other.
  ///
  /// - Throws: ``AuthError`` for an error response.
  func login(_ method: String) throws -> Response? {
    switch (method, path) {
    case ("POST", "account/credentials/status"): return try credentialsStatus()
    case ("POST", "account/login"): return try signIn()
    case ("POST", "account/login/send_unblock_code"): return try sendUnblockCode()
    case ("POST", "account/login/reject_unblock_code"):
      let code = try required("unblockCode", in: body()).uppercased()
      store.unblockCodes.removeAll { $0.code == code }
      return .json([:])
    case ("POST", "session/reauth"): return try reauthenticate()
    case ("GET", "account/keys"): return try keys()
    default: return nil
    }
  }

  private func credentialsStatus() throws -> Response {
    switch switches.text("accounts.credentials-status") {
    case "missing": throw AuthError(116, status: 404)
    case "unknown": throw AuthError(102)
    case "error": throw AuthError(999)
    case "garbage": return .text("<html>not JSON", type: "text/html")
    default: break
    }
    let email = try required("email", in: body())
    try count(.credentialsStatus, of: email)
    guard let account = store.account(email: email) else { throw AuthError(102) }
    guard account.hasPassword else { throw AuthError(149) }
    guard let salt = account.clientSalt else {
      return .json(["upgradeNeeded": true, "currentVersion": "v1"])
    }
    return .json(["upgradeNeeded": false, "currentVersion": "v2", "clientSalt": .string(salt)])
  }

  private func signIn() throws -> Response {
    let body = try body()
    let email = try required("email", in: body)
    let authPW = try authPW(in: body)
    if let service = body["service"]?.text, !Self.isShortWord(service) { throw AuthError.invalid("service") }
    try count(.login, of: email)
    let unblocked = try useUnblockCode(body, email: email)
    if let forced = try forcedOutcome(email: email, unblocked: unblocked) { return forced }
    guard let account = store.account(email: email) else {
      throw AuthError(102, extra: [("email", .string(email))])
    }
    guard account.hasPassword else { throw AuthError(210) }
    // After error 120, `email` is the address that the account was created with.
    guard !account.isSecondary(body["originalLoginEmail"]?.text ?? email) else { throw AuthError(142) }
    let (wrapKB, version) = try checkPassword(authPW, of: account, typed: email)
    guard !account.mustReset else { throw AuthError(126, extra: [("email", .string(email))]) }
    let asked = body["verificationMethod"]?.text
    if asked == "totp-2fa", account.totpSecret == nil { throw AuthError(160) }

    let token = Derive.random(32)
    let derived = DerivedToken(token, kind: .session)
    var session = Session(
      id: derived.id, hawkKey: Hex.encode(derived.hawkKey), account: account.uid, created: now, authAt: now,
      lastAccess: state.clock.milliseconds, verified: true, userAgent: request.header("user-agent") ?? "")
    if let (method, reason) = verification(of: account, asked: asked, unblocked: unblocked) {
      session.verified = false
      session.method = method
      session.reason = reason
    }
    store.startSession(session)
    if let method = session.method, method != "totp-2fa", body["sendSigninVerificationEmail"]?.bool != false {
      mailVerification(session.id)
    }
    return try loginResponse(session, of: account, token: token, wrapKB: wrapKB, version: version)
  }

  private static func isShortWord(_ text: String) -> Bool {
    text.utf8.count <= 16
      && text.utf8.allSatisfy { 48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 || $0 == 45 }
  }

  private func authPW(in body: JSON) throws -> [UInt8] {
    guard let bytes = Hex.strict(try required("authPW", in: body), count: 32) else {
      throw AuthError.invalid("authPW")
    }
    return bytes
  }

  /// Returns wrap(kB) and the version of stretching for the right password.
  ///
  /// - Throws: ``AuthError`` 103, or 120 with the address of the salt if the user typed another one.
  private func checkPassword(_ authPW: [UInt8], of account: Account, typed email: String) throws
    -> (wrapKB: [UInt8], version: Int)
  {
    let other = AuthError(120, extra: [("email", .string(account.saltEmail))])
    if switches.flag("accounts.exact-address"), email != account.saltEmail { throw other }
    if let unlocked = try account.unlock(
      authPW: authPW, allowV1: switches.flag("accounts.v1-login"))
    {
      return unlocked
    }
    // The same error for both versions of stretching.
    guard email == account.saltEmail else { throw other }
    throw AuthError(103, extra: [("email", .string(account.saltEmail))])
  }

  /// Makes the response to a login or re-authentication, with a key fetch token if the query requests keys.
  private func loginResponse(
    _ session: Session, of account: Account, token: [UInt8]?, wrapKB: [UInt8], version: Int
  ) throws -> Response {
    var members: [(String, JSON?)] = [
      ("uid", .string(account.uid)), ("sessionToken", token.map { .string(Hex.encode($0)) }),
    ]
    if request.queryValue("keys") == "true" {
      let token = Derive.random(32)
      let derived = DerivedToken(token, kind: .keyFetch)
      store.keyFetchTokens[derived.id] = KeyFetchToken(
        id: derived.id, hawkKey: Hex.encode(derived.hawkKey), bundleKey: Hex.encode(derived.bundleKey),
        account: account.uid, session: session.id, wrapKB: Hex.encode(wrapKB))
      members.append((version == 2 ? "keyFetchTokenVersion2" : "keyFetchToken", .string(Hex.encode(token))))
    }
    members += [
      ("authAt", .int(session.authAt)), ("metricsEnabled", true),
      ("verified", .bool(account.emailVerified && session.verified)),
    ]
    if switches.flag("accounts.verified-fields") {
      members += [
        ("emailVerified", .bool(account.emailVerified)), ("sessionVerified", .bool(session.verified)),
      ]
    }
    if !session.verified || !account.emailVerified {
      members += [
        ("verificationMethod", .string(session.method ?? "email")),
        ("verificationReason", .string(session.reason ?? "login")),
      ]
    }
    return .json(.present(members))
  }

  private func reauthenticate() throws -> Response {
    var session = try session()
    let body = try body()
    let email = try required("email", in: body)
    let account = try account(session.account)
    guard account.owns(email) else { throw AuthError(102, extra: [("email", .string(email))]) }
    guard !account.isSecondary(email) else { throw AuthError(142) }
    let (wrapKB, version) = try checkPassword(authPW(in: body), of: account, typed: email)
    session.authAt = now
    store.sessions[session.id] = session
    return try loginResponse(session, of: account, token: nil, wrapKB: wrapKB, version: version)
  }

  /// Returns the verification that a new session needs; nil if none.
  func verification(of account: Account, asked: String?, unblocked: Bool) -> (
    method: String, reason: String
  )? {
    if account.totpSecret != nil { return ("totp-2fa", "login") }
    if account.locked { return ("email-otp", "change_password") }
    let mailed = ["email", "email-otp", "email-2fa"]
    let asRequested = asked.flatMap { mailed.contains($0) ? $0 : nil } ?? "email"
    if !account.emailVerified { return (asRequested, "signup") }
    if unblocked { return nil }
    switch switches.text("accounts.verification") {
    case "as-requested": return (asRequested, switches.text("accounts.verification-reason"))
    case let method where mailed.contains(method):
      return (method, switches.text("accounts.verification-reason"))
    default: return nil
    }
  }

  // MARK: Forced outcomes

  /// Returns the response that the switch `accounts.login` forces; nil if it forces none.
  ///
  /// - Throws: the ``AuthError`` that it forces.
  private func forcedOutcome(email: String, unblocked: Bool) throws -> Response? {
    let outcome = switches["accounts.login"]
    if outcome.isNull || (unblocked && [114, 125].contains(outcome.int)) { return nil }
    let times = switches.int("accounts.login-times")
    if times > 0 {
      try state.switches.set("accounts.login-times", to: .int(times - 1))
      if times == 1 { try state.switches.set("accounts.login", to: .null) }
    }
    let wait = switches.int("accounts.retry-after")
    switch outcome {
    case "edge-403", "edge-503":
      let status = outcome == "edge-403" ? 403 : 503
      return .text("<html><body>Sorry</body></html>", status: status, type: "text/html")
    case "edge-406": return Response(status: 406)
    case "edge-429":
      return Response(status: 429, headers: [("Retry-After", String(wait)), ("Content-Type", "text/html")])
    case "wrong-content-type": return .text("{\"uid\":", type: "text/html")
    case "garbage":
      return Response(status: 200, headers: [("Content-Type", "application/json")], body: Data("{".utf8))
    default: break
    }
    guard let errno = outcome.int else { return nil }
    var extra: [(String, JSON)] = []
    var headers: [(name: String, value: String)] = []
    if [102, 103, 120, 126].contains(errno) {
      let address = errno == 120 ? store.account(email: email)?.saltEmail ?? email : email
      extra.append(("email", .string(address)))
    }
    if errno == 114 {
      let unit = switches.text("accounts.retry-after-body")
      if unit != "none" { extra.append(("retryAfter", .int(unit == "ms" ? wait * 1000 : wait))) }
      extra.append(("retryAfterLocalized", "in a while"))
      if switches.flag("accounts.retry-after-header") { headers.append(("Retry-After", String(wait))) }
    }
    if [114, 125].contains(errno), switches.flag("accounts.captcha") {
      extra += [("verificationMethod", "email-captcha"), ("verificationReason", "login")]
    }
    throw AuthError(errno, extra: extra, headers: headers)
  }

  private func sendUnblockCode() throws -> Response {
    let email = try required("email", in: body())
    try count(.sendCode, of: email)
    guard let account = store.account(email: email) else {
      throw AuthError(102, extra: [("email", .string(email))])
    }
    let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    let random = String(Derive.random(8).map { alphabet[Int($0) % alphabet.count] })
    let code = switches.word("accounts.code")?.uppercased() ?? random
    store.unblockCodes.append(UnblockCode(account: account.uid, code: code, expires: now + 3600))
    store.mail.append(Mail(to: account.email, kind: "unblock", code: code, link: nil, time: now))
    return .json([:])
  }

  /// Uses up the unblock code of a login, and returns whether there was one.
  ///
  /// - Throws: ``AuthError`` 107 or 127 for an invalid code.
  private func useUnblockCode(_ body: JSON, email: String) throws -> Bool {
    guard let given = body["unblockCode"]?.text else { return false }
    guard given.utf8.count == 8, Self.isAlphanumeric(given) else { throw AuthError.invalid("unblockCode") }
    let code = given.uppercased()
    let uid = store.account(email: email)?.uid
    guard
      let index = store.unblockCodes.firstIndex(where: {
        $0.code == code && $0.account == uid && $0.expires > now
      })
    else { throw AuthError(127) }
    store.unblockCodes.remove(at: index)
    return true
  }

  // MARK: Keys

  private func keys() throws -> Response {
    let token = try keyFetchToken()
    let account = try account(token.account)
    guard let session = store.sessions[token.session] else { throw rejected("session of the token is gone") }
    guard account.emailVerified, session.verified else { throw AuthError(104) }
    guard let wrapKB = Hex.decode(token.wrapKB), let bundleKey = Hex.decode(token.bundleKey) else {
      throw AuthError(999)
    }
    store.keyFetchTokens[token.id] = nil
    let bundle = KeyBundle.seal(kA: account.kA, wrapKB: wrapKB, bundleKey: bundleKey)
    return .json(["bundle": .string(Hex.encode(bundle))])
  }
}
