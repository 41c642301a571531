import Foundation

/// What an account tells of itself.
extension AuthCall {
  func accountRoute(_ method: String) throws -> Response? {
    switch (method, path) {
    case ("POST", "account/status"):
      let account = book.account(email: try required("email", in: body()))
      return .json(["exists": .bool(account != nil), "hasPassword": .bool(account?.hasPassword ?? false)])
    case ("GET", "account/status"):
      guard let uid = request.queryValue("uid") else { throw AuthError.missing("uid") }
      return .json(["exists": .bool(book.accounts[uid] != nil)])
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
