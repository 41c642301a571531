import Foundation

/// The routes for sessions and their verification.
extension AuthCall {
  /// Responds to a route of this kind; nil for any other.
  ///
  /// - Throws: ``AuthError`` for an error response.
  func sessionRoute(_ method: String) throws -> Response? {
    switch (method, path) {
    case ("GET", "session/status"): return try sessionStatus()
    case ("GET", "recovery_email/status"): return try emailStatus()
    case ("POST", "session/verify_code"): return try verifyCode()
    case ("POST", "recovery_email/verify_code"): return try verifyLink()
    case ("POST", "session/resend_code"), ("POST", "recovery_email/resend_code"):
      let session = try session()
      try count(.sendCode, of: session.account)
      mailVerification(session.id)
      return .json([:])
    case ("POST", "session/verify/totp"): return try verifyTOTP()
    case ("POST", "session/verify/recoveryCode"): return try verifyRecoveryCode()
    case ("GET", "totp/exists"):
      let exists = try account(session().account).totpSecret != nil
      return .json(["exists": .bool(exists), "verified": .bool(exists)])
    case ("POST", "session/duplicate"): return try duplicate()
    case ("POST", "session/destroy"): return try destroy()
    default: return nil
    }
  }

  private func sessionStatus() throws -> Response {
    let session = try session()
    let account = try account(session.account)
    let verified = session.verified && account.emailVerified
    return .json([
      "state": verified ? "verified" : "unverified", "uid": .string(account.uid),
      "details": [
        "accountEmailVerified": .bool(account.emailVerified),
        "sessionVerificationMethod": .optional(session.method), "sessionVerified": .bool(session.verified),
        "sessionVerificationMeetsMinimumAAL": .bool(account.totpSecret == nil || session.strong),
        "verified": .bool(verified),
      ],
    ])
  }

  private func emailStatus() throws -> Response {
    let session = try session()
    let account = try account(session.account)
    return .json([
      "email": .string(account.email), "verified": .bool(session.verified && account.emailVerified),
      "sessionVerified": .bool(session.verified), "emailVerified": .bool(account.emailVerified),
    ])
  }

  /// Marks a session as verified, and `strong` if a second factor verified it.
  func confirm(_ id: String, strong: Bool = false) {
    store.sessions[id]?.verified = true
    store.sessions[id]?.code = nil
    if strong { store.sessions[id]?.strong = true }
    if let uid = store.sessions[id]?.account { store.accounts[uid]?.emailVerified = true }
  }

  private func verifyCode() throws -> Response {
    let session = try session()
    let code = try required("code", in: body())
    guard Self.isDigits(code) else { throw AuthError.invalid("code") }
    try count(.mailedCode, of: session.account)
    guard let expected = session.code, session.method != "email", expected == code, session.codeExpires > now
    else {
      throw AuthError(switches.int("accounts.wrong-code-errno"))
    }
    confirm(session.id)
    return .json([:])
  }

  /// Responds to the request that the page of a mailed link sends.
  private func verifyLink() throws -> Response {
    let body = try body()
    guard confirmLink(uid: try required("uid", in: body), code: try required("code", in: body)) else {
      throw AuthError(105)
    }
    return .json([:])
  }

  /// Verifies the session of a mailed link; returns false for an unknown or expired link.
  func confirmLink(uid: String, code: String) -> Bool {
    guard let session = store.sessions.values.first(where: { $0.account == uid && $0.code == code }),
      session.codeExpires > now
    else { return false }
    confirm(session.id)
    return true
  }

  private func verifyTOTP() throws -> Response {
    let session = try session()
    guard let secret = try account(session.account).totpSecret else { throw AuthError(155) }
    let code = try required("code", in: body())
    guard Self.isDigits(code), code.utf8.count <= 32 else { throw AuthError.invalid("code") }
    try count(.authenticatorCode, of: session.account)
    let isValid = OneTimeCode.accepts(code, secret: secret, unixTime: now)
    if isValid { confirm(session.id, strong: true) }
    return .json(["success": .bool(isValid)])
  }

  private func verifyRecoveryCode() throws -> Response {
    let session = try session()
    let account = try account(session.account)
    let code = try required("code", in: body()).lowercased()
    guard 8...20 ~= code.utf8.count, Self.isAlphanumeric(code) else { throw AuthError.invalid("code") }
    guard let index = account.recoveryCodes.firstIndex(where: { $0.lowercased() == code }) else {
      throw AuthError(156)
    }
    account.recoveryCodes.remove(at: index)
    confirm(session.id, strong: true)
    return .json(["remaining": .int(account.recoveryCodes.count)])
  }

  private func duplicate() throws -> Response {
    let old = try session()
    let account = try account(old.account)
    let token = Derive.random(32)
    let derived = DerivedToken(token, kind: .session)
    var new = Session(
      id: derived.id, hawkKey: Hex.encode(derived.hawkKey), account: old.account, created: now,
      authAt: old.authAt, lastAccess: state.clock.milliseconds, verified: old.verified, method: old.method,
      reason: old.reason, userAgent: request.header("user-agent") ?? "")
    new.strong = old.strong
    store.startSession(new)
    return .json([
      "uid": .string(account.uid), "sessionToken": .string(Hex.encode(token)), "authAt": .int(new.authAt),
      "verified": .bool(new.verified && account.emailVerified), "emailVerified": .bool(account.emailVerified),
      "sessionVerified": .bool(new.verified),
    ])
  }

  private func destroy() throws -> Response {
    let session = try session()
    guard let custom = try body()["customSessionToken"]?.text else {
      store.endSession(session.id)
      return .json([:])
    }
    guard let token = Hex.strict(custom, count: 32) else { throw AuthError.invalid("customSessionToken") }
    let id = DerivedToken(token, kind: .session).id
    guard store.sessions[id]?.account == session.account else { throw AuthError(110) }
    store.endSession(id)
    return .json([:])
  }
}
