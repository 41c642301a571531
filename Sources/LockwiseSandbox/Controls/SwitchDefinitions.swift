extension Switches {
  /// All switches.
  public static let definitions: [Definition] = http + accounts + tokens + storage

  private static let http = [
    Definition(
      "http.gzip", "asked",
      "compression of responses: asked (if Accept-Encoding allows it), always, never")
  ]

  private static let accounts = [
    Definition(
      "accounts.credentials-status", "auto",
      "/account/credentials/status: auto, missing (404, errno 116), unknown (errno 102), error (500), garbage"
    ),
    Definition(
      "accounts.login", nil,
      "outcome of each login: an errno (102, 103, 114, 120, 125, 126, 142, 210, …), edge-403, edge-406, edge-429, "
        + "edge-503, wrong-content-type, garbage; null: the real outcome"),
    Definition("accounts.login-times", 0, "number of logins that accounts.login still applies to; 0: all"),
    Definition(
      "accounts.captcha", false,
      "errors 114 and 125 have verificationMethod email-captcha, and an unblock code lifts them"),
    Definition("accounts.retry-after", 900, "seconds to wait after error 114 or the edge's 429"),
    Definition("accounts.retry-after-body", "ms", "unit of retryAfter in the body of error 114: ms, s, none"),
    Definition("accounts.retry-after-header", true, "send Retry-After (seconds) with error 114"),
    Definition(
      "accounts.verification", "none",
      "verification of a login without TOTP: none, email, email-otp, email-2fa, as-requested"),
    Definition("accounts.verification-reason", "login", "reason of that verification: login, signup, change_password"),
    Definition("accounts.code", nil, "the code in every mail; null: random"),
    Definition("accounts.code-lifetime", 1200, "life of a mailed six-digit code, seconds"),
    Definition("accounts.wrong-code-errno", 183, "errno of a wrong mailed code; older servers: 105"),
    Definition("accounts.v1-login", true, "accounts on stretching v2 still accept a v1 authPW"),
    Definition(
      "accounts.hawk-strict", true,
      "check MAC, time, nonce and payload of Hawk headers (Mozilla no longer does)"),
    Definition(
      "accounts.verified-fields", true, "responses have emailVerified and sessionVerified next to verified"),
    Definition(
      "accounts.browserid", false,
      "serve /certificate/sign, and accept BrowserID assertions at the token server (Mozilla no longer does)"),
    Definition(
      "accounts.exact-address", false,
      "a login with another spelling of the address is error 120, whatever the password (older servers)"
    ),
    Definition(
      "accounts.limits", false,
      "limit logins and codes as Mozilla does: 5 logins and 10 mailed codes in 15 minutes, 10 authenticator codes in 30 "
        + "seconds, then error 114"),
    Definition(
      "oauth.clients", nil,
      "restrictions by client id, an object: unknown, disabled, private, no-sync (scope not allowed), no-grant"),
    Definition("oauth.unverified-errno", 110, "errno of OAuth routes for an unverified session; older servers: 138"),
    Definition("oauth.verify", true, "serve /verify at the OAuth host"),
    Definition("oauth.describe-clients", true, "serve /oauth/client/ID"),
    Definition("oauth.jwt-access-tokens", true, "access tokens for Sync are JSON Web Tokens; false: all are opaque"),
    Definition("oauth.access-token-ttl", 1_209_600, "longest life of an access token, seconds"),
    Definition("oauth.code-lifetime", 900, "life of an authorization code, seconds"),
    Definition("oauth.revoked-errno", 110, "errno for an unknown refresh token at /oauth/token: 110 or 182"),
    Definition("oauth.require-pkce", true, "public clients must use PKCE"),
    Definition(
      "oauth.keys", "right",
      "keys_jwe of the sign-in page: right, missing, wrong-recipient, extra-scope (a second key), tampered (a flipped "
        + "bit)"),
  ]

  private static let tokens = [
    Definition(
      "token.error", nil,
      "status of every response of the token server: invalid-credentials, invalid-key-id, invalid-client-state, "
        + "invalid-generation, invalid-keysChangedAt, invalid-timestamp, new-users-disabled, error, internal-error"
    ),
    Definition("token.error-status", nil, "HTTP status of token.error; null: the one Mozilla sends with it"),
    Definition("token.new-users-disabled", false, "respond to unknown users with 403 new-users-disabled"),
    Definition("token.duration", 3600, "longest life of a storage token, seconds"),
    Definition("token.retry-after", 30, "Retry-After of the token server's 503"),
    Definition("token.node-type", "mysql", "node_type of the token server's responses; empty: absent"),
    Definition("hawk.skew", 60, "largest error of a Hawk timestamp, seconds"),
    Definition(
      "hawk.challenge", false, "respond to a stale Hawk timestamp with WWW-Authenticate, as old servers do"),
  ]

  private static let storage = [
    Definition("storage.max-request-bytes", 2_625_536, "largest body of a request"),
    Definition("storage.max-post-records", 100, "most records in a POST"),
    Definition("storage.max-post-bytes", 2_621_440, "most payload bytes in a POST"),
    Definition("storage.max-record-payload-bytes", 2_621_440, "most bytes of a payload"),
    Definition("storage.max-total-records", 10000, "most records in a batch"),
    Definition("storage.max-total-bytes", 262_144_000, "most payload bytes in a batch"),
    Definition("storage.quota-bytes", nil, "most payload bytes of a user; more is refused with 403 and code 14"),
    Definition("storage.configuration", true, "serve info/configuration (very old servers: 404)"),
    Definition("storage.batches", true, "support batches (very old servers ignore the parameter)"),
    Definition("storage.batch-lifetime", 7200, "life of a batch, seconds"),
    Definition("storage.page", nil, "most records in a page, whatever limit the GET has"),
    Definition("storage.cors-max-age", 555, "Access-Control-Max-Age of the response to OPTIONS, seconds"),
    Definition("storage.backoff", nil, "X-Weave-Backoff of every storage response, seconds"),
    Definition("storage.alert", nil, "X-Weave-Alert of every storage response"),
  ]
}
