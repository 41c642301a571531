import Foundation
import Testing

@testable import LockwiseHostSupport

/// The sign-in in a browser, which the test plays, makes the vault, and the steps follow.
@Suite struct SetupBrowserTests {
  @Test func makesTheVaultWithABrowser() throws {
    let stage = try TestHome()
    let terminal = try PseudoTerminal(
      Executables.path("lockwise-sync"), ["setup", "--server", stage.sandbox.url, "--sign-in", "browser", "--git"],
      environment: stage.scratch.environment)
    try terminal.expect("/authorization?")
    try terminal.expect("\r\n")
    let page = terminal.shown.split(whereSeparator: \.isNewline).first { $0.contains("/authorization?") }
    let last = try PageClient(address: String(try #require(page)), port: stage.sandbox.control.port).signIn()
    try terminal.expect("Address or code:")
    terminal.enter(last)
    for prompt in ["New passphrase for the vault:", "The same passphrase again:"] {
      try terminal.expect(prompt)
      terminal.enter("uranium & 1903")
    }
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.isRestored, "\(outcome.shown)")
    #expect(outcome.shown.contains("the vault has 46 logins from \(SandboxProcess.email)"), "\(outcome.shown)")
    #expect(outcome.shown.contains("git: set up\r\n") && stage.scratch.hasVault, "\(outcome.shown)")
  }
}

/// The real programs use the vault after `setup`, in a session that begins then.
@Suite final class SetupHostTests {
  private let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
  }

  private var home: String { stage.scratch.environment["HOME", default: ""] }

  private func setup(_ steps: String..., shell: String = "/bin/sh") throws {
    let run = try Run.program(
      Executables.path("lockwise-sync"), ["setup"] + steps,
      environment: stage.scratch.environment.merging(["SHELL": shell]) { $1 })
    run.expectSuccess()
  }

  /// Runs a command with the variables of `~/.profile`. A login shell would also replace `PATH`.
  private func inSession(_ command: String) throws -> Run {
    try Run.program(
      "/bin/sh", ["-c", "touch ~/.profile && . ~/.profile && \(command)"], environment: stage.scratch.environment)
  }

  /// Runs a command in a login shell.
  private func login(_ shell: String, _ command: String) throws -> Run {
    try Run.program(shell, ["-l", "-c", command], environment: stage.scratch.environment)
  }

  @Test(arguments: ["bash", "dash", "zsh", "fish"]) func aLoginShellSetsTheVariables(name: String) throws {
    guard let shell = try? Executables.ofSystem(name) else { return }
    try setup("--ssh", "--sudo", shell: shell)
    let run = try login(shell, "printenv SSH_ASKPASS SSH_ASKPASS_REQUIRE SUDO_ASKPASS").expectSuccess()
    let askpass = try Executables.path("lockwise-askpass")
    #expect(run.lines == [askpass, "force", askpass], "\(run.error)")
  }

  @Test(arguments: ["ssh", "sudo"]) func theLinesAreThoseOfConfigure(name: String) throws {
    try setup("--" + name)
    let profile = try String(contentsOfFile: home + "/.profile", encoding: .utf8)
    let configure = try Run.program(
      Executables.path("lockwise-askpass"), ["configure", name], environment: stage.scratch.environment
    ).expectSuccess()
    let exports = configure.lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasPrefix("export ") }
    #expect(exports.count == (name == "ssh" ? 2 : 1))
    let own = profile.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(own.filter { $0.hasPrefix("export ") } == exports)
  }

  @Test func passRunsTheExtension() throws {
    let store = home + "/.password-store"
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
    try setup("--pass")
    let pass = try Executables.ofSystem("pass")
    let run = try inSession("\(pass) lockwise show -o github.com/mcurie").expectSuccess()
    #expect(run.lines == ["ghp_webAndGit0123456789"])
  }

  @Test func direnvHasTheFunction() throws {
    try setup("--direnv")
    let folder = home + "/project"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try stage.scratch.write("use lockwise TOKEN=lockwise://github.com/mcurie\n", to: folder + "/.envrc")
    let direnv = try Executables.ofSystem("direnv")
    let run = try inSession("cd \(folder) && \(direnv) allow && \(direnv) exec . printenv TOKEN").expectSuccess()
    #expect(run.lines.last == "ghp_webAndGit0123456789", "\(run.error)")
  }

  @Test func gitAsksTheVault() throws {
    try setup("--git")
    let run = try Run.program(
      Executables.ofSystem("git"), ["credential", "fill"],
      input: .text("url=https://mcurie@github.com\n\n"), environment: stage.scratch.environment
    ).expectSuccess()
    #expect(run.lines.contains("password=ghp_webAndGit0123456789"), "\(run.output)")
  }
}
