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

  @Test func keysForEditingWork() throws {
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
}
