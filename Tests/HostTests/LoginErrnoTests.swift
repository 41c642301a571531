import Foundation
import Testing

@testable import LockwiseHostSupport

/// The text and exit status for each refusal of a login, at a terminal.
@Suite final class LoginErrnoTests {
  /// A refusal of a request: the errno, the HTTP status, the exit status, and the text.
  struct Row: Sendable, CustomTestStringConvertible {
    let route: String
    let errno: Int
    let http: Int
    let exit: Int32
    let words: [String]

    init(_ route: String, _ errno: Int, _ http: Int, _ exit: Int32, _ words: String...) {
      self.route = route
      self.errno = errno
      self.http = http
      self.exit = exit
      self.words = words
    }

    var testDescription: String { "\(route) \(errno)" }
  }

  private static let report = "hint: this looks like a bug in lockwise"
  private static let client = "hint: update lockwise, or check --client-id"

  // The errors of Mozilla accounts that can occur in a login. Those that lead to a question are in LoginStepTests.
  static let rows: [Row] = [
    Row("/account/login", 102, 400, 5, "no account with this address", "hint: check the address and the server"),
    Row("/account/login", 103, 400, 5, "wrong password", "hint: try again; too many attempts"),
    Row("/account/keys", 104, 400, 5, "is not confirmed", "hint: confirm it in a browser"),
    Row("/account/login", 106, 400, 5, "rejected the request", report),
    Row("/account/login", 107, 400, 5, "rejected a value", "hint: check the address"),
    Row("/account/login", 108, 400, 5, "rejected the request", report),
    Row("/account/keys", 109, 401, 5, "rejected the request", report),
    Row("/account/keys", 110, 401, 5, "has expired or was revoked", "hint: sign in again"),
    Row("/account/keys", 111, 401, 5, "clock is too far off", "hint: set the clock"),
    Row("/account/login", 112, 411, 5, "rejected the request", report),
    Row("/account/login", 113, 413, 5, "rejected the request", report),
    Row("/account/login", 114, 429, 8, "too many requests", "hint: wait 15 minutes"),
    Row("/account/keys", 115, 401, 5, "rejected the request", report),
    Row("/account/login", 116, 410, 5, "no longer supports this request", "hint: update lockwise"),
    Row("/account/login", 120, 400, 5, "created with another spelling", "hint: type the address exactly"),
    Row(
      "/account/login", 125, 400, 5, "blocked for security reasons",
      "hint: use a browser or Firefox: lockwise-sync login --browser"),
    Row("/account/login", 126, 400, 5, "must be reset", "hint: reset it in a browser"),
    Row("/account/login", 131, 400, 5, "could not send mail", "hint: try again later"),
    Row("/account/login", 132, 500, 4, "could not send mail", "hint: try again later"),
    Row("/account/login", 133, 400, 5, "mail to this address bounced", "hint: check the account's address"),
    Row("/account/login", 134, 400, 5, "mail to this address bounced", "hint: check the account's address"),
    Row("/account/login", 135, 400, 5, "mail to this address bounced", "hint: check the account's address"),
    Row("/account/scoped-key-data", 138, 400, 5, "this sign-in is not confirmed", "hint: "),
    Row("/account/login", 142, 400, 5, "a secondary address", "hint: sign in with the primary address"),
    Row("/account/credentials/status", 149, 400, 5, "no password and therefore no Sync key", "hint: create a password"),
    Row("/account/login", 150, 400, 5, "does not belong to the account", "hint: check it in a browser"),
    Row("/account/login", 151, 500, 4, "could not send mail", "hint: try again later"),
    Row("/account/login", 160, 400, 5, "no two-step authentication", "hint: confirm the sign-in another way"),
    Row("/account/scoped-key-data", 162, 400, 5, "does not recognise the client id", client),
    Row("/oauth/token", 163, 400, 5, "does not let this client use Sync", client),
    Row("/account/scoped-key-data", 164, 401, 5, "the sign-in is too old", "hint: sign in again"),
    Row("/oauth/token", 166, 400, 5, "does not belong to a public client", client),
    Row("/oauth/token", 170, 400, 5, "requires two-step authentication", "hint: turn it on"),
    Row("/account/login", 201, 503, 8, "is not available", "hint: try again later"),
    Row("/account/login", 202, 403, 5, "disabled this feature"),
    Row("/account/login", 203, 500, 4, "the accounts server failed", "hint: try again later"),
    Row("/oauth/token", 204, 503, 5, "disabled the client id", client),
    Row("/account/login", 210, 400, 5, "no password and therefore no Sync key", "hint: create a password"),
    Row("/oauth/token", 222, 400, 5, "two-step authentication first", "hint: "),
    Row("/account/login", 226, 400, 5, "requires a passkey", "hint: "),
    Row("/account/login", 998, 500, 4, "the accounts server failed", "hint: try again later"),
    Row("/account/login", 999, 500, 4, "the accounts server failed", "hint: try again later"),
    Row("/account/login", 4711, 400, 5, "refused the request", "hint: "),
    Row("/account/login", 4711, 500, 4, "refused the request", "hint: try again later"),
  ]

  let stage: TestHome

  init() throws { stage = try TestHome() }

  @Test(arguments: rows)
  func reportsEachRefusal(_ row: Row) throws {
    var body = "{\"code\":\(row.http),\"errno\":\(row.errno),\"error\":\"no\",\"message\":\"a message of the server\""
    if row.errno == 120 { body += ",\"email\":\"\(SandboxProcess.email.uppercased())\"" }
    try stage.sandbox.fault(row.route, count: 0, ["status": row.http, "body": body + "}"])
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--key-file", stage.scratch.keyFile, SandboxProcess.email],
      environment: stage.scratch.environment)
    // The user may retype a wrong password twice.
    for _ in 0..<(row.errno == 103 ? 3 : 1) {
      try terminal.expect("Password for ")
      terminal.enter(SandboxProcess.password)
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == row.exit, "\(outcome.shown)")
    #expect(outcome.isRestored)
    #expect(outcome.shown.contains("lockwise-sync: error: "), "\(outcome.shown)")
    for word in row.words { #expect(outcome.shown.contains(word), "\(word) is not in: \(outcome.shown)") }
    let isForAReport = [Self.report, Self.client].contains(row.words.last) || [107, 4711].contains(row.errno)
    #expect(outcome.shown.contains("(errno \(row.errno))") == isForAReport, "\(outcome.shown)")
    for leak in ["a message of the server", "{", SandboxProcess.password] { #expect(!outcome.shown.contains(leak)) }
    #expect(stage.scratch.vaultFiles.isEmpty)
    #expect(try stage.sandbox.tokensLeft().sessions == 0)
    #expect(try stage.sandbox.tokensLeft().refreshTokens == 0)
  }
}
