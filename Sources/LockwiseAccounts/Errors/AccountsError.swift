import LockwiseCore

/// An error of the accounts server. Holds numbers and fixed words only, never text that a server sent.
public enum AccountsError: Error, Equatable, Sendable {
  /// The server refused with an errno.
  case refused(AccountsRefusal)
  /// The password was right, and the account asks for one more step.
  case verificationPending(VerificationStep)
  /// A mailed link was not opened in time.
  case linkNotOpened
  /// A proxy in front of the server responded: a status without a JSON body, and the time to wait.
  case edge(status: Int, retryAfter: Seconds?)
  /// The response does not match the API.
  case unexpectedResponse(status: Int)
  /// A field of a response is missing or has the wrong type.
  case missingField(String, in: Response)
  /// The address does not belong to a content server of Mozilla accounts.
  case noDiscovery(status: Int)
  /// The server sent an unsafe salt.
  case refusedClientSalt
  /// The account's keys were changed on the way, or are not keys.
  case tamperedKeyBundle
  /// The server does not give this client a Sync key.
  case noSyncKey
  /// The server issues no BrowserID certificates, like Mozilla's own since 2024.
  case noCertificates
  /// The server granted a scope other than the requested one.
  case unexpectedScope
  /// The server redirects requests, with the origin that it names; `nil` if that is unusable.
  case redirected(to: String?)
  /// The client id has no redirect address that a browser can open.
  case noRedirectAddress
  /// The server refuses to list devices but accepts the sign-in elsewhere; its error number.
  case devicesRefused(errno: Int)

  /// The responses in which a field can be missing.
  public enum Response: String, Sendable {
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

  /// The accounts server's number for the error, also derived from a proxy's status; `nil` if there is none.
  public var errno: Int? {
    switch self {
    case .refused(let refusal): refusal.errno
    // Mozilla's own client reads these in the same way (fxa-auth-client).
    case .edge(status: 406, _): 125
    case .edge(status: 429, _): 114
    case .noCertificates: AccountsErrno.gone.rawValue
    case .devicesRefused(let errno): errno
    default: nil
    }
  }

  /// Whether the server asked to wait.
  var isThrottled: Bool { retryAfter != nil || errno == AccountsErrno.throttled.rawValue }

  /// Whether the server failed, or is not a Mozilla accounts server: it did not refuse anything.
  var isServerTrouble: Bool {
    switch self {
    // A disabled client gets 503, but that is a refusal.
    case .refused(let refusal): refusal.status >= 500 && refusal.errno != AccountsErrno.clientDisabled.rawValue
    case .edge(let status, _): status >= 500
    case .unexpectedResponse, .missingField, .noDiscovery, .redirected, .devicesRefused: true
    case .verificationPending, .linkNotOpened: false
    case .refusedClientSalt, .tamperedKeyBundle, .noSyncKey, .noCertificates, .unexpectedScope, .noRedirectAddress:
      false
    }
  }

  /// Whether the server no longer accepts a token.
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
    case .unexpectedResponse(let status), .edge(let status, _): [404, 405, 410, 501].contains(status)
    default: false
    }
  }

  /// Whether the server refused the OAuth client id and may accept another one. Refusals of the account or of the
  /// session do not count.
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

  /// The time to wait before another try; `nil` if it is unknown.
  var retryAfter: Seconds? {
    switch self {
    case .refused(let refusal): refusal.retryAfter
    // A proxy's refusal without a time lasts at least this long.
    case .edge(let status, let seconds): seconds ?? (status == 429 ? 15 * 60 : nil)
    default: nil
    }
  }
}

/// A refusal of the accounts server.
public struct AccountsRefusal: Equatable, Sendable {
  /// The server's error number; `AccountsErrno` names the known ones.
  let errno: Int
  /// The HTTP status.
  let status: Int
  /// The time to wait; `nil` if the server names none.
  let retryAfter: Seconds?
  /// Whether a code by e-mail would lift it (`verificationMethod` is `email-captcha`).
  let offersUnblockCode: Bool
  /// Whether the grant type is not allowed for the client (`validation` names `grant_type`).
  let refusesGrantType: Bool

  /// Creates a refusal: number, HTTP status, time to wait, whether a code would lift it, whether it is about the
  /// grant type.
  public init(
    errno: Int, status: Int, retryAfter: Seconds? = nil, offersUnblockCode: Bool = false, refusesGrantType: Bool = false
  ) {
    self.errno = errno
    self.status = status
    self.retryAfter = retryAfter
    self.offersUnblockCode = offersUnblockCode
    self.refusesGrantType = refusesGrantType
  }
}
