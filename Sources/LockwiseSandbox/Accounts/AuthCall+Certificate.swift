import Foundation

/// BrowserID's only route, removed in May 2024.
extension AuthCall {
  /// The longest life of a certificate, a day in milliseconds.
  private static let longest = 86_400_000

  func signCertificate() throws -> Response {
    let session = try session()
    // Production answers 404 here and 410 for other retired routes.
    guard switches.flag("accounts.browserid") else { throw AuthError(116, status: 404) }
    let body = try body()
    let account = try account(session.account)
    guard session.verified, account.emailVerified else { throw AuthError(104) }
    guard let key = body["publicKey"] else { throw AuthError.missing("publicKey") }
    guard BrowserIDPublicKey(key) != nil else { throw AuthError.invalid("publicKey") }
    guard let duration = body["duration"] else { throw AuthError.missing("duration") }
    guard let duration = duration.int, 0...Self.longest ~= duration else { throw AuthError.invalid("duration") }
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
