import Foundation
import Testing

@testable import LockwiseHostSupport

/// Pulls without credentials of the accounts server or the token server.
@Suite final class TokenFaultTests {
  /// A status of the token server, and the result.
  struct Word: Sendable, CustomTestStringConvertible {
    let word: String
    let status: Int?
    let exit: Int32
    let error: String
    let hint: String
    var testDescription: String { "\(word)\(status.map { " (\($0))" } ?? "")" }

    init(_ word: String, http status: Int? = nil, _ exit: Int32, _ error: String, _ hint: String) {
      self.word = word
      self.status = status
      self.exit = exit
      self.error = error
      self.hint = hint
    }
  }

  static let words = [
    Word("invalid-credentials", 5, "does not accept the sign-in", "sign in again"),
    Word("invalid-key-id", 5, "does not accept the stored key id", "sign in again"),
    Word("invalid-client-state", 5, "is no longer the account's", "sign in again"),
    Word("invalid-generation", 5, "the account's password was changed", "sign in again"),
    Word("invalid-keysChangedAt", 5, "the account and its Sync key were reset", "sign in again"),
    Word("invalid-timestamp", 5, "clock is wrong", "set this machine's clock"),
    Word("some-new-word", http: 401, 5, "does not accept the sign-in", "sign in again"),
    Word("new-users-disabled", 5, "accepts no new users", "ask the server's operator"),
    Word("error", http: 404, 4, "there is no token server at this address", "check the token server's address"),
    Word("error", http: 503, 8, "the token server is busy", "wait 30 seconds"),
    Word("error", http: 400, 5, "refused the request", "check the token server's address"),
    Word("internal-error", 4, "the token server failed", "try again later"),
    Word("internal-error", http: 504, 4, "the token server failed", "try again later"),
  ]

  let stage: TestHome

  init() throws {
    stage = try TestHome()
    stage.mayBeRejected = true
    try stage.signInAndPull()
  }

  /// The storage refuses the cached credentials, so new ones are requested from the token server.
  private func letStorageTokenExpire() throws {
    try stage.sandbox.reassign()
    try stage.sandbox.clearRequests()
  }

  /// The vault still answers with its logins.
  private func expectCopyKept(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(
      try stage.get("protocol=https\nhost=github.com\n").password == "ghp_webAndGit0123456789",
      sourceLocation: sourceLocation)
    #expect(try stage.status()["logins"] as? Int == 46, sourceLocation: sourceLocation)
  }

  @Test(arguments: words)
  func reportsRefusalsOfTheTokenServer(_ word: Word) throws {
    try letStorageTokenExpire()
    var switches: [String: Any] = ["token.error": word.word]
    switches["token.error-status"] = word.status
    try stage.sandbox.set(switches)
    try stage.sync("pull").expectRefusal(word.exit, word.error, "hint: " + word.hint)
    try expectCopyKept()
    let asked = try stage.sandbox.requests().filter { $0.path.hasPrefix("/token/") }.count
    #expect((1...3).contains(asked), "the token server was asked \(asked) times")
    try stage.sandbox.set(["token.error": NSNull(), "token.error-status": NSNull()])
    guard word.exit != 8 else { return }
    try stage.sync("pull").expectSuccess()
  }

  @Test func requiresASignInForARevokedToken() throws {
    for errno in [110, 182] {
      try stage.sandbox.set(["oauth.revoked-errno": errno])
      try stage.sandbox.account(["revokeRefreshTokens": true, "expireAccessTokens": true])
      try letStorageTokenExpire()
      try stage.sync("pull").expectRefusal(5, "the sign-in was revoked or has expired", "hint: sign in again")
      try expectCopyKept()
      let run = try stage.sync("logout").expectSuccess()
      #expect(!run.error.contains("cannot revoke"), "\(run.error)")
      try stage.signInAndPull()
    }
  }

  @Test func replacesAnExpiredAccessToken() throws {
    try stage.sandbox.account(["expireAccessTokens": true])
    try letStorageTokenExpire()
    try stage.sync("pull").expectSuccess()
    let paths = try stage.sandbox.requests().map(\.path)
    #expect(paths.contains { $0.hasSuffix("/oauth/token") || $0.hasSuffix("/v1/token") }, "\(paths)")
  }

  @Test func requiresASignInAfterAPasswordChange() throws {
    try stage.sandbox.account(["password": "new password", "email": SandboxProcess.email])
    try letStorageTokenExpire()
    let run = try stage.sync("pull")
    run.expectRefusal(5, "hint: sign in again")
    try expectCopyKept()
    try stage.sync("logout").expectSuccess()
    try stage.login("--key-file", stage.scratch.keyFile, password: "new password").expectSuccess()
    #expect(try stage.sync("pull").expectSuccess().output.hasPrefix("46 logins"))
  }

  @Test func requiresASignInAfterAReset() throws {
    try stage.sandbox.account(["password": "new password", "newKeys": true, "email": SandboxProcess.email])
    try letStorageTokenExpire()
    try stage.sync("pull").expectRefusal(5, "hint: sign in again")
    try expectCopyKept()
  }

  @Test func followsTheAccountToAnotherNode() throws {
    try stage.sandbox.reassign()
    let run = try stage.sync("pull").expectSuccess()
    #expect(run.output == "46 logins fetched\n")
    try expectCopyKept()
    #expect(try stage.sync("pull").expectSuccess().output == "46 logins, up to date\n")
  }

  @Test func followsTheAccountToAnEmptyNode() throws {
    try stage.sandbox.reassign(keepData: false)
    try stage.sync("pull").expectRefusal(6, "the account has no Sync data", "let it sync")
    try expectCopyKept()
  }
}
