import Foundation

/// The sign-in page at `/authorization`: what Mozilla's page does with scripts, in plain HTML.
///
/// It signs the user in, makes the scoped keys, encrypts them to the client's `keys_jwk` and sends the browser to the
/// client's redirect address with an authorization code. Each form posts to the address that it came from, so that the
/// OAuth parameters come along. Unlike Mozilla's, it forgets its session at the end: what is left then is the client's.
///
/// Firefox itself opens it as `/` and is given the session, the code and the keys over a web channel.
struct AuthorizationPage {
  let state: SandboxState
  let exchange: Exchange

  private var call: AuthCall { AuthCall(state: state, exchange: exchange, path: "") }

  /// Shows or takes a form.
  func answer() -> Response {
    do {
      let parameters = try AuthorizationParameters(call) { exchange.request.queryValue($0) }
      let keys = try exchange.request.queryValue("keys_jwk").map { try KeysMessage(keysJWK: $0) }
      guard exchange.request.method == "POST" else {
        guard exchange.request.method == "GET" else { return Self.failure("Method not allowed", status: 405) }
        return passwordForm(parameters, email: exchange.request.queryValue("email") ?? "")
      }
      return try take(Form.pairs(String(decoding: exchange.request.body, as: UTF8.self)), parameters, keys)
    } catch let error as AuthError {
      exchange.note("errno \(error.errno)")
      return Self.failure("\(error.body["message"]?.text ?? "") (errno \(error.errno))", status: error.status)
    } catch {
      exchange.note("internal: \(error)")
      return Self.failure("Internal error", status: 500)
    }
  }

  private func take(
    _ form: [(name: String, value: String)], _ parameters: AuthorizationParameters, _ keys: KeysMessage?
  ) throws -> Response {
    func value(_ name: String) -> String { form.last { $0.name == name }?.value ?? "" }
    if form.contains(where: { $0.name == "cancel" }) {
      return redirect(parameters, [("error", "access_denied")])
    }
    if form.contains(where: { $0.name == "session" }) {
      return try takeCode(value("code"), session: value("session"), parameters, keys)
    }
    return try takePassword(value("password"), email: value("email"), parameters, keys)
  }

  // MARK: Password

  private func takePassword(
    _ password: String, email: String, _ parameters: AuthorizationParameters, _ keys: KeysMessage?
  ) throws -> Response {
    func again(_ problem: String) -> Response { passwordForm(parameters, email: email, problem: problem) }
    guard let account = call.book.account(email: email) else { return again("Unknown account") }
    guard !account.isSecondary(email) else { return again("Primary account email required for sign-in") }
    // Such an account signs in through somebody else, which is no business of this page.
    if account.hasPassword {
      let stretched =
        try account.clientSalt.map { try PasswordStretch(clientSalt: $0, password: password) }
        ?? PasswordStretch(email: account.saltEmail, password: password)
      guard try account.unlock(authPW: stretched.authPW, allowV1: true) != nil else {
        return again("Incorrect password")
      }
    }
    guard !account.mustReset, !account.locked else { return again("The password must be changed first") }
    let token = Derive.random(32)
    let derived = DerivedToken(token, kind: .session)
    var session = Session(
      id: derived.id, hawkKey: Hex.encode(derived.hawkKey), account: account.uid, created: call.now, authAt: call.now,
      lastAccess: state.clock.milliseconds, verified: true, userAgent: exchange.request.header("user-agent") ?? "")
    guard let (method, reason) = call.verification(of: account, asked: "email-otp", unblocked: false) else {
      call.book.startSession(session)
      return try finish(session, token, parameters, keys)
    }
    session.verified = false
    session.method = method
    session.reason = reason
    call.book.startSession(session)
    if method != "totp-2fa" { call.mailVerification(session.id) }
    return codeForm(session, token, parameters)
  }

  // MARK: Code

  private func takeCode(
    _ code: String, session text: String, _ parameters: AuthorizationParameters, _ keys: KeysMessage?
  ) throws -> Response {
    guard let token = Hex.strict(text, count: 32) else { throw AuthError(110) }
    let id = DerivedToken(token, kind: .session).id
    guard let session = call.book.sessions[id] else { throw AuthError(110) }
    let account = try call.account(session.account)
    let isRight: Bool
    switch session.method {
    case "totp-2fa":
      isRight = account.totpSecret.map { OneTimeCode.accepts(code, secret: $0, unixTime: call.now) } ?? false
    case "email": isRight = session.verified
    default: isRight = session.code == code && session.codeExpires > call.now
    }
    guard isRight else { return codeForm(session, token, parameters, problem: "Invalid or expired confirmation code") }
    call.confirm(id, strong: session.method == "totp-2fa")
    return try finish(call.book.sessions[id] ?? session, token, parameters, keys)
  }

  // MARK: Keys and redirect

  private func finish(
    _ session: Session, _ token: [UInt8], _ parameters: AuthorizationParameters, _ keys: KeysMessage?
  ) throws -> Response {
    let account = try call.account(session.account)
    let message = try parameters.scopes.contains(SyncKey.scope) ? keys.flatMap { try keysJWE(of: account, $0) } : nil
    let code = call.handOut(parameters, session, keysJWE: message)
    if exchange.request.queryValue("context")?.hasPrefix(WebChannelPage.context) == true {
      return WebChannelPage(account: account, token: token, code: code, state: parameters.state).answer
    }
    // Not `endSession`, with which the code would go.
    call.book.sessions[session.id] = nil
    return redirect(parameters, [("code", code)])
  }

  private func keysJWE(of account: Account, _ keys: KeysMessage) throws -> String? {
    let tampering = state.switches.text("oauth.keys")
    guard account.hasPassword, tampering != "missing" else { return nil }
    let key64 = account.syncKey.bundle.encryptionKey + account.syncKey.bundle.hmacKey
    func key(_ scope: String) -> JSON.Member {
      JSON.Member(
        scope,
        [
          "kty": "oct", "scope": .string(scope), "k": .string(Base64.url(key64)),
          "kid": .string(account.keyID),
        ])
    }
    var bundle = [key(SyncKey.scope)]
    if tampering == "extra-scope" { bundle.append(key("https://identity.mozilla.com/apps/other")) }
    let sealed = try (tampering == "wrong-recipient" ? KeysMessage() : keys).seal(.object(bundle))
    guard tampering == "tampered" else { return sealed }
    let end = sealed.index(sealed.endIndex, offsetBy: -4)
    return sealed[..<end] + (sealed[end] == "A" ? "B" : "A") + sealed[sealed.index(after: end)...]
  }

  private func redirect(
    _ parameters: AuthorizationParameters, _ answer: [(name: String, value: String)]
  ) -> Response {
    let location = parameters.redirect(with: answer + [("state", parameters.state)])
    return Response(status: 303, headers: [("Location", location), ("Cache-Control", "no-store")])
  }
}
