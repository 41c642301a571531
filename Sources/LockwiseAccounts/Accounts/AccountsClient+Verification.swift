import LockwiseCore

/// The routes that confirm a sign-in.
extension AccountsClient {
  /// Confirms a session with a mailed code (POST /session/verify_code).
  ///
  /// - Throws: `AccountsError`, errno 183 or 105 if the code is wrong or expired; `HTTPError`.
  func verifyCode(_ session: AccountToken, code: SecretBytes) throws {
    _ = try send(code, to: "/session/verify_code", session, refusal: .wrongCode).success()
  }

  /// Requests another code or link by e-mail (POST /session/resend_code).
  ///
  /// - Throws: `AccountsError`, `HTTPError`.
  func resendCode(_ session: AccountToken) throws {
    _ = try post("/session/resend_code", body: SecretBytes(utf8: "{}"), authorization: session.authorization).success()
  }

  /// Confirms a session with a code of an authenticator app (POST /session/verify/totp).
  ///
  /// - Throws: `AccountsError`, errno 183 also for a wrong code that the server does not report as an error;
  ///   `HTTPError`.
  func verifyAuthenticatorCode(_ session: AccountToken, code: SecretBytes) throws {
    let object = try send(code, to: "/session/verify/totp", session, refusal: .wrongCode).success()
    guard object["success"]?.bool == true else { throw AccountsError.wrongCode }
  }

  /// Confirms a session with a recovery code, which is used up (POST /session/verify/recoveryCode).
  ///
  /// - Returns: the number of codes left, if the server reports it.
  /// - Throws: `AccountsError`, errno 156 if there is no such code; `HTTPError`.
  func useRecoveryCode(_ session: AccountToken, code: SecretBytes) throws -> Int64? {
    try send(code, to: "/session/verify/recoveryCode", session, refusal: .unknownRecoveryCode).success()["remaining"]?
      .wholeNumber
  }

  /// Requests a code by e-mail that lifts a block (POST /account/login/send_unblock_code).
  ///
  /// - Throws: `AccountsError`, `HTTPError`.
  func sendUnblockCode(email: String) throws {
    var body = JSONObjectWriter()
    body.member("email", email)
    _ = try post("/account/login/send_unblock_code", body: body.finish()).success()
  }

  /// - Parameter refusal: the error for a code of another form, which the server refuses without checking it (errno 107).
  private func send(
    _ code: SecretBytes, to path: String, _ session: AccountToken, refusal: AccountsError
  ) throws -> AccountsResponse {
    var body = JSONObjectWriter()
    body.member("code", secret: code)
    let answer = try post(path, body: body.finish(), authorization: session.authorization, once: true)
    if answer.errno == AccountsErrno.invalidParameter.rawValue { throw refusal }
    return answer
  }
}

extension AccountsError {
  /// A wrong code that the server reported without a number, or that was not sent.
  static let wrongCode = refused(AccountsRefusal(errno: AccountsErrno.wrongOneTimeCode.rawValue, status: 400))
  /// The same for an unblock code.
  static let wrongUnblockCode = refused(AccountsRefusal(errno: AccountsErrno.wrongUnblockCode.rawValue, status: 400))
  /// The same for a recovery code.
  static let unknownRecoveryCode = refused(
    AccountsRefusal(errno: AccountsErrno.unknownBackupCode.rawValue, status: 400))
  /// A wrong password that the server reports as another address.
  static let wrongPassword = refused(AccountsRefusal(errno: AccountsErrno.wrongPassword.rawValue, status: 400))

  /// Whether another code may be right.
  var isWrongCode: Bool {
    switch errno.flatMap({ AccountsErrno(rawValue: $0) }) {
    case .wrongOneTimeCode, .wrongVerificationCode, .expiredTokenCode, .unknownBackupCode: true
    default: false
    }
  }

  /// Whether the account or the session has to be confirmed first.
  var isUnverified: Bool {
    switch errno.flatMap({ AccountsErrno(rawValue: $0) }) {
    case .unconfirmed, .unverifiedSession: true
    default: false
    }
  }

  /// Whether the account or the session may have to be confirmed first. The OAuth routes answer an unverified session with
  /// 110, as they do a dead one.
  var mayBeUnverified: Bool { isUnverified || errno == AccountsErrno.invalidToken.rawValue }

  /// Whether a mailed code lifts the block.
  var offersUnblockCode: Bool { if case .refused(let refusal) = self { refusal.offersUnblockCode } else { false } }
}
