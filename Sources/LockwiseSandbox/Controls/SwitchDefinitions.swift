extension Switches {
  /// Every switch there is.
  public static let definitions: [Definition] = http + accounts + tokens + storage

  private static let http = [
    Definition(
      "http.gzip", "asked",
      "compress responses: asked (if Accept-Encoding allows it), always (even if it does not), never")
  ]

  private static let accounts = [
    Definition(
      "accounts.credentials-status", "auto",
      "/account/credentials/status: auto, missing (404, errno 116), unknown (errno 102), error (500), garbage"
    ),
    Definition(
      "accounts.login", nil,
      "outcome of every login: an errno (102, 103, 114, 120, 125, 126, 142, 210, …), edge-403, edge-406, edge-429, "
        + "edge-503, wrong-content-type, garbage; null: as the account demands"),
    Definition("accounts.login-times", 0, "how many logins accounts.login still spoils; 0: all of them"),
    Definition(
      "accounts.captcha", false,
      "errors 114 and 125 say verificationMethod email-captcha, and an unblock code gets past them"),
    Definition("accounts.retry-after", 900, "seconds that error 114 and the edge's 429 ask to wait"),
    Definition("accounts.retry-after-body", "ms", "unit of retryAfter in the body of error 114: ms, s, none"),
    Definition("accounts.retry-after-header", true, "whether error 114 has a Retry-After header (seconds)"),
    Definition(
      "accounts.verification", "none",
      "what a login without TOTP must still do: none, email, email-otp, email-2fa, as-requested"),
    Definition("accounts.verification-reason", "login", "login, signup, change_password"),
    Definition("accounts.code", nil, "every mailed code is this; null: random"),
    Definition("accounts.code-lifetime", 1200, "seconds a mailed six-digit code lives"),
    Definition("accounts.wrong-code-errno", 183, "errno of a wrong mailed code; older servers: 105"),
    Definition("accounts.v1-login", true, "accounts on stretching v2 still take a v1 authPW"),
    Definition(
      "accounts.hawk-strict", true,
      "check MAC, time, nonce and payload of Hawk headers (production no longer does)"),
    Definition(
      "accounts.verified-fields", true, "answers have emailVerified and sessionVerified beside verified"),
    Definition(
      "accounts.browserid", false,
      "serve /certificate/sign, and let the token server take BrowserID assertions (production no longer does)"),
    Definition(
      "accounts.exact-address", false,
      "a login with another spelling of the address than the account's is error 120 whatever the password (older servers)"
    ),
    Definition(
      "accounts.limits", false,
      "count logins and codes as Mozilla does: 5 logins and 10 mailed codes in 15 minutes, 10 authenticator codes in 30 "
        + "seconds; more is error 114"),
    Definition(
      "oauth.clients", nil,
      "an object: what becomes of client ids: unknown, disabled, private, no-sync (not allowed that scope), no-grant"),
    Definition("oauth.unverified-errno", 110, "errno of OAuth's routes for an unverified session; older servers: 138"),
    Definition("oauth.verify", true, "serve /verify of the OAuth host"),
    Definition("oauth.describe-clients", true, "serve /oauth/client/ID"),
    Definition("oauth.jwt-access-tokens", true, "access tokens for Sync are JSON Web Tokens; else all are opaque"),
    Definition("oauth.access-token-ttl", 1_209_600, "longest life of an access token, seconds"),
    Definition("oauth.code-lifetime", 900, "life of an authorization code, seconds"),
    Definition("oauth.revoked-errno", 110, "errno for an unknown refresh token at /oauth/token: 110 or 182"),
    Definition("oauth.require-pkce", true, "public clients must use PKCE"),
    Definition(
      "oauth.keys", "right",
      "what the sign-in page sends as keys_jwe: right, missing, wrong-recipient, extra-scope (a second key), tampered (a "
        + "flipped bit)"),
  ]

  private static let tokens = [
    Definition(
      "token.error", nil,
      "the token server answers with this word: invalid-credentials, invalid-key-id, invalid-client-state, "
        + "invalid-generation, invalid-keysChangedAt, invalid-timestamp, new-users-disabled, error, internal-error"
    ),
    Definition("token.error-status", nil, "HTTP status of token.error, where it is not the usual one"),
    Definition("token.new-users-disabled", false, "unknown users get 403 new-users-disabled"),
    Definition("token.duration", 3600, "longest life of a storage token, seconds"),
    Definition("token.retry-after", 30, "Retry-After of the token server's 503"),
    Definition("token.node-type", "mysql", "node_type of its answers; empty: not given"),
    Definition("hawk.skew", 60, "seconds that a Hawk timestamp may be off"),
    Definition(
      "hawk.challenge", false, "a stale Hawk timestamp is answered with WWW-Authenticate, as old servers do"),
  ]

  private static let storage = [
    Definition("storage.max-request-bytes", 2_625_536, "limit of a request's body"),
    Definition("storage.max-post-records", 100, "limit of records in a POST"),
    Definition("storage.max-post-bytes", 2_621_440, "limit of payload bytes in a POST"),
    Definition("storage.max-record-payload-bytes", 2_621_440, "limit of one payload"),
    Definition("storage.max-total-records", 10000, "limit of records in a batch"),
    Definition("storage.max-total-bytes", 262_144_000, "limit of payload bytes in a batch"),
    Definition("storage.quota-bytes", nil, "payload bytes of a user; more is answered with 403 and 14"),
    Definition("storage.configuration", true, "serve info/configuration (very old servers: 404)"),
    Definition("storage.batches", true, "take part in batches (very old servers ignore the parameter)"),
    Definition("storage.batch-lifetime", 7200, "seconds until a batch expires"),
    Definition("storage.page", nil, "largest page that a GET answers, whatever its limit"),
    Definition("storage.cors-max-age", 555, "Access-Control-Max-Age of an answer to OPTIONS, seconds"),
    Definition("storage.backoff", nil, "X-Weave-Backoff on every answer of the storage server, seconds"),
    Definition("storage.alert", nil, "X-Weave-Alert on every answer of the storage server"),
  ]
}
