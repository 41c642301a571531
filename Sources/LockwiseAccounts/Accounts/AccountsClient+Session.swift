import LockwiseCore

/// The routes of a session.
extension AccountsClient {
  /// Returns whether a session is verified (GET /session/status).
  ///
  /// - Throws: `AccountsError`, errno 110 if the session is gone; `HTTPError`.
  func isVerified(_ session: AccountToken) throws -> Bool { try pendingStep(session) == nil }

  /// Returns the step that is left for a session (GET /session/status); `nil` if there is none. A server that names no
  /// method mails links.
  ///
  /// - Throws: `AccountsError`, errno 110 if the session is gone; `HTTPError`.
  func pendingStep(_ session: AccountToken) throws -> VerificationStep? {
    let object = try get("/session/status", authorization: session.authorization).success()
    switch object["state"]?.string {
    case "verified": return nil
    case "unverified":
      let method = object["details"]?.object?["sessionVerificationMethod"]?.string
      return VerificationStep(method: method ?? "email", reason: nil)
    default: throw AccountsError.missingField("state", in: .sessionStatus)
    }
  }

  /// Ends a session (POST /session/destroy). One that has already ended is not an error.
  ///
  /// - Throws: `AccountsError`, `HTTPError`.
  func destroy(_ session: AccountToken) throws {
    let answer = try post(
      "/session/destroy", body: SecretBytes(utf8: "{}"), authorization: session.authorization)
    guard answer.isSuccess || answer.errno == AccountsErrno.invalidToken.rawValue else { throw answer.error }
  }

  /// Creates another session of the same account, with the same state of verification and without a device record (POST
  /// /session/duplicate). The caller has to destroy it.
  ///
  /// - Throws: `AccountsError`, errno 110 if the session is gone; `HTTPError`.
  func duplicate(_ session: AccountToken) throws -> AccountToken {
    let answer = try post(
      "/session/duplicate", body: SecretBytes(utf8: "{}"), authorization: session.authorization, once: true)
    let hex = try answer.success().hex("sessionToken", count: 64, in: .duplicate)
    guard let duplicate = try AccountToken(.session, hex: hex) else {
      throw AccountsError.missingField("sessionToken", in: .duplicate)
    }
    return duplicate
  }
}
