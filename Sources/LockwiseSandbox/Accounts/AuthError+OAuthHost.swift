extension AuthError {
  /// The OAuth host's numbers for what the auth server calls otherwise (fxa, `app-error.ts`).
  private static let rawNumbers = [
    162: 101, 171: 102, 167: 103, 172: 105, 173: 106, 174: 107, 110: 108, 106: 109, 107: 109, 108: 109, 168: 110,
    163: 114, 166: 116, 175: 117, 169: 118, 164: 119, 170: 120, 182: 122, 201: 201, 204: 202,
  ]

  /// The same refusal as the OAuth host's own routes say it.
  var atOAuthHost: AuthError {
    if isAboutGrantType { return AuthError(121, status: 400, message: "Invalid grant_type") }
    guard status != 404, let raw = Self.rawNumbers[errno] else { return self }
    return AuthError(
      raw, status: raw == 202 || raw == 201 ? 503 : 400, extra: extra, headers: headers, message: message)
  }

  /// A client that is switched off. The wait is the server's usual one, and means nothing.
  static let clientDisabled = AuthError(
    204, extra: [("retryAfter", 30)], headers: [("Retry-After", "30")],
    message: "This client has been temporarily disabled")

  /// A grant type that does not exist, or that the client may not use.
  static var grantType: AuthError { .invalid("grant_type") }

  private var isAboutGrantType: Bool {
    errno == 107 && extra.contains { $0.0 == "validation" && $0.1["keys"]?.list?.contains("grant_type") == true }
  }
}
