import Foundation
import Testing

@testable import LockwiseHostSupport

/// Sign-ins that the servers refuse: the text, the hint and the exit status, and that nothing is left.
@Suite final class LoginRefusalTests {
  /// A failure of a sign-in.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let switches: @Sendable () -> [String: Any]
    let status: Int32
    let words: [String]
    let testDescription: String

    init(_ name: String, _ status: Int32, _ words: [String], _ switches: @escaping @Sendable () -> [String: Any]) {
      testDescription = name
      self.switches = switches
      self.status = status
      self.words = words
    }

    static func errno(_ number: Int, _ status: Int32, _ words: String..., captcha: Bool = false) -> Refusal {
      Refusal(
        "errno \(number)\(captcha ? " with captcha" : "")", status,
        (number == 4711 ? ["(errno \(number))"] : []) + ["hint: "] + words
      ) {
        ["accounts.login": number, "accounts.captcha": captcha]
      }
    }

    static func edge(_ name: String, _ status: Int32, _ words: String...) -> Refusal {
      Refusal(name, status, words + ["hint: "]) { ["accounts.login": name] }
    }

    static func step(_ method: String, _ words: String..., reason: String = "login") -> Refusal {
      Refusal("verification \(method), \(reason)", 5, words + ["hint: "]) {
        ["accounts.verification": method, "accounts.verification-reason": reason]
      }
    }
  }

  static let refusals: [Refusal] = [
    .errno(102, 5, "no account with this address"), .errno(103, 5, "wrong password"),
    .errno(114, 8, "too many requests", "wait 15 minutes"),
    .errno(114, 8, "blocked until you enter the code sent by e-mail", "--otp-fd", captcha: true),
    // With the typed address, the error is about the password.
    Refusal("errno 120", 5, ["wrong password", "hint: "]) { ["accounts.login": 120] },
    .errno(125, 5, "blocked for security reasons", "browser"),
    .errno(125, 5, "code sent by e-mail", "--otp-command", captcha: true), .errno(126, 5, "must be reset"),
    .errno(142, 5, "secondary address"), .errno(210, 5, "no password"), .errno(999, 4, "the accounts server failed"),
    .errno(201, 8, "not available"), .errno(4711, 5, "refused the request"),
    .edge("edge-403", 5, "refused the request", "hint: use a browser or Firefox: lockwise-sync login --browser"),
    .edge("edge-406", 5, "require a browser"),
    .edge("edge-429", 8, "too many requests", "wait 15 minutes"),
    .edge("edge-503", 4, "not available"),
    .edge("wrong-content-type", 4, "did not come from a Mozilla accounts server"),
    .edge("garbage", 4, "did not come from a Mozilla accounts server"),
    .step("email", "a link sent by e-mail"), .step("email-otp", "a code sent by e-mail", "--otp-command", "--otp-fd"),
    .step("email-2fa", "a code sent by e-mail"), .step("email", "not been confirmed", reason: "signup"),
    .step("email-otp", "locked until its password is changed", reason: "change_password"),
  ]

  let stage: TestHome

  init() throws { stage = try TestHome() }

  @Test(arguments: refusals)
  func reportsRefusalsOfTheServer(_ refusal: Refusal) throws {
    try stage.sandbox.set(refusal.switches())
    try expectRefusal(refusal.status, refusal.words)
  }

  @Test func explainsTheOptionsForATwoStepCode() throws {
    try stage.sandbox.account(["email": SandboxProcess.email, "totpSecret": "3132333435363738393031323334353637383930"])
    try expectRefusal(5, ["a code from an authenticator app", "hint: ", "--otp-command", "--otp-fd"])
  }

  /// Fails every request of a sign-in in every way.
  @Test(
    arguments: [
      ["dropBefore": true], ["dropAfter": true], ["truncateBody": 9, "process": true],
      ["status": 503, "body": "<html>"], ["status": 500, "body": "{\"code\":500,\"errno\":999}"],
      ["status": 200, "body": "[]", "process": true], ["status": 200, "body": "", "process": true],
    ] as [[String: FaultValue]])
  func survivesAFailureOfAnyRequest(action: [String: FaultValue]) throws {
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    try stage.sync("logout").expectSuccess()
    // The sign-out deleted the device record and revoked the token.
    let paths = try stage.sandbox.requests().map(\.path).dropLast(2)
    #expect(paths.count >= 8)
    // A request that is sent twice may be refused the second time.
    stage.mayBeRejected = true
    for (index, path) in paths.enumerated() {
      try stage.sandbox.fault(nil, nth: index + 1, action.mapValues(\.value))
      let run = try stage.login("--key-file", stage.scratch.keyFile)
      try stage.sandbox.clearFaults()
      #expect(run.status != nil, "\(run.ending) at \(path)")
      expectNoRawAnswer(run)
      run.expectWellFormedErrors(by: "lockwise-sync")
      if run.status == 0 {
        // libcurl repeats a request if a kept connection turns out to be closed. Otherwise only the end of the session
        // and the device record may fail, and credentials/status is not needed either.
        let isDropped = action.keys.contains { $0.hasPrefix("drop") }
        let isDispensable = ["/session/destroy", "/credentials/status", "/account/device"].contains {
          path.hasSuffix($0)
        }
        #expect(isDropped || isDispensable, "\(path)")
        try stage.sync("logout").expectSuccess()
      } else {
        // The token server's 503 asks clients to back off.
        let statuses: [Int32] = path.hasPrefix("/token/") ? [4, 5, 8] : [4, 5]
        #expect(run.status.map { statuses.contains($0) } == true, "\(run.ending) at \(path): \(run.error)")
        #expect(run.error.contains("lockwise-sync: error: "))
      }
      #expect(stage.scratch.vaultFiles.isEmpty, "\(path)")
      // A token that the client never received cannot be revoked, and a session that could not be ended stays.
      let left = try stage.sandbox.tokensLeft()
      if !path.hasSuffix("/oauth/token") { #expect(left.refreshTokens == 0, "\(path)") }
      if !path.hasSuffix("/session/destroy"), !path.contains("/account/login") {
        #expect(left.sessions == 0, "\(path)")
      }
      try stage.sandbox.account(["revokeSessions": true, "revokeRefreshTokens": true])
    }
  }

  @Test(
    arguments: [
      ["status": 404, "body": "<html><body>not here"], ["status": 200, "body": "<html><body>welcome"],
      ["status": 200, "body": "{\"hello\":1}"], ["status": 302, "body": ""],
    ] as [[String: FaultValue]])
  func reportsAnotherServer(action: [String: FaultValue]) throws {
    try stage.sandbox.fault(count: 0, action.mapValues(\.value))
    try expectRefusal(4, ["hint: check the server's address"])
  }

  @Test(arguments: ["http://accounts.example.org", "http://192.0.2.1:8080", "http://127.0.0.1.example.org"])
  func refusesPlainHTTPBeforeConnecting(server: String) throws {
    let trace = stage.scratch.root + "/trace"
    let run = try Run.program(
      Executables.ofSystem("strace"),
      ["-f", "-qq", "-e", "trace=network", "-o", trace, Executables.path("lockwise-sync"), "login", "--server", server]
        + ["--password-stdin", "--key-file", stage.scratch.keyFile, SandboxProcess.email],
      input: .text(SandboxProcess.password + "\n"), environment: stage.scratch.environment)
    run.expectRefusal(64, "cannot use this address", "hint: use an https address")
    let calls = try String(contentsOfFile: trace, encoding: .utf8)
    for call in ["connect(", "sendto(", "AF_INET"] { #expect(!calls.contains(call), "\(calls)") }
    #expect(!stage.scratch.hasVault)
  }

  private func expectRefusal(
    _ status: Int32, _ words: [String], mayAskServer: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try stage.login("--key-file", stage.scratch.keyFile)
    run.expectRefusal(status, sourceLocation: sourceLocation)
    for word in words {
      #expect(run.error.contains(word), "\(word) is not in: \(run.error)", sourceLocation: sourceLocation)
    }
    expectNoRawAnswer(run, sourceLocation: sourceLocation)
    #expect(stage.scratch.vaultFiles.isEmpty, sourceLocation: sourceLocation)
    if mayAskServer {
      #expect(try stage.sandbox.tokensLeft() == TokensLeft(), sourceLocation: sourceLocation)
    }
  }

  private func expectNoRawAnswer(_ run: Run, sourceLocation: SourceLocation = #_sourceLocation) {
    for sign in ["{", "}", "<html", "<body", "\\n"] {
      #expect(!run.error.contains(sign), "a raw answer: \(run.error)", sourceLocation: sourceLocation)
    }
  }
}
