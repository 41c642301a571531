import LockwiseCore

/// A failure to get a response to a request.
public enum HTTPError: Error, Equatable, Sendable {
  /// The URL cannot be used, with the reason: not https (nor http to loopback), or malformed. The URL itself is
  /// omitted, since it may contain a password.
  case refusedURL(String)
  /// The method or the header field of this name has invalid characters (RFC 9110 section 5.5).
  case refusedHeader(String)
  /// No connection to the host, with libcurl's message.
  case unreachable(host: String, reason: String)
  /// The server's certificate is not valid for the host.
  case untrusted(host: String, reason: String)
  /// The time limit was exceeded.
  case timedOut(host: String)
  /// The connection broke before the response was whole, or the response was not HTTP.
  case broken(host: String, reason: String)
  /// The response was larger than the limit for answers.
  case tooLarge(host: String)
  /// The caller asked to stop.
  case aborted(host: String)
  /// libcurl could not be set up.
  case unavailable
}

extension HTTPError {
  /// Whether another server, or the same one later, may respond: neither the user nor a check here refused.
  var mayPass: Bool {
    switch self {
    case .unreachable, .timedOut, .broken, .tooLarge: true
    case .refusedURL, .refusedHeader, .untrusted, .aborted, .unavailable: false
    }
  }
}

extension HTTPError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: exitCode)
  }

  private var message: String {
    switch self {
    case .refusedURL(let reason): "cannot use this address: \(reason)"
    case .refusedHeader(let name): "the header field \(name) has an invalid character"
    case .unreachable(let host, let reason): "cannot reach \(host): \(reason)"
    case .untrusted(let host, let reason): "\(host) has no valid certificate: \(reason)"
    case .timedOut(let host): "\(host) took too long to respond"
    case .broken(let host, let reason): "the connection to \(host) failed: \(reason)"
    case .tooLarge(let host): "the response of \(host) is too large"
    case .aborted: "cancelled"
    case .unavailable: "cannot start libcurl"
    }
  }

  private var hint: String? {
    switch self {
    case .refusedURL: "use an https address; plain http is only for servers on this machine"
    case .unreachable, .timedOut: "check the network and the server's address, then try again"
    case .untrusted: "check the server's address and this machine's clock and certificates; nothing was sent"
    case .broken: "try again later"
    case .tooLarge, .refusedHeader, .aborted, .unavailable: nil
    }
  }

  private var exitCode: ExitCode { if case .aborted = self { .cancelled } else { .unreachable } }
}
