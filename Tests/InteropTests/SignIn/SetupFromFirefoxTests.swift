import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

extension InteropTests {
  /// `setup` with a real Firefox that is signed in to the sandbox and runs.
  @Suite(.serialized, .needsKeyring) struct SetupFromFirefoxTests {
    private static let onlyGit = [
      "--no-ssh", "--no-sudo", "--no-pass", "--no-direnv", "--no-docker", "--no-timer", "--no-lock-on-suspend",
    ]

    private let scratch: Scratch
    private let sandbox: SandboxProcess
    private let firefox: FirefoxProcess

    init() throws {
      scratch = try Scratch()
      sandbox = try SandboxProcess(environment: scratch.environment)
      firefox = try FirefoxProcess.inUsualPlace(of: scratch, server: sandbox.url)
    }

    private func sync(_ arguments: String...) throws -> Run {
      try Run.program(Executables.path("lockwise-sync"), arguments, environment: scratch.environment)
    }

    private func fill() throws -> Run {
      try Run.program(
        Executables.ofSystem("git"), ["credential", "fill"], input: .text("url=https://git.example.net/x.git\n\n"),
        environment: scratch.environment.merging(["GIT_TERMINAL_PROMPT": "0"]) { $1 })
    }

    /// Answers the questions, the steps in the order in which `setup` asks.
    private func answer(_ terminal: PseudoTerminal, vault: Bool, git: String) throws -> PseudoTerminal.Outcome {
      if vault {
        try terminal.expect("1  Firefox Sync: \(SandboxProcess.email), signed in with Firefox, profile default-esr")
        try terminal.expect("2  Firefox, profile default-esr: its 47 logins, without an account")
        try terminal.expect("Number [1]:")
        terminal.enter("")
        for prompt in ["New passphrase for the vault:", "The same passphrase again:"] {
          try terminal.expect(prompt)
          terminal.enter("uranium & 1903")
        }
      }
      try terminal.expect("Set up git? [")
      terminal.enter(git)
      return try terminal.finish()
    }

    @Test func offersTheAccountAndIsUndone() throws {
      try firefox.start()
      try firefox.signIn()
      _ = try firefox.addLogin(
        FirefoxProcess.SavedLogin(
          origin: "https://git.example.net", realm: "git", username: "irene", password: "radium & polonium 1934"))
      try firefox.sync()
      firefox.awaitFile(logins: 48)
      let gitFile = try #require(scratch.environment["GIT_CONFIG_GLOBAL"])
      try scratch.write("[user]\n\tname = Marie", to: gitFile)
      let before = try Data(contentsOf: URL(fileURLWithPath: gitFile))
      func setup() throws -> PseudoTerminal {
        try PseudoTerminal(
          Executables.path("lockwise-sync"), ["setup"] + Self.onlyGit, environment: scratch.environment)
      }

      // "No" makes the vault only.
      let first = try answer(setup(), vault: true, git: "n")
      #expect(first.status == 0 && first.isRestored, "\(first.shown)")
      #expect(first.shown.contains("47 logins"), "\(first.shown)")
      #expect(!first.shown.contains("uranium") && scratch.hasVault, "\(first.shown)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: gitFile)) == before)
      // The second time goes on.
      let second = try answer(setup(), vault: false, git: "y")
      #expect(second.status == 0 && second.shown.contains("git: set up\r\n"), "\(second.shown)")
      let answer = try fill().expectSuccess()
      #expect(answer.username == "irene" && answer.password == "radium & polonium 1934")
      // The third has nothing to do, and asks nothing.
      let third = try setup().finish()
      #expect(third.status == 0 && third.shown.contains("git: set up already"), "\(third.shown)")

      try sync("unsetup").expectSuccess()
      #expect(try Data(contentsOf: URL(fileURLWithPath: gitFile)) == before)
      #expect(scratch.hasVault)
      try sync("logout").expectSuccess()
      try firefox.sync()
      #expect(try firefox.logins().contains { $0.username == "irene" })
      try firefox.stop()
    }
  }
}
