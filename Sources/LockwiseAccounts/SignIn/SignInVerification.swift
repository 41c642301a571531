import LockwiseCore

/// The verification step after the password.
struct SignInVerification {
  private static let tries = 3
  private static let linkPatience: Seconds = 600
  private static let linkInterval: Seconds = 4
  /// The number of failed requests for the session's state in a row that are tolerated.
  private static let troubles = 3

  let client: AccountsClient
  let session: AccountToken
  let questions: (any SignInQuestions)?

  /// Completes the verification step.
  ///
  /// - Throws: `AccountsError`, `.verificationPending` for a step that cannot be done here; `HTTPError`; the errors of
  ///   the questions.
  func complete(_ step: VerificationStep) throws {
    guard let questions, questions.canAnswer, step.reason != .changePassword else {
      throw AccountsError.verificationPending(step)
    }
    switch step.method {
    case .totp: try enterCode(.authenticator, questions) { try authenticate($0, questions) }
    case .emailCode:
      try enterCode(.email, questions) { code in
        guard code.isMailedCode else { throw AccountsError.wrongCode }
        try client.verifyCode(session, code: code.text)
      }
    case .emailLink: try awaitLink(questions)
    case .unblockCode, .other: throw AccountsError.verificationPending(step)
    }
  }

  /// Each try counts towards the server's throttling, so a text that cannot be a code is not sent.
  private func enterCode(
    _ kind: CodeKind, _ questions: any SignInQuestions, check: (SignInCode) throws -> Void
  ) throws {
    var refusal: AccountsError?
    var remaining = Self.tries
    var resends = Self.tries
    while remaining > 0 {
      let code = SignInCode(typed: try questions.code(for: kind, after: refusal))
      let isResend = code.isEmpty && kind == .email && resends > 0
      do {
        if isResend {
          resends -= 1
          try client.resendCode(session)
          questions.report(.codeMailed(kind))
          refusal = nil
        } else {
          remaining -= 1
          return try check(code)
        }
        // The first mailed code is still valid.
      } catch let error as AccountsError where error.isWrongCode || (isResend && error.isThrottled) {
        refusal = error
      }
    }
    throw refusal ?? AccountsError.wrongCode
  }

  private func authenticate(_ code: SignInCode, _ questions: any SignInQuestions) throws {
    if code.isOfApp { return try client.verifyAuthenticatorCode(session, code: code.text) }
    guard code.isRecoveryCode else { throw AccountsError.wrongCode }
    if let left = try client.useRecoveryCode(session, code: code.text) { questions.report(.recoveryCodesLeft(left)) }
  }

  private func awaitLink(_ questions: any SignInQuestions) throws {
    var left = Self.linkPatience
    var troubles = 0
    while left > 0 {
      questions.report(.waitingForLink(left))
      try questions.pause(Self.linkInterval)
      left -= Self.linkInterval
      do {
        if try client.isVerified(session) { return }
        troubles = 0
      } catch let error as AccountsError where error.isUnverified {
        continue
      } catch {
        let mayPass = (error as? AccountsError)?.isServerTrouble ?? (error is HTTPError)
        troubles += 1
        guard mayPass, troubles < Self.troubles else { throw error }
      }
    }
    throw AccountsError.linkNotOpened
  }
}
