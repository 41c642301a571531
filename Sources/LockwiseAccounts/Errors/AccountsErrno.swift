/// The error numbers of the accounts server that a client of Sync may receive (Mozilla accounts API, "Errors").
public enum AccountsErrno: Int, CaseIterable, Sendable {
  /// An account with this address exists.
  case accountExists = 101
  /// No account with this address.
  case unknownAccount = 102
  /// Wrong password.
  case wrongPassword = 103
  /// The account or the session is not confirmed.
  case unconfirmed = 104
  /// Wrong verification code.
  case wrongVerificationCode = 105
  /// The request's body is not JSON.
  case invalidJSON = 106
  /// A parameter has a wrong value.
  case invalidParameter = 107
  /// A parameter is missing.
  case missingParameter = 108
  /// The request's signature is wrong.
  case badSignature = 109
  /// The token is unknown, expired or revoked.
  case invalidToken = 110
  /// The request's time is too far from the server's.
  case invalidTimestamp = 111
  /// The request has no length.
  case missingLength = 112
  /// The request is too large.
  case bodyTooLarge = 113
  /// Too many requests.
  case throttled = 114
  /// The request's nonce was used before.
  case invalidNonce = 115
  /// The route no longer exists.
  case gone = 116
  /// The password is stretched with another address than the one typed.
  case incorrectEmailCase = 120
  /// No such device.
  case unknownDevice = 123
  /// The session has another device.
  case deviceConflict = 124
  /// Blocked for security reasons.
  case blocked = 125
  /// The account must be reset.
  case mustReset = 126
  /// Wrong or expired unblock code.
  case wrongUnblockCode = 127
  /// The server cannot send mail (131).
  case mailNotSent = 131
  /// The server cannot send mail (132).
  case mailFailed = 132
  /// Mail to the address was reported as spam.
  case mailComplaint = 133
  /// Mail to the address bounced permanently.
  case mailBouncedHard = 134
  /// Mail to the address bounced.
  case mailBounced = 135
  /// The session is not verified.
  case unverifiedSession = 138
  /// Sign-in with a secondary address.
  case secondaryAddress = 142
  /// The account has no password, as reported by POST /account/credentials/status; a login reports 210.
  case noPasswordSet = 149
  /// Account maintenance: address does not belong to the account.
  case addressNotOwned = 150
  /// The server could not send mail (151).
  case mailUnavailable = 151
  /// Account maintenance: wrong code.
  case wrongTokenCode = 152
  /// Account maintenance: expired code.
  case expiredTokenCode = 153
  /// Two-step authentication is set up already.
  case totpExists = 154
  /// Two-step authentication is not set up.
  case totpMissing = 155
  /// No such backup code.
  case unknownBackupCode = 156
  /// No recovery key.
  case recoveryKeyMissing = 158
  /// Wrong recovery key.
  case recoveryKeyInvalid = 159
  /// The asked-for method needs two-step authentication.
  case totpRequired = 160
  /// There is a recovery key already.
  case recoveryKeyExists = 161
  /// Unknown OAuth client.
  case unknownClient = 162
  /// The scope is not allowed for the client.
  case invalidScopes = 163
  /// The sign-in is too old.
  case staleAuthentication = 164
  /// The client is not a public one.
  case notPublicClient = 166
  /// The redirect address is not the client's.
  case redirectMismatch = 167
  /// Unknown response type.
  case invalidResponseType = 168
  /// The client must use PKCE.
  case missingPKCE = 169
  /// The account must have two-step authentication.
  case needsTwoStep = 170
  /// Wrong client secret.
  case wrongClientSecret = 171
  /// Unknown authorization code.
  case unknownAuthorizationCode = 172
  /// The authorization code is another client's.
  case foreignAuthorizationCode = 173
  /// The authorization code has expired.
  case expiredAuthorizationCode = 174
  /// The PKCE verifier does not fit.
  case pkceMismatch = 175
  /// Unknown refresh token.
  case unknownRefreshToken = 182
  /// Wrong or expired one-time code.
  case wrongOneTimeCode = 183
  /// The service is not available.
  case unavailable = 201
  /// The feature is switched off.
  case featureDisabled = 202
  /// A server behind the accounts server failed.
  case backendFailed = 203
  /// The OAuth client is switched off.
  case clientDisabled = 204
  /// The account has a password already.
  case passwordExists = 206
  /// The account has no password.
  case noPassword = 210
  /// The session's level of authentication is too low.
  case insufficientLevel = 222
  /// The token of a step-up is invalid.
  case invalidStepUp = 223
  /// Internal error (998).
  case internalError = 998
  /// Unexpected error (999).
  case unexpected = 999
}
