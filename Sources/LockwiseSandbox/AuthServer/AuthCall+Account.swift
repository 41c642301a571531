import Foundation

/// The routes that describe an account.
extension AuthCall {
  /// Responds to a route of this kind; nil for any other.
  ///
  /// - Throws: ``AuthError`` for an error response.
  func accountRoute(_ method: String) throws -> Response? {
    switch (method, path) {
    case ("POST", "account/status"):
      let account = store.account(email: try required("email", in: body()))
      return .json(["exists": .bool(account != nil), "hasPassword": .bool(account?.hasPassword ?? false)])
    case ("GET", "account/status"):
      guard let uid = request.queryValue("uid") else { throw AuthError.missing("uid") }
      return .json(["exists": .bool(store.accounts[uid] != nil)])
    case ("GET", "account/profile"): return try profile()
    case ("GET", "account/emails"):
      let account = try account(session().account)
      return .json([
        "originalEmail": .string(account.saltEmail), "primaryEmail": .string(account.email),
        "emails": addresses(account),
      ])
    case ("GET", "recovery_emails"): return .json(addresses(try account(session().account)))
    case ("POST", "account/scoped-key-data"): return try scopedKeyData()
    case ("POST", "certificate/sign"): return try signCertificate()
    case ("GET", "__heartbeat__"), ("GET", "__lbheartbeat__"): return .json([:])
    default: return nil
    }
  }

  private func addresses(_ account: Account) -> JSON {
    var others = account.secondaryEmails
    if account.isSecondary(account.saltEmail), !others.contains(account.saltEmail) {
      others.append(account.saltEmail)
    }
    let rows = [(account.email, true)] + others.map { ($0, false) }
    return .array(
      rows.map { address, primary in
        [
          "email": .string(address), "isPrimary": .bool(primary),
          "verified": .bool(primary ? account.emailVerified : true),
        ]
      })
  }

  private func profile() throws -> Response {
    let session = try session()
    let account = try account(session.account)
    return .json([
      "email": .string(account.email), "locale": "en-US",
      "authenticationMethods": account.totpSecret == nil ? ["pwd", "email"] : ["pwd", "email", "otp"],
      "authenticatorAssuranceLevel": session.strong ? 2 : 1, "profileChangedAt": .int(account.generation),
      "metricsEnabled": true,
    ])
  }

  private func scopedKeyData() throws -> Response {
    let session = try session()
    let body = try body()
    let client = try knownClient(try required("client_id", in: body))
    let scopes = try required("scope", in: body).split(separator: " ").map(String.init)
    let account = try account(session.account)
    guard session.verified, account.emailVerified else { throw unverified() }
    let keyed = scopes.filter { $0 == SyncKey.scope && client.allows($0) }
    return .json(
      .object(
        keyed.map { scope in
          JSON.Member(
            scope,
            [
              "identifier": .string(scope),
              "keyRotationSecret": .string(String(repeating: "0", count: 64)),
              "keyRotationTimestamp": .int(account.keysChangedAt),
            ])
        }))
  }
}

/// The only route of BrowserID, which Mozilla removed in May 2024.
extension AuthCall {
  /// The longest life of a certificate in milliseconds: a day.
  private static let longestDuration = 86_400_000

  /// Responds to `certificate/sign`.
  ///
  /// - Throws: ``AuthError`` for an error response.
  private func signCertificate() throws -> Response {
    let session = try session()
    // Mozilla responds with 404 here, but with 410 to other retired routes.
    guard switches.flag("accounts.browserid") else { throw AuthError(116, status: 404) }
    let body = try body()
    let account = try account(session.account)
    guard session.verified, account.emailVerified else { throw AuthError(104) }
    guard let key = body["publicKey"] else { throw AuthError.missing("publicKey") }
    guard BrowserIDPublicKey(key) != nil else { throw AuthError.invalid("publicKey") }
    guard let duration = body["duration"] else { throw AuthError.missing("duration") }
    guard let duration = duration.int, 0...Self.longestDuration ~= duration else { throw AuthError.invalid("duration") }
    let issued = state.clock.milliseconds
    let certificate = try state.certificateAuthority().certificate([
      "iss": .string(state.issuer), "iat": .int(issued), "exp": .int(issued + duration), "public-key": key,
      "principal": ["email": .string("\(account.uid)@\(state.issuer)")],
      "fxa-generation": .int(account.generation), "fxa-lastAuthAt": .int(session.authAt),
      "fxa-verifiedEmail": .string(account.email), "fxa-keysChangedAt": .int(account.keysChangedAt),
    ])
    return .json(["cert": .string(certificate)])
  }
}
