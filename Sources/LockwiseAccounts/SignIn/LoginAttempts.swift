import LockwiseCore

/// The logins of one run, including codes that lift a block and short waits. A class, since it counts all of them.
final class LoginAttempts {
  /// The longest pause that is waited for.
  private static let timeout: Seconds = 60

  private let client: AccountsClient
  private let questions: (any SignInQuestions)?
  private var hasRequestedCode = false
  /// The address as typed, and as the server spells it. It is known from the second try on, so that each try is one
  /// login for the server, which counts them (5 in 15 minutes).
  private var spelling: (typed: String, ofServer: String)?

  init(client: AccountsClient, questions: (any SignInQuestions)?) {
    self.client = client
    self.questions = questions
  }

  /// Signs in with a password.
  ///
  /// - Throws: `AccountsError`, `HTTPError`, `CryptoError`; the errors of the questions.
  func login(email: String, password: SecretBytes) throws -> AccountSession {
    var proof = try client.proof(
      email: email, password: password, spelling: spelling?.typed == email ? spelling?.ofServer : nil)
    defer { if proof.isRespelled { spelling = (email, proof.spelling) } }
    var hasWaited = false
    while true {
      do {
        return try client.login(&proof)
      } catch let error as AccountsError {
        if error.offersUnblockCode { return try unblock(&proof, after: error) }
        guard !hasWaited, error.errno == AccountsErrno.throttled.rawValue, let questions,
          let wait = error.retryAfter, wait <= Self.timeout
        else { throw error }
        hasWaited = true
        questions.report(.throttled(wait))
        try questions.pause(wait)
      }
    }
  }

  /// Requests a code by e-mail once a run without being asked, and once more after two wrong ones.
  private func unblock(_ proof: inout LoginProof, after block: AccountsError) throws -> AccountSession {
    guard let questions, questions.canAnswer else { throw block }
    if !hasRequestedCode { try requestCode(proof.email, questions) }
    var refusal: AccountsError?
    var wrong = 0
    var hasResent = false
    while true {
      let code = SignInCode(typed: try questions.code(for: .unblock, after: refusal), upperCased: true)
      if code.isEmpty, !hasResent {
        hasResent = true
        try requestCode(proof.email, questions)
        refusal = nil
        continue
      }
      do {
        guard code.isUnblockCode else { throw AccountsError.wrongUnblockCode }
        return try client.login(&proof, unblockCode: code.text)
      } catch let error as AccountsError where error.errno == AccountsErrno.wrongUnblockCode.rawValue {
        wrong += 1
        guard wrong < 3 else { throw error }
        refusal = error
        if wrong == 2, !hasResent {
          hasResent = true
          try requestCode(proof.email, questions)
        }
      }
    }
  }

  private func requestCode(_ email: String, _ questions: any SignInQuestions) throws {
    hasRequestedCode = true
    try client.sendUnblockCode(email: email)
    questions.report(.codeMailed(.unblock))
  }
}
