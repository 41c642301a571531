import LockwiseCore

/// What people are told about a refusal: what happened, and what they can do.
struct AccountsAdvice {
  let message: String
  let hint: String?

  init(_ message: String, _ hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  fileprivate static let report = "this looks like a fault of lockwise; please report it with the number"
  static let client = "check the configured client id; this version may be out of date"
  private static let later = "try again later"
  private static let signIn = "sign in again"
  private static let elsewhere = "another way may work: lockwise-sync login --browser, or --from-firefox"
  private static let browser = "sign in there: lockwise-sync login --browser, or --from-firefox"
  /// What a person does who was not there to be asked.
  static let codes = "sign in at a terminal, or give the code with --otp-command or --otp-fd"

  /// The advice for a refusal.
  init(for refusal: AccountsRefusal) {
    guard !refusal.refusesGrantType else {
      self.init("the client id may not get tokens for a session", Self.client)
      return
    }
    switch AccountsErrno(rawValue: refusal.errno) {
    case .throttled where refusal.offersUnblockCode, .blocked where refusal.offersUnblockCode:
      self.init("the sign-in was blocked until a code sent by e-mail is entered", Self.codes)
    case .throttled:
      let wait = refusal.retryAfter.map { "wait \(Self.duration($0)), then try again" }
      self.init("too many requests", wait ?? "wait 15 minutes, then try again")
    case .some(let errno): self = Self.advice(errno)
    case nil where (224...238).contains(refusal.errno):
      self.init("the account asks for a passkey", Self.browser)
    case nil:
      self.init("the accounts server refused the request", refusal.status >= 500 ? Self.later : Self.elsewhere)
    }
  }

  private static func advice(_ errno: AccountsErrno) -> AccountsAdvice {
    switch errno {
    case .accountExists, .unknownAccount, .wrongPassword, .incorrectEmailCase, .secondaryAddress,
      .noPasswordSet, .mustReset, .noPassword, .passwordExists, .blocked, .throttled:
      credentials(errno)
    case .unconfirmed, .wrongVerificationCode, .wrongUnblockCode, .unverifiedSession, .totpExists,
      .totpMissing, .unknownBackupCode, .totpRequired, .wrongOneTimeCode, .insufficientLevel, .invalidStepUp,
      .needsTwoStep, .wrongTokenCode, .expiredTokenCode:
      verification(errno)
    case .mailNotSent, .mailFailed, .mailComplaint, .mailBouncedHard, .mailBounced, .mailUnavailable:
      mail(errno)
    case .unknownClient, .invalidScopes, .staleAuthentication, .notPublicClient, .redirectMismatch,
      .invalidResponseType, .missingPKCE, .wrongClientSecret, .unknownAuthorizationCode,
      .foreignAuthorizationCode, .expiredAuthorizationCode, .pkceMismatch, .unknownRefreshToken,
      .clientDisabled, .invalidToken:
      oauth(errno)
    default: service(errno)
    }
  }

  private static func credentials(_ errno: AccountsErrno) -> AccountsAdvice {
    switch errno {
    case .accountExists: .init("an account with this address exists already", "sign in with it")
    case .unknownAccount: .init("there is no account with this address", "check the address and the server")
    case .wrongPassword: .init("wrong password", "try again; too many tries lock the account for a while")
    case .incorrectEmailCase:
      .init(
        "the account was created with another address",
        "type the address exactly as when the account was created")
    case .secondaryAddress:
      .init("this is a secondary address of the account", "sign in with the primary address")
    case .mustReset:
      .init("the account's password must be reset", "reset it in a browser, then sign in again")
    case .noPassword, .noPasswordSet:
      .init(
        "the account has no password, and so no Sync key",
        "create a password in the account's settings in a browser, then sign in again")
    case .passwordExists: .init("the account has a password already")
    case .blocked: .init("the sign-in was blocked for security reasons", browser)
    default: .init("too many requests", later)
    }
  }

  private static func verification(_ errno: AccountsErrno) -> AccountsAdvice {
    switch errno {
    case .unconfirmed:
      .init("the account or this sign-in is not confirmed", "confirm it in a browser, then sign in again")
    case .unverifiedSession: .init("this sign-in is not confirmed", codes)
    case .wrongVerificationCode, .wrongOneTimeCode, .wrongTokenCode, .expiredTokenCode:
      .init("wrong or expired code", "try again with a new code")
    case .wrongUnblockCode: .init("wrong or expired unblock code", "ask for a new one")
    case .unknownBackupCode: .init("no such backup code", "each backup code works once; try another")
    case .totpExists: .init("two-step authentication is set up already")
    case .totpMissing: .init("two-step authentication is not set up", "choose another way to confirm")
    case .totpRequired: .init("the account has no two-step authentication", "choose another way to confirm")
    case .needsTwoStep:
      .init("the server asks for two-step authentication", "switch it on in the account's settings")
    default: .init("the server asks for two-step authentication first", codes)
    }
  }

  private static func mail(_ errno: AccountsErrno) -> AccountsAdvice {
    switch errno {
    case .mailComplaint, .mailBouncedHard, .mailBounced:
      .init("mail to this address came back", "check the account's address in a browser")
    default: .init("the server could not send mail", later)
    }
  }

  private static func oauth(_ errno: AccountsErrno) -> AccountsAdvice {
    switch errno {
    case .invalidToken: .init("the sign-in has expired or was revoked", signIn)
    case .unknownRefreshToken: .init("the sign-in was revoked", signIn)
    case .staleAuthentication: .init("the sign-in is too long ago", signIn)
    case .unknownAuthorizationCode, .foreignAuthorizationCode, .expiredAuthorizationCode, .pkceMismatch:
      .init("the sign-in in the browser is not valid any more", "start it again")
    case .clientDisabled: .init("Mozilla has switched off the client id that lockwise uses", client)
    case .unknownClient: .init("the server does not know the client id", client)
    case .invalidScopes: .init("the server does not give this client access to sync", client)
    case .notPublicClient: .init("the client id is not that of a public client", client)
    case .redirectMismatch: .init("the redirect address does not belong to the client id", client)
    default: .init("the server refused the client's request", client)
    }
  }

  private static func service(_ errno: AccountsErrno) -> AccountsAdvice {
    switch errno {
    case .unavailable: .init("the accounts server is not available", later)
    case .backendFailed, .internalError, .unexpected: .init("the accounts server failed", later)
    case .featureDisabled: .init("the server has switched this feature off")
    case .gone: .init("the server does not offer this any more", "this version does not fit the server")
    case .invalidTimestamp: .init("this machine's clock is too far off", "set the clock, then try again")
    case .invalidParameter:
      .init("the server does not accept a value", "check the address; if it is right, please report this")
    case .addressNotOwned: .init("the address does not belong to the account", "check it in a browser")
    case .recoveryKeyMissing, .recoveryKeyInvalid, .recoveryKeyExists:
      .init("the server refused the recovery key")
    case .unknownDevice: .init("the server does not know this device any more", signIn)
    case .deviceConflict: .init("the session belongs to another device")
    default: .init("the server did not accept the request", report)
    }
  }

  /// `seconds` in words, rounded up.
  static func duration(_ seconds: Int64) -> String { Quantity.duration(seconds: max(1, seconds)) }
}

extension AccountsError: CustomStringConvertible {
  private var advice: AccountsAdvice {
    switch self {
    case .refused(let refusal): AccountsAdvice(for: refusal)
    case .verificationPending(let step): AccountsAdvice(step.message, step.hint)
    case .linkNotOpened:
      AccountsAdvice(
        "the link sent by e-mail was not opened within ten minutes", "sign in again; each sign-in has its own link")
    case .edge(let status, _): Self.edgeAdvice(status, wait: retryAfter)
    case .unexpectedAnswer(let status):
      AccountsAdvice(
        "the server gave an answer that is not of Mozilla accounts (http \(status))",
        "check the server's address; try again later")
    case .missingField(let name, .discovery):
      AccountsAdvice("the server's discovery answer has no usable \(name)", "check the server's address")
    case .missingField(let name, let answer):
      AccountsAdvice("the server's \(answer.rawValue) answer has no usable \(name)", "try again later")
    case .noDiscovery(let status):
      AccountsAdvice(
        "no server of Mozilla accounts answers at this address (http \(status))", "check the server's address"
      )
    case .refusedClientSalt:
      AccountsAdvice(
        "the server named a salt that must not be used", "check the server's address; nothing was sent")
    case .tamperedKeyBundle:
      AccountsAdvice("the account's keys are damaged or not from the server", "sign in again")
    case .noSyncKey:
      AccountsAdvice("the server gives this client no Sync key", "check the configured client id")
    case .noCertificates:
      AccountsAdvice(
        "the server does not take sign-ins with BrowserID, nor do Mozilla's own since 2024",
        "sign in without --browserid")
    case .unexpectedScope:
      AccountsAdvice("the server granted another access than asked for", "check the server's address")
    case .redirected(let origin):
      AccountsAdvice(
        "the server redirects to \(origin ?? "an address that is not used")",
        origin.map { "if that is the right server, name it: --server \($0)" } ?? "check the server's address")
    case .noRedirectAddress:
      AccountsAdvice("the client id has no redirect address for a browser", AccountsAdvice.client)
    case .devicesRefused:
      AccountsAdvice(
        "the accounts server refuses to list devices, though the sign-in is still valid",
        "try again later; pull and push are not affected")
    }
  }

