import LockwiseCore

/// A failure of the token server to provide storage credentials. Holds numbers and fixed words only.
enum TokenServerError: Error, Equatable, Sendable {
  /// The access token is not accepted (`invalid-credentials`, and every word that is not known with a 401).
  case invalidCredentials
  /// The key id is missing or malformed (`invalid-key-id`).
  case invalidKeyID
  /// The Sync key is an old one or not the account's (`invalid-client-state`).
  case invalidClientState
  /// The access token is from before a change of the password (`invalid-generation`).
  case invalidGeneration
  /// The Sync key is from before a reset of the account (`invalid-keysChangedAt`).
  case invalidKeysChangedAt
  /// This machine's clock is wrong for the server (`invalid-timestamp`); its time minus this machine's,
  /// if it is known.
  case invalidTimestamp(offset: Milliseconds?)
  /// The server accepts no new users (`new-users-disabled`).
  case newUsersDisabled
  /// The server is busy (429, 503); the time to wait, if it said.
  case busy(retryAfter: Seconds?)
  /// The server failed (`internal-error`, 5xx).
  case failed(status: Int)
  /// The address is not that of a token server (404, 405, or a response that is not JSON).
  case notATokenServer(status: Int)
  /// The server redirects; the target without its query.
  case redirected(to: String)
  /// Any other refusal (`error`).
  case refused(status: Int)
  /// A field of the response is missing or not usable.
  case missingField(String)

  /// Reads a response without success.
  ///
  /// - Parameters:
  ///   - status: the HTTP status.
  ///   - word: the body's `status`; `nil` if the body is not the token server's.
  ///   - retryAfter: the time of `Retry-After`.
  ///   - offset: the server's time minus this machine's.
  init(status: Int, word: String?, retryAfter: Seconds?, offset: Milliseconds?) {
    self =
      switch (status, word) {
      case (429, _), (503, _): .busy(retryAfter: retryAfter)
      case (500..., _): .failed(status: status)
      case (_, "new-users-disabled"): .newUsersDisabled
      case (_, "internal-error"): .failed(status: status)
      case (401, "invalid-key-id"): .invalidKeyID
      case (401, "invalid-client-state"): .invalidClientState
      case (401, "invalid-generation"): .invalidGeneration
      // Older texts of Mozilla's have the shorter word.
      case (401, "invalid-keysChangedAt"), (401, "invalid-keysAt"): .invalidKeysChangedAt
      case (401, "invalid-timestamp"): .invalidTimestamp(offset: offset)
      case (401, _): .invalidCredentials
      case (404, _), (405, _), (_, nil): .notATokenServer(status: status)
      default: .refused(status: status)
      }
  }

  /// Whether the server answered 401: a new access token may help, once.
  var isUnauthorized: Bool {
    switch self {
    case .invalidCredentials, .invalidKeyID, .invalidClientState, .invalidGeneration, .invalidKeysChangedAt,
      .invalidTimestamp:
      true
    default: false
    }
  }

  /// Whether the server asked to wait.
  var isBusy: Bool { if case .busy = self { true } else { false } }

  /// Whether the server failed, or is not a token server: it did not refuse anything.
  var isServerTrouble: Bool {
    switch self {
    case .failed, .notATokenServer, .redirected, .missingField: true
    default: false
    }
  }

  /// The time to wait before another try; `nil` if the server names none.
  var retryAfter: Seconds? {
    if case .busy(let seconds) = self { seconds } else { nil }
  }
}

extension TokenServerError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: isBusy ? .busy : isServerTrouble ? .unreachable : .refused)
  }

  private var message: String {
    switch self {
    case .invalidCredentials: "the token server does not accept the sign-in"
    case .invalidKeyID: "the token server does not accept the stored key id"
    case .invalidClientState: "the stored Sync key is no longer the account's"
    case .invalidGeneration: "the account's password was changed"
    case .invalidKeysChangedAt: "the account and its Sync key were reset"
    case .invalidTimestamp(let offset):
      "this machine's clock is wrong" + (offset.map { " by " + Quantity.duration(Seconds($0.magnitude)) } ?? "")
    case .newUsersDisabled: "the token server accepts no new users"
    case .busy: "the token server is busy"
    case .failed(let status): "the token server failed (HTTP \(status))"
    case .notATokenServer(let status): "there is no token server at this address (HTTP \(status))"
    case .redirected(let target): "the token server redirects to \(target)"
    case .refused(let status): "the token server refused the request (HTTP \(status))"
    case .missingField(let name): "the token server's response has no usable \(name)"
    }
  }

  private var hint: String {
    switch self {
    case .invalidCredentials, .invalidKeyID, .invalidClientState, .invalidGeneration, .invalidKeysChangedAt:
      "sign in again: lockwise-sync login; the vault keeps its logins"
    case .invalidTimestamp: "set this machine's clock, then try again"
    case .newUsersDisabled: "ask the server's operator"
    case .busy(let seconds):
      seconds.map(RetryAfter.hint) ?? "try again later"
    case .failed, .missingField: "try again later"
    case .redirected: "check the token server's address; a proxy or a sign-in page may be in between"
    case .notATokenServer, .refused: "check the token server's address"
    }
  }
}
