import Foundation
import Testing

@testable import LockwiseHostSupport

/// Sign-in at a terminal.
@Suite final class LoginPromptTests {
  /// The prompts in order.
  enum Prompt: String, CaseIterable {
    case email = "E-mail address: "
    case password = "Password for marie.curie@example.org at "
    case passphrase = "New passphrase for the vault: "
    case again = "The same passphrase again: "

    var answer: String {
      switch self {
      case .email: SandboxProcess.email
      case .password: SandboxProcess.password
      case .passphrase, .again: LoginPromptTests.passphrase
      }
    }
  }

  private static let passphrase = "uranïnite & 1903"

  let stage: TestHome

  init() throws { stage = try TestHome() }

  private func login(_ options: String...) throws -> PseudoTerminal {
    try PseudoTerminal(
      Executables.path("lockwise-sync"), ["login", "--server", stage.sandbox.url] + options,
      environment: stage.scratch.environment)
  }

  /// Checks that no secret was shown and the terminal is unchanged.
  private func check(_ outcome: PseudoTerminal.Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(outcome.isRestored, "the terminal is left without echo", sourceLocation: sourceLocation)
    for secret in [SandboxProcess.password, "pitchblende", Self.passphrase, "1903"] {
      #expect(!outcome.shown.contains(secret), "\(outcome.shown)", sourceLocation: sourceLocation)
    }
  }

  private func expectNothingKept(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(stage.scratch.vaultFiles.isEmpty, sourceLocation: sourceLocation)
    #expect(try stage.sandbox.tokensLeft() == TokensLeft(), sourceLocation: sourceLocation)
  }

  @Test func signsInWithTypedInput() throws {
    let terminal = try login()
    for prompt in Prompt.allCases {
      try terminal.expect(prompt.rawValue)
      terminal.enter(prompt.answer)
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == 0, "\(outcome.shown)")
    check(outcome)
    #expect(outcome.shown.contains(SandboxProcess.email), "the address is echoed")
    #expect(outcome.shown.contains("notice: signed in as marie.curie@example.org"))
    try stage.expectLeft(isSignedIn: true)
    try stage.sync("pull").expectSuccess()
    #expect(try stage.get("protocol=https\nhost=github.com\n").username == "mcurie")
  }

  @Test func supportsEditingKeys() throws {
    let terminal = try login()
    try terminal.expect(Prompt.email.rawValue)
    terminal.enter("wrong\u{15}\(SandboxProcess.email)x\u{7F}")
    try terminal.expect(Prompt.password.rawValue)
    terminal.enter("ü\u{7F}\(SandboxProcess.password)é\u{8}")
    for prompt in [Prompt.passphrase, .again] {
      try terminal.expect(prompt.rawValue)
      terminal.enter(prompt.answer)
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == 0, "\(outcome.shown)")
    check(outcome)
  }

  @Test(arguments: Prompt.allCases, ["\u{3}", "\u{4}"])
  func leavesNothingWhenTheUserCancels(prompt: Prompt, key: String) throws {
    let terminal = try login()
    for earlier in Prompt.allCases.prefix(while: { $0 != prompt }) {
      try terminal.expect(earlier.rawValue)
      terminal.enter(earlier.answer)
    }
    try terminal.expect(prompt.rawValue)
    // Ctrl-C also works after some input.
    terminal.send(key == "\u{3}" ? "begun" + key : key)
    let outcome = try terminal.finish()
    #expect(outcome.status == 130, "\(outcome.shown)")
    check(outcome)
    try expectNothingKept()
  }

  @Test func stopsAfterThreeWrongPasswords() throws {
    let terminal = try login(SandboxProcess.email)
    for _ in 0..<3 {
      try terminal.expect(Prompt.password.rawValue)
      terminal.enter("pitchblende, but wrong")
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == 5, "\(outcome.shown)")
    #expect(outcome.shown.components(separatedBy: "wrong password").count == 4, "\(outcome.shown)")
    check(outcome)
    try expectNothingKept()
  }

  @Test func acceptsTheSecondPassword() throws {
    let terminal = try login("--key-file", stage.scratch.keyFile, SandboxProcess.email)
    try terminal.expect(Prompt.password.rawValue)
    terminal.enter("wrong")
    try terminal.expect("wrong password")
    try terminal.expect(Prompt.password.rawValue)
    terminal.enter(SandboxProcess.password)
    let outcome = try terminal.finish()
    #expect(outcome.status == 0, "\(outcome.shown)")
    check(outcome)
  }

  @Test func asksAgainIfThePassphrasesDiffer() throws {
    let terminal = try login(SandboxProcess.email)
    try terminal.expect(Prompt.password.rawValue)
    terminal.enter(SandboxProcess.password)
    try terminal.expect(Prompt.passphrase.rawValue)
    terminal.enter("first passphrase")
    try terminal.expect(Prompt.again.rawValue)
    terminal.enter("second passphrase")
    try terminal.expect("The passphrases do not match.")
    try terminal.expect(Prompt.passphrase.rawValue)
    terminal.enter("")
    try terminal.expect("The passphrase must not be empty.")
    for prompt in [Prompt.passphrase, .again] {
      try terminal.expect(prompt.rawValue)
      terminal.enter(prompt.answer)
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == 0, "\(outcome.shown)")
    check(outcome)
  }

  @Test(arguments: ["", "other"])
  func leavesNothingWithoutAPassphrase(second: String) throws {
    let terminal = try login(SandboxProcess.email)
    try terminal.expect(Prompt.password.rawValue)
    terminal.enter(SandboxProcess.password)
    for _ in 0..<3 {
      try terminal.expect(Prompt.passphrase.rawValue)
      terminal.enter(second.isEmpty ? "" : Self.passphrase)
      guard !second.isEmpty else { continue }
      try terminal.expect(Prompt.again.rawValue)
      terminal.enter(second)
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == 130, "\(outcome.shown)")
    #expect(outcome.shown.contains("no passphrase was chosen; nothing was changed"))
    check(outcome)
    try expectNothingKept()
  }

  @Test func refusesAnInvalidAddress() throws {
    let terminal = try login()
    try terminal.expect(Prompt.email.rawValue)
    terminal.enter("marie")
    let outcome = try terminal.finish()
    #expect(outcome.status == 64, "\(outcome.shown)")
    #expect(outcome.shown.contains("error: not an e-mail address"))
    try expectNothingKept()
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func restoresTheTerminalAfterASignal(signal: Int32) throws {
    let terminal = try login(SandboxProcess.email)
    try terminal.expect(Prompt.password.rawValue)
    let program = try #require(terminal.program)
    kill(program, signal)
    let outcome = try terminal.finish()
    #expect(outcome.status != 0)
    check(outcome)
    try expectNothingKept()
  }

  @Test func explainsTheOptionsWithoutATerminal() throws {
    let sync = try Executables.path("lockwise-sync")
    func run(_ arguments: String...) throws -> Run {
      try Run.program(
        sync, ["login", "--server", stage.sandbox.url] + arguments, environment: stage.scratch.environment)
    }
    try run().expectRefusal(64, "cannot ask for a new passphrase without a terminal", "--key-file")
    try run("--key-file", stage.scratch.keyFile).expectRefusal(
      64, "cannot ask for the e-mail address without a terminal")
    try run("--key-file", stage.scratch.keyFile, SandboxProcess.email)
      .expectRefusal(64, "cannot ask for the password without a terminal", "--password-stdin")
    try run("--password-stdin", "--key-file", stage.scratch.keyFile, SandboxProcess.email)
      .expectRefusal(64, "there is no password on standard input")
    try expectNothingKept()
  }
}
