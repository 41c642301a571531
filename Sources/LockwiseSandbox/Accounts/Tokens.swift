/// A signed-in session; the sandbox keeps what it derives from the token, as the real server does.
struct Session: Codable {
  /// 64 hex digits, derived from the session token.
  let id: String
  /// 64 hex digits.
  let hawkKey: String
  /// Account uid.
  let account: String
  let created: Int
  /// Unix seconds of the last proof of the password.
  var authAt: Int
  var lastAccess: Int
  var verified: Bool
  /// What is left to do, or was done, to verify it.
  var method: String?
  var reason: String?
  /// Code, or secret part of the link, that was mailed last.
  var code: String?
  var codeExpires = 0
  /// Authenticator assurance level 2: a second factor was used.
  var strong = false
  var userAgent = ""
}

/// A token that fetches the account's keys once.
struct KeyFetchToken: Codable {
  let id: String
  let hawkKey: String
  let bundleKey: String
  let account: String
  /// Session that must be verified before the keys are handed out.
  let session: String
  /// 64 hex digits.
  let wrapKB: String
}

/// An OAuth access token; opaque.
struct AccessToken: Codable {
  let token: String
  let account: String
  let client: String
  let scopes: [String]
  let issued: Int
  let expires: Int
  /// The account's generation when it was issued.
  let generation: Int
  /// The grant it came from.
  let refreshTokenID: String?
}

/// An OAuth refresh token.
struct RefreshToken: Codable {
  let token: String
  /// SHA-256 of the token, in hex.
  let id: String
  let account: String
  let client: String
  let scopes: [String]
  let created: Int
  var lastAccess: Int
}

/// An OAuth authorization code with what its exchange must match.
struct AuthorizationCode: Codable {
  let code: String
  let account: String
  let client: String
  let scopes: [String]
  let offline: Bool
  let challenge: String?
  let keysJWE: String?
  let authAt: Int
  let expires: Int
  let session: String
}

/// A device record of an account.
struct Device: Codable {
  let id: String
  let account: String
  var name: String
  var type: String
  /// The session and the grant that it belongs to; one of the two at least.
  var session: String?
  var refreshTokenID: String?
  let created: Int
  var lastAccess: Int
  var pushCallback: String?
  var pushPublicKey: String?
  var pushAuthKey: String?
  var availableCommands: [String: String] = [:]
  /// Commands sent to it, each the JSON of one message.
  var commands: [String] = []
}

/// A mail that the real server would have sent.
struct Mail: Codable {
  let to: String
  /// `link`, `otp` or `unblock`.
  let kind: String
  let code: String
  let link: String?
  let time: Int
}

/// A mailed unblock code.
struct UnblockCode: Codable {
  let account: String
  let code: String
  let expires: Int
}
