import Foundation

/// Sessions and how they are verified.
extension AuthCall {
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

  func confirm(_ id: String, strong: Bool = false) {
    book.sessions[id]?.verified = true
    book.sessions[id]?.code = nil
    if strong { book.sessions[id]?.strong = true }
    if let uid = book.sessions[id]?.account { book.accounts[uid]?.emailVerified = true }
  }

  private func verifyCode() throws -> Response {
    let session = try session()
    let code = try required("code", in: body())
    guard CodeForm.isDigits(code) else { throw AuthError.invalid("code") }
    try count(.mailedCode, of: session.account)
    guard let expected = session.code, session.method != "email", expected == code, session.codeExpires > now
    else {
      throw AuthError(switches.int("accounts.wrong-code-errno"))
    }
    confirm(session.id)
    return .json([:])
  }

  /// What the page behind a mailed link does.
  private func verifyLink() throws -> Response {
    let body = try body()
    guard confirmLink(uid: try required("uid", in: body), code: try required("code", in: body)) else {
      throw AuthError(105)
    }
    return .json([:])
  }

  /// Verifies the session that a mailed link belongs to.
  func confirmLink(uid: String, code: String) -> Bool {
    guard let session = book.sessions.values.first(where: { $0.account == uid && $0.code == code }),
      session.codeExpires > now
    else { return false }
    confirm(session.id)
    return true
  }

  private func verifyTOTP() throws -> Response {
    let session = try session()
    guard let secret = try account(session.account).totpSecret else { throw AuthError(155) }
    let code = try required("code", in: body())
    guard CodeForm.isDigits(code), code.utf8.count <= 32 else { throw AuthError.invalid("code") }
    try count(.authenticatorCode, of: session.account)
    let good = OneTimeCode.accepts(code, secret: secret, unixTime: now)
    if good { confirm(session.id, strong: true) }
    return .json(["success": .bool(good)])
  }

  private func verifyRecoveryCode() throws -> Response {
    let session = try session()
    let account = try account(session.account)
    let code = try required("code", in: body()).lowercased()
    guard 8...20 ~= code.utf8.count, CodeForm.isAlphanumeric(code) else { throw AuthError.invalid("code") }
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
    book.startSession(new)
    return .json([
      "uid": .string(account.uid), "sessionToken": .string(Hex.encode(token)), "authAt": .int(new.authAt),
      "verified": .bool(new.verified && account.emailVerified), "emailVerified": .bool(account.emailVerified),
      "sessionVerified": .bool(new.verified),
    ])
  }

  private func destroy() throws -> Response {
    let session = try session()
    guard let custom = try body()["customSessionToken"]?.text else {
      book.endSession(session.id)
      return .json([:])
    }
    guard let token = Hex.strict(custom, count: 32) else { throw AuthError.invalid("customSessionToken") }
    let id = DerivedToken(token, kind: .session).id
    guard book.sessions[id]?.account == session.account else { throw AuthError(110) }
    book.endSession(id)
    return .json([:])
  }
}
