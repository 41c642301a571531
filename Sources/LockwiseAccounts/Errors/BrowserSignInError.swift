import LockwiseCore

/// A failure of a sign-in in the browser other than a server's refusal.
public enum BrowserSignInError: Error, Equatable, Sendable {
  /// The pasted text is neither an address nor a code.
  case notAResponse
  /// The address is from before the end of the sign-in.
  case unfinished
  /// The response belongs to another sign-in.
  case wrongState
  /// The page declined.
  case declined(Reason)
  /// No response arrived in time.
  case noResponse
  /// The server sent no keys: the account has no password, or the client is not allowed to have keys.
  case noKeys
  /// The token belongs to another account, client or scope.
  case foreignToken
  /// The sign-in page is not on the server that named it.
  case foreignPage
  /// The port for the response cannot be opened.
  case portNotAvailable
  /// The system does not show the owner of a connection to the port.
  case ownersUnknown
  /// There is no history of Firefox to read.
  case noHistory
  /// The browser signed in to an account other than the requested one.
  case otherAccount(signedInAs: String)

  /// The page's reasons for declining (RFC 6749 section 4.1.2.1) that are reported differently.
  public enum Reason: String, Sendable {
    /// The user did not allow the sign-in.
    case accessDenied = "access_denied"
    /// Any other reason.
    case other
  }
}

extension BrowserSignInError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: self == .notAResponse ? .usage : .refused)
  }

  private var message: String {
    switch self {
    case .notAResponse: "that is neither the address of the last page nor a code"
    case .unfinished: "that address has no code in it"
    case .wrongState: "that address belongs to another sign-in"
    case .declined(.accessDenied): "the sign-in was declined in the browser"
    case .declined(.other): "the page ended the sign-in with an error"
    case .noResponse: "the browser did not finish the sign-in in time"
    case .noKeys: "the sign-in returned no Sync key"
    case .foreignToken: "the server granted a token for another sign-in"
    case .foreignPage: "the server names a sign-in page on another site"
    case .portNotAvailable: "cannot listen on the port of the redirect address"
    case .ownersUnknown: "cannot find out which user owns a connection (/proc/net/tcp)"
    case .noHistory: "there is no Firefox profile to watch"
    case .otherAccount(let address): "the browser signed in as \(address), not as the address given"
    }
  }

  private var hint: String {
    switch self {
    case .notAResponse, .unfinished:
      "finish the sign-in in the browser, then copy the whole address of the page that it ends on"
    case .wrongState: "use the page that was opened for this sign-in, or start again"
    case .declined, .noResponse: "start again: lockwise-sync login --browser"
    case .noKeys:
      "if the account has no password (sign-in through Google or Apple), create one in its settings in a browser; "
        + "otherwise check --client-id"
    case .foreignToken, .foreignPage: "check the server's address"
    case .portNotAvailable: "stop the program that uses it, or omit --redirect-uri"
    case .ownersUnknown: "omit --redirect-uri and paste the address"
    case .noHistory: "omit --watch-firefox and paste the address"
    case .otherAccount: "sign out of that account in the browser, or give its address; nothing was stored"
    }
  }
}
