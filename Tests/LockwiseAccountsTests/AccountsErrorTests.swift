import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The errors that responses become, and their texts.
@Suite struct AccountsErrorTests {
  private func error(
    _ status: Int, _ body: String, _ headers: [(name: String, value: String)] = []
  ) -> AccountsError {
    AccountsResponse(HTTPResponse(status: status, headers: headers, body: SecretBytes(utf8: body))).error
  }

  static let textTable: [(errno: Int, status: Int, message: String, hint: String)] = [
    (102, 400, "there is no account with this address", "check the address and the server"),
    (103, 400, "wrong password", "try again; too many attempts lock the account for some time"),
    (104, 400, "the account or this sign-in is not confirmed", "confirm it in a browser, then sign in again"),
    (107, 400, "the server rejected a value", "check the address; if it is right, please report this"),
    (110, 401, "the sign-in has expired or was revoked", "sign in again: lockwise-sync login"),
    (114, 429, "too many requests", "wait 15 minutes, then try again"),
    (116, 404, "the server no longer supports this request", "update lockwise"),
    (
      120, 400, "the account was created with another spelling of the address",
      "type the address exactly as you did when you created the account"
    ),
    (
      125, 400, "the sign-in was blocked for security reasons",
      "use a browser or Firefox: lockwise-sync login --browser, or --from-firefox"
    ),
    (126, 400, "the account's password must be reset", "reset it in a browser, then sign in again"),
    (127, 400, "wrong or expired unblock code", "request a new one"),
    (133, 400, "mail to this address bounced", "check the account's address in a browser"),
    (
      138, 400, "this sign-in is not confirmed",
      "sign in at a terminal, or give the code with --otp-command or --otp-fd"
    ),
    (142, 400, "this is a secondary address of the account", "sign in with the primary address"),
    (151, 500, "the server could not send mail", "try again later"),
    (160, 400, "the account has no two-step authentication", "confirm the sign-in another way"),
    (
      162, 400, "the server does not recognise the client id",
      "update lockwise, or check --client-id"
    ),
    (
      163, 400, "the server does not let this client use Sync",
      "update lockwise, or check --client-id"
    ),
    (164, 401, "the sign-in is too old", "sign in again: lockwise-sync login"),
    (
      170, 400, "the server requires two-step authentication",
      "turn it on in the account's settings"
    ),
    (182, 400, "the sign-in was revoked", "sign in again: lockwise-sync login"),
    (183, 400, "wrong or expired code", "try again with a new code"),
    (201, 503, "the accounts server is not available", "try again later"),
    (203, 500, "the accounts server failed", "try again later"),
    (
      204, 503, "Mozilla has disabled the client id that lockwise uses",
      "update lockwise, or check --client-id"
    ),
    (
      210, 400, "the account has no password and therefore no Sync key",
      "create a password in the account's settings in a browser, then sign in again"
    ),
    (
      222, 400, "the server requires two-step authentication first",
      "sign in at a terminal, or give the code with --otp-command or --otp-fd"
    ),
    (
      224, 400, "the account requires a passkey",
      "use a browser or Firefox: lockwise-sync login --browser, or --from-firefox"
    ),
    (
      238, 400, "the account requires a passkey",
      "use a browser or Firefox: lockwise-sync login --browser, or --from-firefox"
    ),
    (999, 500, "the accounts server failed", "try again later"),
    (4711, 500, "the accounts server refused the request", "try again later"),
    (
      4711, 400, "the accounts server refused the request",
      "try another sign-in method: lockwise-sync login --browser, or --from-firefox"
    ),
  ]

