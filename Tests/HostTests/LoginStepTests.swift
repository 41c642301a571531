import Foundation
import Testing

@testable import LockwiseHostSupport

/// The steps after the password, at a terminal.
@Suite final class LoginStepTests {
  /// The user's action at a question.
  enum Answer: Sendable {
    case keys(String)
    /// The current code of the authenticator.
    case authenticator
    /// The code of the newest mail, or the user's version of it.
    case mailed(@Sendable (String) -> String = { $0 })
    /// The link of the newest mail is opened.
    case link
    case interrupt(Int32)
  }

  /// A sign-in: the account, the dialogue after the password, and the result.
  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let setting: Setting
    let dialogue: [(question: String, answer: Answer)]
    let status: Int32
    let words: [String]

    init(
      _ name: String, _ setting: Setting, _ dialogue: [(question: String, answer: Answer)], _ status: Int32 = 0,
      _ words: String...
    ) {
      testDescription = name
      self.setting = setting
      self.dialogue = dialogue
      self.status = status
      self.words = words
    }
  }

  /// The state of the account and its server.
  enum Setting: Sendable {
    case totp
    case mailed(String, reason: String = "login", wrong: Int = 183)
    case blocked(Int, totp: Bool = false)
    case throttled(seconds: Int)
  }

  private static let app = "Code from your authenticator app (or a recovery code): "
  private static let mail = "Code mailed to you (empty line: send another): "
  private static let unblock = "Unblock code mailed to you (empty line: send another): "
  private static let wrong = "wrong or expired code"
  private static let link = "open the link that was mailed to you"

  static let ways: [Way] = [
    Way("authenticator", .totp, [(app, .authenticator)]),
    Way("recovery code", .totp, [(app, .keys("RADIUM1898"))], 0, "notice: recovery codes left: 1"),
    Way(
      "recovery code, wrong first", .totp, [(app, .keys("radium1899")), (app, .keys("radi um1898"))], 0,
      "unknown backup code"),
    Way("email-otp", .mailed("email-otp"), [(mail, .mailed())]),
    Way("email-2fa", .mailed("email-2fa"), [(mail, .mailed())]),
    Way("email-otp as asked for", .mailed("as-requested"), [(mail, .mailed { " \($0) " })]),
    Way("email-otp, new account", .mailed("email-otp", reason: "signup"), [(mail, .mailed())]),
    Way(
      "old server", .mailed("email-2fa", wrong: 105), [(mail, .keys("000000")), (mail, .mailed())], 0,
      "wrong or expired code"),
    Way(
      "email-otp, three wrong", .mailed("email-otp"), [(mail, .keys("a")), (mail, .keys("b")), (mail, .keys("c"))], 5,
      wrong, "hint: "),
    Way("link", .mailed("email"), [(link, .link)]),
    Way("locked", .mailed("email-otp", reason: "change_password"), [], 5, "locked until its password", "browser"),
    Way("errno 125", .blocked(125), [(unblock, .mailed())], 0, "notice: the sign-in is blocked"),
    Way("errno 114", .blocked(114), [(unblock, .mailed { "\($0.lowercased().prefix(4)) \($0.dropFirst(4))" })]),
    Way(
      "unblock, two wrong", .blocked(125),
      [(unblock, .keys("WRONG123")), (unblock, .keys("WRONG123")), (unblock, .mailed())]),
    Way("unblock, then authenticator", .blocked(125, totp: true), [(unblock, .mailed()), (app, .authenticator)]),
    Way("short wait", .throttled(seconds: 1), [], 0, "notice: the server asks for a pause of 1 second;"),
    Way("long wait", .throttled(seconds: 900), [], 8, "too many requests", "wait 15 minutes", "the wait ends at "),
    Way("Ctrl-C at the authenticator", .totp, [(app, .keys("12\u{3}"))], 130, "cancelled"),
    Way("Ctrl-C at the unblock code", .blocked(125), [(unblock, .keys("12\u{3}"))], 130, "cancelled"),
    Way("signal at the authenticator", .totp, [(app, .interrupt(SIGTERM))], 130, "cancelled"),
    Way("Ctrl-C at the link", .mailed("email"), [(link, .interrupt(SIGINT))], 130, "cancelled"),
    Way("hang-up at the link", .mailed("email"), [(link, .interrupt(SIGHUP))], 130, "cancelled"),
  ]

  /// The test vector of RFC 6238 appendix B for this time and secret, cut to six digits.
  private static let moment = 2_000_000_000.0
  private static let secret = "3132333435363738393031323334353637383930"
  private static let authenticatorCode = "279037"

  let stage: TestHome

  init() throws { stage = try TestHome() }

  @Test(arguments: ways) func completesEachStepAtATerminal(_ way: Way) throws {
    try prepare(way.setting)
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--key-file", stage.scratch.keyFile, SandboxProcess.email],
      environment: stage.scratch.environment)
    try terminal.expect("Password for")
    terminal.enter(SandboxProcess.password)
    var typed = [SandboxProcess.password]
    for (question, answer) in way.dialogue {
      try terminal.expect(question)
      if let keys = try give(answer, to: terminal) {
        terminal.enter(keys)
        if keys.count > 3 { typed.append(keys) }
      }
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == way.status && outcome.isRestored, "\(outcome.status) \(outcome.shown)")
    for word in way.words { #expect(outcome.shown.contains(word), "\(word) is not in: \(outcome.shown)") }
    for secret in typed { #expect(!outcome.shown.contains(secret), "\(outcome.shown)") }
    try stage.expectLeft(isSignedIn: way.status == 0)
  }

  @Test(arguments: [Setting.totp, .mailed("email-otp"), .blocked(125), .blocked(114, totp: true)])
  func readsTheCodeFromACommand(_ setting: Setting) throws {
    try prepare(setting)
    // Eight digits: mailed codes consist of digits, and unblock codes of eight characters.
    try stage.sandbox.set(["accounts.code": "31415926"])
    let command = """
      case $1 in authenticator) echo \(Self.authenticatorCode) ;; email|unblock) echo 31415926; echo more ;; esac
      """
    let run = try stage.login("--key-file", stage.scratch.keyFile, "--otp-command", command)
    run.expectSuccess()
    #expect(!run.error.contains(Self.authenticatorCode) && !run.error.contains("31415926"))
    try stage.expectLeft(isSignedIn: true)
  }

  @Test(arguments: [
    ("echo 000000", 5, "wrong or expired code"), ("true", 1, "printed nothing"), ("false", 1, "command"),
  ])
  func reportsACommandWithoutACode(command: String, status: Int32, words: String) throws {
    try prepare(.totp)
    try stage.login("--key-file", stage.scratch.keyFile, "--otp-command", command).expectRefusal(status, words)
    try stage.expectLeft(isSignedIn: false)
    #expect(try stage.sandbox.requests().filter { $0.path.contains("verify/totp") }.count <= 1)
  }

  @Test(arguments: [
    ("279037\n", 0, ""), ("A1B2C3D4\n279037\n", 0, ""), ("000000\n279037", 0, ""),
    ("000000\n", 5, "wrong or expired code"),
    ("", 64, "cannot read a code from descriptor 3: it has no more lines"),
  ])
  func readsTheCodeFromADescriptor(text: String, status: Int32, words: String) throws {
    try prepare(text.hasPrefix("A") ? .blocked(125, totp: true) : .totp)
    try stage.sandbox.set(["accounts.code": "A1B2C3D4"])
    let codes = stage.scratch.root + "/codes"
    try stage.scratch.write(text, to: codes)
    let run = try Run.program(
      "/bin/sh",
      [
        "-c", "exec \"$@\" 3<'\(codes)'", "sh", Executables.path("lockwise-sync"), "login", "--server",
        stage.sandbox.url, "--password-stdin", "--key-file", stage.scratch.keyFile, "--otp-fd", "3",
        SandboxProcess.email,
      ], input: .text(SandboxProcess.password + "\n"), environment: stage.scratch.environment)
    if status == 0 { run.expectSuccess() } else { run.expectRefusal(status, words) }
    try stage.expectLeft(isSignedIn: status == 0)
  }

  @Test func refusesIncompatibleOptions() throws {
    let file = stage.scratch.keyFile
    try stage.login("--key-file", file, "--otp-fd", "0").expectRefusal(64, "--otp-fd 0")
    try stage.login("--key-file", file, "--otp-fd", "77").expectRefusal(64, "is not open")
    try stage.login("--key-file", file, "--otp-fd", "3", "--otp-command", "true")
      .expectRefusal(64, "cannot be combined")
    try stage.expectLeft(isSignedIn: false)
  }

  // MARK: Acts

  private func prepare(_ setting: Setting) throws {
    switch setting {
    case .totp: try useAuthenticator()
    case .mailed(let method, let reason, let wrong):
      try stage.sandbox.set([
        "accounts.verification": method, "accounts.verification-reason": reason, "accounts.wrong-code-errno": wrong,
      ])
    case .blocked(let errno, let totp):
      try stage.sandbox.set(["accounts.login": errno, "accounts.captcha": true])
      if totp { try useAuthenticator() }
    case .throttled(let seconds):
      try stage.sandbox.set(["accounts.login": 114, "accounts.login-times": 1, "accounts.retry-after": seconds])
    }
  }

  private func useAuthenticator() throws {
    try stage.sandbox.account([
      "email": SandboxProcess.email, "totpSecret": Self.secret, "recoveryCodes": ["radium1898", "polonium98"],
    ])
    try stage.sandbox.control.send(
      "POST", "/__sandbox__/clock", ["offset": Self.moment - Date().timeIntervalSince1970])
  }

  /// Returns the text to type.
  private func give(_ answer: Answer, to terminal: PseudoTerminal) throws -> String? {
    switch answer {
    case .keys(let keys): return keys
    case .authenticator: return Self.authenticatorCode
    case .mailed(let change): return change(try newestMail("code"))
    case .link:
      let link = try #require(URL(string: newestMail("link")))
      try stage.sandbox.control.send("GET", link.path + "?" + (link.query ?? ""))
      return nil
    case .interrupt(let signal):
      kill(try #require(terminal.program), signal)
      return nil
    }
  }

  private func newestMail(_ member: String) throws -> String {
    let mails = try stage.sandbox.control.json("GET", "/__sandbox__/mail") as? [[String: Any]]
    return try #require(mails?.last?[member] as? String)
  }
}
