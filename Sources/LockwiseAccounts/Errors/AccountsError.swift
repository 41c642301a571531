/// Why the accounts server did not do what was asked. Holds numbers and fixed words only, never anything that a
/// server wrote.
public enum AccountsError: Error, Equatable, Sendable {
  /// The server refused with an errno.
  case refused(AccountsRefusal)
  /// The password was right, and the account asks for one more step.
  case verificationPending(VerificationStep)
  /// A mailed link was not opened while it was waited for.
  case linkNotOpened
  /// Something in front of the server answered: a status without a JSON body, and the seconds to wait.
  case edge(status: Int, retryAfter: Int64?)
  /// The answer is not what the interface promises.
  case unexpectedAnswer(status: Int)
  /// A field is missing in an answer, or has the wrong type.
  case missingField(String, in: Answer)
  /// The address is not that of a content server of Mozilla accounts.
  case noDiscovery(status: Int)
  /// The server named a salt that must not be used.
  case refusedClientSalt
  /// The account's keys did not arrive as the server sent them, or it does not hold them.
  case tamperedKeyBundle
  /// The server gives this client no Sync key.
  case noSyncKey
  /// The server issues no BrowserID certificates: it is of the time after, as Mozilla's own.
  case noCertificates
  /// The server granted another scope than the one asked for.
  case unexpectedScope
  /// The server redirects requests, with the origin that it names; `nil` if that is not one to follow.
  case redirected(to: String?)
  /// The client id has no redirect address that a browser could show.
  case noRedirectAddress
  /// The server refuses to list devices, while it accepts the sign-in elsewhere; the number that it gave.
  case devicesRefused(errno: Int)

  /// The answers that can lack a field.
  public enum Answer: String, Sendable {
    /// The discovery document.
    case discovery
    /// Of POST /account/login.
    case login
    /// Of GET /session/status.
    case sessionStatus = "session status"
    /// Of GET /account/keys.
    case keys
    /// Of POST /account/scoped-key-data.
    case scopedKeyData = "scoped key"
    /// Of POST /oauth/token.
    case token
    /// Of POST /session/duplicate.
    case duplicate = "session"
    /// Of GET /profile of the profile server.
    case profile
    /// Of POST /certificate/sign.
    case certificate
    /// Of POST /account/device.
    case device
    /// Of GET /account/devices.
    case devices
    /// Of GET /oauth/client.
    case client
    /// Of POST /verify of the OAuth host.
    case tokenCheck = "token check"
  }

  /// The accounts server's number for the error, also where only the edge's status tells it; `nil` if there is
  /// none.
  public var errno: Int? {
    switch self {
    case .refused(let refusal): refusal.errno
    // So does Mozilla's own client read these (fxa-auth-client).
    case .edge(status: 406, _): 125
    case .edge(status: 429, _): 114
    case .noCertificates: AccountsErrno.gone.rawValue
    case .devicesRefused(let errno): errno
    default: nil
    }
  }

  /// Whether the server asked to wait.
  public var isThrottled: Bool { retryAfter != nil || errno == AccountsErrno.throttled.rawValue }

  /// Whether the server did not work, or is none of Mozilla accounts: it did not refuse anything.
  public var isServerTrouble: Bool {
    switch self {
    // A disabled client is answered with 503, and is a decision all the same.
    case .refused(let refusal): refusal.status >= 500 && refusal.errno != AccountsErrno.clientDisabled.rawValue
    case .edge(let status, _): status >= 500
    case .unexpectedAnswer, .missingField, .noDiscovery, .redirected, .devicesRefused: true
    case .verificationPending, .linkNotOpened: false
    case .refusedClientSalt, .tamperedKeyBundle, .noSyncKey, .noCertificates, .unexpectedScope, .noRedirectAddress:
      false
    }
  }

  /// Whether the server does not know a token any more.
  var isRevoked: Bool {
    switch errno.flatMap({ AccountsErrno(rawValue: $0) }) {
    case .invalidToken, .unknownRefreshToken: true
    default: false
    }
  }

  /// Whether the server does not have the route.
  var isMissingRoute: Bool {
    switch self {
    case .refused(let refusal):
      refusal.errno == AccountsErrno.gone.rawValue || [404, 405, 410, 501].contains(refusal.status)
    case .unexpectedAnswer(let status), .edge(let status, _): [404, 405, 410, 501].contains(status)
    default: false
    }
  }

  /// Whether the server refused the OAuth client id, and may accept another one. Everything that is about the account or
  /// the session is left out.
  var refusesClientID: Bool {
    switch self {
    case .noSyncKey, .noRedirectAddress: return true
    case .refused(let refusal) where refusal.refusesGrantType: return true
    default: break
    }
    return switch errno.flatMap({ AccountsErrno(rawValue: $0) }) {
    case .unknownClient, .invalidScopes, .notPublicClient, .redirectMismatch, .clientDisabled: true
    default: false
    }
  }

  /// How long to wait before another try, in seconds; `nil` if the server did not say and nothing is known.
  public var retryAfter: Int64? {
    switch self {
    case .refused(let refusal): refusal.retryAfter
    // A refusal by the edge without a time lasts at least this long.
    case .edge(let status, let seconds): seconds ?? (status == 429 ? 15 * 60 : nil)
    default: nil
    }
  }
}

/// A refusal of the accounts server.
public struct AccountsRefusal: Equatable, Sendable {
  /// The server's number for it; `AccountsErrno` names those that are known.
  public let errno: Int
  /// The HTTP status.
  public let status: Int
  /// The seconds to wait, if the server said.
  public let retryAfter: Int64?
  /// Whether a code by e-mail would lift it (`verificationMethod` is `email-captcha`).
  public let offersUnblockCode: Bool
  /// Whether the client may not use the grant type (`validation` names `grant_type`).
  public let refusesGrantType: Bool

  /// Makes a refusal: number, HTTP status, seconds to wait, whether a code would lift it, whether it is about the grant
  /// type.
  public init(
    errno: Int, status: Int, retryAfter: Int64? = nil, offersUnblockCode: Bool = false, refusesGrantType: Bool = false
  ) {
    self.errno = errno
    self.status = status
    self.retryAfter = retryAfter
    self.offersUnblockCode = offersUnblockCode
    self.refusesGrantType = refusesGrantType
  }
}
