/// A signed-in session. Like the real server, the sandbox stores values derived from the token, not the token.
struct Session: Codable {
  /// The id derived from the session token, 64 hex digits.
  let id: String
  /// The Hawk key derived from the session token, 64 hex digits.
  let hawkKey: String
  /// The uid of the account.
  let account: String
  let created: Int
  /// The Unix time of the last sign-in with the password.
  var authAt: Int
  var lastAccess: Int
  var verified: Bool
  /// The method to verify the session, or the one that verified it.
  var method: String?
  var reason: String?
  /// The code, or secret part of the link, in the latest mail.
  var code: String?
  var codeExpires = 0
  /// Whether a second factor was used (authenticator assurance level 2).
  var strong = false
  var userAgent = ""
}

/// A token that fetches the keys of an account once.
struct KeyFetchToken: Codable {
  let id: String
  let hawkKey: String
  let bundleKey: String
  let account: String
  /// The session that must be verified before the keys are returned.
  let session: String
  /// The wrapped kB, 64 hex digits.
  let wrapKB: String
}

/// An OAuth access token.
struct AccessToken: Codable {
  let token: String
  let account: String
  let client: String
  let scopes: [String]
  let issued: Int
  let expires: Int
  /// The generation of the account when the token was issued.
  let generation: Int
  /// The refresh token that it comes from.
  let refreshTokenID: String?
}

/// An OAuth refresh token.
struct RefreshToken: Codable {
  let token: String
  /// The SHA-256 digest of the token, in hex.
  let id: String
  let account: String
  let client: String
  let scopes: [String]
  let created: Int
  var lastAccess: Int
}

/// An OAuth authorization code with the parameters that its exchange must match.
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
  /// The session and the refresh token of the device, at least one of them.
  var session: String?
  var refreshTokenID: String?
  let created: Int
  var lastAccess: Int
  var pushCallback: String?
  var pushPublicKey: String?
  var pushAuthKey: String?
  var availableCommands: [String: String] = [:]
  /// The commands sent to the device, each the JSON of one message.
  var commands: [String] = []
}

/// A mail that the real server would send.
struct Mail: Codable {
  let to: String
  /// `link`, `otp` or `unblock`.
  let kind: String
  let code: String
  let link: String?
  let time: Int
}

/// An unblock code in a mail.
struct UnblockCode: Codable {
  let account: String
  let code: String
  let expires: Int
}
