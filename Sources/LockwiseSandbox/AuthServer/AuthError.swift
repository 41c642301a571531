/// An error response of the accounts server (Mozilla accounts, "errno" table).
struct AuthError: Error {
  let errno: Int
  let status: Int
  var extra: [(String, JSON)] = []
  var headers: [(name: String, value: String)] = []
  var message: String?

  /// Makes an error, by default with the HTTP status and message of its errno.
  init(
    _ errno: Int, status: Int? = nil, extra: [(String, JSON)] = [],
    headers: [(name: String, value: String)] = [], message: String? = nil
  ) {
    self.errno = errno
    self.status = status ?? Self.defaultStatus[errno] ?? 400
    self.extra = extra
    self.headers = headers
    self.message = message
  }

  private static let defaultStatus = [
    109: 401, 110: 401, 111: 401, 112: 411, 113: 413, 114: 429, 115: 401, 116: 410, 132: 500, 151: 500,
    164: 401, 201: 503, 202: 403, 203: 500, 204: 503, 223: 401, 998: 500, 999: 500,
  ]

  private static let messages = [
    101: "Account already exists", 102: "Unknown account", 103: "Incorrect password",
    104: "Unconfirmed account", 105: "Invalid confirmation code", 106: "Invalid JSON in request body",
    107: "Invalid parameter in request body", 108: "Missing parameter in request body",
    109: "Invalid request signature", 110: "Invalid authentication token in request signature",
    111: "Invalid timestamp in request signature", 114: "Client has sent too many requests",
    115: "Invalid nonce in request signature", 116: "This endpoint is no longer supported",
    120: "Incorrect email case", 123: "Unknown device", 124: "Session already registered by another device",
    125: "The request was blocked for security reasons", 126: "Account must be reset",
    127: "Invalid unblock code", 138: "Unconfirmed session",
    142: "Primary account email required for sign-in", 154: "TOTP secret already exists for this account",
    155: "TOTP token not found.", 156: "Backup authentication code not found.",
    149: "Can not sign in, no password set",
    160: "This account requires TOTP authentication.", 162: "Unknown client_id",
    163: "Requested scopes are not allowed", 166: "Not a public client", 167: "Incorrect redirect URI",
    168: "Invalid response_type", 169: "Public clients require PKCE OAuth parameters",
    170: "Required Authentication Context Reference values could not be satisfied",
    171: "Incorrect client_secret", 172: "Unknown authorization code", 173: "Mismatch authorization code",
    174: "Expired authorization code", 175: "Incorrect code_challenge", 182: "Unknown refresh token",
    183: "Invalid or expired confirmation code", 201: "Service unavailable", 202: "Feature not enabled",
    204: "Client has been disabled", 210: "Account has no password",
  ]

  /// The body of the response.
  var body: JSON {
    let classes = [
      400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 410: "Gone",
      429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable",
    ]
    let members: [(String, JSON?)] = [
      ("code", .int(status)), ("errno", .int(errno)), ("error", .string(classes[status] ?? "Error")),
      ("message", .string(message ?? Self.messages[errno] ?? "Unspecified error")),
      ("info", "https://mozilla.github.io/ecosystem-platform/api#section/Response-format"),
    ]
    return .present(members + extra.map { ($0.0, Optional($0.1)) })
  }

  /// Makes error 108 for a missing member of the request.
  static func missing(_ field: String) -> AuthError {
    AuthError(108, extra: [("param", .string(field))], message: "Missing parameter in request body: \(field)")
  }

  /// Makes error 107 for an invalid member of the request.
  static func invalid(_ field: String) -> AuthError {
    AuthError(
      107, extra: [("validation", ["source": "payload", "keys": [.string(field)]])],
      message: "Invalid parameter in request body")
  }
}

extension AuthError {
  /// The errnos of the OAuth host by those of the auth server (fxa, `app-error.ts`).
  private static let oauthErrnos = [
    162: 101, 171: 102, 167: 103, 172: 105, 173: 106, 174: 107, 110: 108, 106: 109, 107: 109, 108: 109, 168: 110,
    163: 114, 166: 116, 175: 117, 169: 118, 164: 119, 170: 120, 182: 122, 201: 201, 204: 202,
  ]

  /// The same error as the OAuth host reports it.
  var atOAuthHost: AuthError {
    if isAboutGrantType { return AuthError(121, status: 400, message: "Invalid grant_type") }
    guard status != 404, let oauthErrno = Self.oauthErrnos[errno] else { return self }
    return AuthError(
      oauthErrno, status: [201, 202].contains(oauthErrno) ? 503 : 400, extra: extra, headers: headers, message: message)
  }

  /// The error for a disabled client. The server always sends this wait, which means nothing.
  static let clientDisabled = AuthError(
    204, extra: [("retryAfter", 30)], headers: [("Retry-After", "30")],
    message: "This client has been temporarily disabled")

  /// The error for a grant type that does not exist or that the client may not use.
  static var grantType: AuthError { .invalid("grant_type") }

  private var isAboutGrantType: Bool {
    errno == 107 && extra.contains { $0.0 == "validation" && $0.1["keys"]?.list?.contains("grant_type") == true }
  }
}
