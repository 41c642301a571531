/// A message for the user and the remedy; `nil` if there is none.
struct ErrorText {
  let message: String
  let hint: String?

  init(_ message: String, _ hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

/// The hints that several refusals share.
enum Advice {
  static let report = "this looks like a bug in lockwise; please report it with the number"
  static let client = "update lockwise, or check --client-id"
  static let later = "try again later"
  static let signIn = "sign in again: lockwise-sync login"
  static let elsewhere = "try another sign-in method: lockwise-sync login --browser, or --from-firefox"
  static let browser = "use a browser or Firefox: lockwise-sync login --browser, or --from-firefox"
  /// For a code that could not be asked for.
  static let codes = "sign in at a terminal, or give the code with --otp-command or --otp-fd"
}

extension AccountsRefusal {
  /// The text for the refusal.
  var text: ErrorText {
    guard !refusesGrantType else {
      return ErrorText("the client id cannot get tokens for a session", Advice.client)
    }
    return switch AccountsErrno(rawValue: errno) {
    case .throttled where offersUnblockCode, .blocked where offersUnblockCode:
      ErrorText("the sign-in is blocked until you enter the code sent by e-mail", Advice.codes)
    case .throttled:
      ErrorText("too many requests", RetryAfter.hint(retryAfter ?? 900))
    case .some(let errno): errno.text
    case nil where (224...238).contains(errno):
      ErrorText("the account requires a passkey", Advice.browser)
    case nil:
      ErrorText("the accounts server refused the request", status >= 500 ? Advice.later : Advice.elsewhere)
    }
  }
}

extension AccountsErrno {
  /// The text for the number.
  var text: ErrorText {
    switch self {
    case .accountExists, .unknownAccount, .wrongPassword, .incorrectEmailCase, .secondaryAddress,
      .noPasswordSet, .mustReset, .noPassword, .passwordExists, .blocked, .throttled:
      credentialsText
    case .unconfirmed, .wrongVerificationCode, .wrongUnblockCode, .unverifiedSession, .totpExists,
      .totpMissing, .unknownBackupCode, .totpRequired, .wrongOneTimeCode, .insufficientLevel, .invalidStepUp,
      .needsTwoStep, .wrongTokenCode, .expiredTokenCode:
      verificationText
    case .mailNotSent, .mailFailed, .mailComplaint, .mailBouncedHard, .mailBounced, .mailUnavailable:
      mailText
    case .unknownClient, .invalidScopes, .staleAuthentication, .notPublicClient, .redirectMismatch,
      .invalidResponseType, .missingPKCE, .wrongClientSecret, .unknownAuthorizationCode,
      .foreignAuthorizationCode, .expiredAuthorizationCode, .pkceMismatch, .unknownRefreshToken,
      .clientDisabled, .invalidToken:
      oauthText
    default: serviceText
    }
  }

  private var credentialsText: ErrorText {
    switch self {
    case .accountExists: .init("an account with this address already exists", "sign in with it")
    case .unknownAccount: .init("there is no account with this address", "check the address and the server")
    case .wrongPassword: .init("wrong password", "try again; too many attempts lock the account for some time")
    case .incorrectEmailCase:
      .init(
        "the account was created with another spelling of the address",
        "type the address exactly as you did when you created the account")
    case .secondaryAddress:
      .init("this is a secondary address of the account", "sign in with the primary address")
    case .mustReset:
      .init("the account's password must be reset", "reset it in a browser, then sign in again")
    case .noPassword, .noPasswordSet:
      .init(
        "the account has no password and therefore no Sync key",
        "create a password in the account's settings in a browser, then sign in again")
    case .passwordExists: .init("the account has a password already")
    case .blocked: .init("the sign-in was blocked for security reasons", Advice.browser)
    default: .init("too many requests", Advice.later)
    }
  }

  private var verificationText: ErrorText {
    switch self {
    case .unconfirmed:
      .init("the account or this sign-in is not confirmed", "confirm it in a browser, then sign in again")
    case .unverifiedSession: .init("this sign-in is not confirmed", Advice.codes)
    case .wrongVerificationCode, .wrongOneTimeCode, .wrongTokenCode, .expiredTokenCode:
      .init("wrong or expired code", "try again with a new code")
    case .wrongUnblockCode: .init("wrong or expired unblock code", "request a new one")
    case .unknownBackupCode: .init("unknown backup code", "each backup code works once; try another")
    case .totpExists: .init("two-step authentication is already set up")
    case .totpMissing: .init("two-step authentication is not set up", "confirm the sign-in another way")
    case .totpRequired: .init("the account has no two-step authentication", "confirm the sign-in another way")
    case .needsTwoStep:
      .init("the server requires two-step authentication", "turn it on in the account's settings")
    default: .init("the server requires two-step authentication first", Advice.codes)
    }
  }

  private var mailText: ErrorText {
    switch self {
    case .mailComplaint, .mailBouncedHard, .mailBounced:
      .init("mail to this address bounced", "check the account's address in a browser")
    default: .init("the server could not send mail", Advice.later)
    }
  }

  private var oauthText: ErrorText {
    switch self {
    case .invalidToken: .init("the sign-in has expired or was revoked", Advice.signIn)
    case .unknownRefreshToken: .init("the sign-in was revoked", Advice.signIn)
    case .staleAuthentication: .init("the sign-in is too old", Advice.signIn)
    case .unknownAuthorizationCode, .foreignAuthorizationCode, .expiredAuthorizationCode, .pkceMismatch:
      .init("the sign-in in the browser is no longer valid", "start again: lockwise-sync login --browser")
    case .clientDisabled: .init("Mozilla has disabled the client id that lockwise uses", Advice.client)
    case .unknownClient: .init("the server does not recognise the client id", Advice.client)
    case .invalidScopes: .init("the server does not let this client use Sync", Advice.client)
    case .notPublicClient: .init("the client id does not belong to a public client", Advice.client)
    case .redirectMismatch: .init("the redirect address is not registered for the client id", Advice.client)
    default: .init("the server refused the client's request", Advice.client)
    }
  }

  private var serviceText: ErrorText {
    switch self {
    case .unavailable: .init("the accounts server is not available", Advice.later)
    case .backendFailed, .internalError, .unexpected: .init("the accounts server failed", Advice.later)
    case .featureDisabled: .init("the server has disabled this feature")
    case .gone: .init("the server no longer supports this request", "update lockwise")
    case .invalidTimestamp: .init("this machine's clock is too far off", "set the clock, then try again")
    case .invalidParameter:
      .init("the server rejected a value", "check the address; if it is right, please report this")
    case .addressNotOwned: .init("the address does not belong to the account", "check it in a browser")
    case .recoveryKeyMissing, .recoveryKeyInvalid, .recoveryKeyExists:
      .init("the server refused the recovery key")
    case .unknownDevice: .init("the server no longer has this device", Advice.signIn)
    case .deviceConflict: .init("the session belongs to another device")
    default: .init("the server rejected the request", Advice.report)
    }
  }
}