  @Test(arguments: textTable)
  func reportsMessageAndHint(errno: Int, status: Int, message: String, hint: String) {
    let error = error(status, #"{"code":\#(status),"errno":\#(errno),"error":"X","message":"<Y>"}"#)
    #expect(error.errno == errno)
    let isForAReport = [107, 162, 163, 204, 4711].contains(errno)
    #expect(error.userFacingError.message == message + (isForAReport ? " (errno \(errno))" : ""))
    #expect(error.userFacingError.hints.first == hint)
  }

  @Test("Every supported errno has a short text", arguments: AccountsErrno.allCases)
  func hasShortLowerCaseTexts(_ errno: AccountsErrno) {
    let error = AccountsError.refused(AccountsRefusal(errno: errno.rawValue, status: 400))
    for text in [error.userFacingError.message] + error.userFacingError.hints {
      #expect(text.utf8.count < 90)
      // Lower case except for names.
      let plain = ["Mozilla", "Sync", "Firefox"].reduce(text) { $0.replacingOccurrences(of: $1, with: "") }
      #expect(plain == plain.lowercased())
      #expect(!text.contains("{") && !text.isEmpty && text.last != ".")
    }
  }

  @Test(arguments: [114, 125])
  func reportsABlockedSignIn(_ errno: Int) {
    let error = error(
      400, #"{"errno":\#(errno),"verificationMethod":"email-captcha","verificationReason":"login"}"#)
    #expect(error.userFacingError.message == "the sign-in is blocked until you enter the code sent by e-mail")
    #expect(error.errno == errno)
  }

  @Test("Responses of the edge", arguments: [(406, ""), (429, "<html>"), (403, "<html>"), (503, "<html>")])
  func reportsResponsesOfTheEdge(status: Int, body: String) {
    let error = error(status, body)
    #expect(error == .edge(status: status, retryAfter: nil))
    #expect(error.errno == [406: 125, 429: 114][status])
    #expect(error.retryAfter == (status == 429 ? 900 : nil))
    #expect(!error.userFacingError.message.isEmpty && !error.userFacingError.hints.isEmpty)
  }

  @Test(arguments: [
    (404, "<html>"), (400, ""), (400, "{}"), (400, "[1]"), (418, #"{"errno":"x"}"#), (500, "{}"),
  ])
  func reportsUnexpectedResponses(status: Int, body: String) {
    #expect(error(status, body) == .unexpectedResponse(status: status))
  }

  // MARK: Waiting

  static let waitTable: [(status: Int, body: String, header: String?, seconds: Seconds?)] = [
    (429, #"{"errno":114,"retryAfter":900}"#, nil, 900), (429, #"{"errno":114}"#, nil, nil),
    (429, #"{"errno":114,"retryAfter":900000}"#, nil, 900),
    (429, #"{"errno":114,"retryAfter":900000}"#, "60", 60),
    (429, #"{"errno":114,"retryAfter":86400}"#, nil, 86400),
    (429, #"{"errno":114,"retryAfter":86401}"#, nil, 87),
    (429, #"{"errno":114,"retryAfter":99999999999999}"#, nil, 86400),
    (429, #"{"errno":114,"retryAfter":-5}"#, nil, nil), (429, "<html>", "120", 120),
    (429, "<html>", "soon", 900), (429, "<html>", "-1", 900), (429, "<html>", "nan", 900),
    (503, #"{"errno":201,"retryAfter":10}"#, nil, 10), (503, #"{"errno":201}"#, nil, 30),
    (503, #"{"errno":201,"retryAfter":900000}"#, nil, 86400), (503, "", "7.2", 8), (503, "", nil, nil),
    (503, "", "999999999999", 86400),
  ]

  @Test(arguments: waitTable)
  func readsTheTimeToWait(status: Int, body: String, header: String?, seconds: Seconds?) {
    #expect(error(status, body, header.map { [("retry-after", $0)] } ?? []).retryAfter == seconds)
  }

  @Test(arguments: [
    (0, "1 second"), (1, "1 second"), (90, "90 seconds"), (900, "15 minutes"), (901, "16 minutes"), (86_400, "1 day"),
  ])
  func roundsDurationsUp(seconds: Seconds, text: String) {
    #expect(RetryAfter.hint(seconds) == "wait \(text), then try again")
  }

  @Test func namesTheTimeToWait() {
    let error = error(429, #"{"errno":114,"retryAfter":300000}"#)
    let shown = error.userFacingError(now: 1_800_000_000_001)
    let end = Seconds(1_800_000_301).localTime.suffix(5)
    #expect(
      shown.hints == ["wait 5 minutes, then try again", "the wait ends at \(end)"])
    #expect(shown.exitCode == .busy)
  }

  // MARK: Verification

  static let stepTable: [(method: String?, reason: String?, message: String)] = [
    ("email", "login", "the account asks you to confirm this sign-in with a link sent by e-mail"),
    ("email-otp", "login", "the account asks for a code sent by e-mail"),
    ("email-2fa", "login", "the account asks for a code sent by e-mail"),
    ("email-2fa", "unheard-of", "the account asks for a code sent by e-mail"),
    ("totp-2fa", "login", "the account asks for a code from an authenticator app"),
    ("totp-2fa", "signup", "the account asks for a code from an authenticator app"),
    ("email-captcha", nil, "the account asks for an unblock code sent by e-mail"),
    ("carrier-pigeon", "login", "the account asks for a step that this version does not support"),
    (nil, nil, "the account asks for a step that this version does not support"),
    ("email", "signup", "the account's e-mail address has not been confirmed yet"),
    ("email-otp", "signup", "the account's e-mail address has not been confirmed yet"),
    ("email-otp", "change_password", "the account is locked until its password is changed"),
  ]

  @Test(arguments: stepTable)
  func describesEachVerificationStep(method: String?, reason: String?, message: String) {
    let error = AccountsError.verificationPending(VerificationStep(method: method, reason: reason))
    #expect(error.userFacingError.message == message)
    #expect(error.userFacingError.hints.count == 1)
  }
}
