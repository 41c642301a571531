import Foundation

/// The sign-in page at `/authorization`, which does in plain HTML what Mozilla's page does with scripts.
///
/// It signs the user in, encrypts the scoped keys to the client's `keys_jwk`, and redirects the browser to the client
/// with an authorization code. Each form posts to its own address, which keeps the OAuth parameters. Unlike Mozilla's
/// page, it ends its session afterwards, so only the client stays signed in.
///
/// Firefox itself opens the page as `/` and receives the session, the code and the keys over a web channel.
struct AuthorizationPage {
  let state: SandboxState
  let exchange: Exchange

  private var call: AuthCall { AuthCall(state: state, exchange: exchange, path: "") }

  /// Responds to a request for a form (GET) or with one (POST).
  func response() -> Response {
    do {
      let parameters = try AuthorizationParameters(call) { exchange.request.queryValue($0) }
      let keys = try exchange.request.queryValue("keys_jwk").map { try KeysMessage(keysJWK: $0) }
      guard exchange.request.method == "POST" else {
        guard exchange.request.method == "GET" else { return Self.failure("Method not allowed", status: 405) }
        return passwordForm(parameters, email: exchange.request.queryValue("email") ?? "")
      }
      return try accept(Form.pairs(String(decoding: exchange.request.body, as: UTF8.self)), parameters, keys)
    } catch let error as AuthError {
      exchange.addNote("errno \(error.errno)")
      return Self.failure("\(error.body["message"]?.text ?? "") (errno \(error.errno))", status: error.status)
    } catch {
      exchange.addNote("internal: \(error)")
      return Self.failure("Internal error", status: 500)
    }
  }

  private func accept(
    _ form: [(name: String, value: String)], _ parameters: AuthorizationParameters, _ keys: KeysMessage?
  ) throws -> Response {
    func value(_ name: String) -> String { form.last { $0.name == name }?.value ?? "" }
    if form.contains(where: { $0.name == "cancel" }) {
      return redirect(parameters, [("error", "access_denied")])
    }
    if form.contains(where: { $0.name == "session" }) {
      return try acceptCode(value("code"), session: value("session"), parameters, keys)
    }
    return try acceptPassword(value("password"), email: value("email"), parameters, keys)
  }

  // MARK: Password

  private func acceptPassword(
    _ password: String, email: String, _ parameters: AuthorizationParameters, _ keys: KeysMessage?
  ) throws -> Response {
    func retry(_ problem: String) -> Response { passwordForm(parameters, email: email, problem: problem) }
    guard let account = call.store.account(email: email) else { return retry("Unknown account") }
    guard !account.isSecondary(email) else { return retry("Primary account email required for sign-in") }
    // An account without a password signs in at a third party, which the sandbox does not imitate.
    if account.hasPassword {
      let stretched =
        try account.clientSalt.map { try PasswordStretch(clientSalt: $0, password: password) }
        ?? PasswordStretch(email: account.saltEmail, password: password)
      guard try account.unlock(authPW: stretched.authPW, allowV1: true) != nil else {
        return retry("Incorrect password")
      }
    }
    guard !account.mustReset, !account.locked else { return retry("The password must be changed first") }
    let token = Derive.random(32)
    let derived = DerivedToken(token, kind: .session)
    var session = Session(
      id: derived.id, hawkKey: Hex.encode(derived.hawkKey), account: account.uid, created: call.now, authAt: call.now,
      lastAccess: state.clock.milliseconds, verified: true, userAgent: exchange.request.header("user-agent") ?? "")
    guard let (method, reason) = call.verification(of: account, asked: "email-otp", unblocked: false) else {
      call.store.startSession(session)
      return try finish(session, token, parameters, keys)
    }
    session.verified = false
    session.method = method
    session.reason = reason
    call.store.startSession(session)
    if method != "totp-2fa" { call.mailVerification(session.id) }
    return codeForm(session, token, parameters)
  }

  // MARK: Code

  private func acceptCode(
    _ code: String, session text: String, _ parameters: AuthorizationParameters, _ keys: KeysMessage?
  ) throws -> Response {
    guard let token = Hex.strict(text, count: 32) else { throw AuthError(110) }
    let id = DerivedToken(token, kind: .session).id
    guard let session = call.store.sessions[id] else { throw AuthError(110) }
    let account = try call.account(session.account)
    let isValid: Bool
    switch session.method {
    case "totp-2fa":
      isValid = account.totpSecret.map { OneTimeCode.accepts(code, secret: $0, unixTime: call.now) } ?? false
    case "email": isValid = session.verified
    default: isValid = session.code == code && session.codeExpires > call.now
    }
    guard isValid else { return codeForm(session, token, parameters, problem: "Invalid or expired confirmation code") }
    call.confirm(id, strong: session.method == "totp-2fa")
    return try finish(call.store.sessions[id] ?? session, token, parameters, keys)
  }

  // MARK: Keys and redirect

  private func finish(
    _ session: Session, _ token: [UInt8], _ parameters: AuthorizationParameters, _ keys: KeysMessage?
  ) throws -> Response {
    let account = try call.account(session.account)
    let message = try parameters.scopes.contains(SyncKey.scope) ? keys.flatMap { try keysJWE(of: account, $0) } : nil
    let code = call.issueCode(parameters, session, keysJWE: message)
    if exchange.request.queryValue("context")?.hasPrefix(WebChannelPage.context) == true {
      return WebChannelPage(account: account, token: token, code: code, state: parameters.state).response
    }
    // `endSession` would remove the code too.
    call.store.sessions[session.id] = nil
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
    _ parameters: AuthorizationParameters, _ result: [(name: String, value: String)]
  ) -> Response {
    let location = parameters.redirect(with: result + [("state", parameters.state)])
    return Response(status: 303, headers: [("Location", location), ("Cache-Control", "no-store")])
  }
}