  private static func edgeAdvice(_ status: Int, wait: Int64?) -> AccountsAdvice {
    let pause = wait.map { "wait \(AccountsAdvice.duration($0)), then try again" }
    return switch status {
    case 406:
      AccountsAdvice(
        "Mozilla's servers want a browser for this sign-in",
        "sign in there: lockwise-sync login --browser, or --from-firefox")
    case 429: AccountsAdvice("too many requests", pause)
    case 403:
      AccountsAdvice(
        "something in front of the accounts server refused the request",
        (pause.map { $0 + "; or " } ?? "") + "sign in in a browser: lockwise-sync login --browser, or --from-firefox")
    default: AccountsAdvice("the accounts server is not available", pause ?? "try again later")
    }
  }

  /// One short phrase for people, without the number.
  public var message: String { advice.message }

  /// What a person can do about it; `nil` where there is nothing to say.
  public var hint: String? { advice.hint }

  /// The message; with the number where nothing but a report helps.
  public var description: String {
    guard let errno, needsReport(errno) else { return message }
    return "\(message) (errno \(errno))"
  }

  private func needsReport(_ errno: Int) -> Bool {
    guard case .refused = self else { return false }
    guard let known = AccountsErrno(rawValue: errno) else { return !(224...238).contains(errno) }
    return known == .invalidParameter || [AccountsAdvice.report, AccountsAdvice.client].contains(hint)
  }
}
