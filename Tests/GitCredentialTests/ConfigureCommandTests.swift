import Foundation
import LockwiseCore
import Testing

@testable import git_credential_lockwise

/// `configure` and `unconfigure` with the real git.
@Suite struct ConfigureCommandTests {
  private let helper: HelperVault
  private let command: ConfigureCommand

  init() throws {
    helper = try HelperVault()
    let environment = Environment(helper.variables)
    command = ConfigureCommand(environment: environment, diagnostics: Diagnostics(program: "helper") { _ in })
    try Data("#!/bin/sh\n".utf8).write(to: helper.root.appendingPathComponent("bin/git-credential-lockwise"))
    chmod(helper.root.path + "/bin/git-credential-lockwise", 0o700)
  }

  private var configured: [String] {
    get throws {
      let output = try ChildProcess.output(
        of: "git", ["config", "--global", "--get-regexp", "."], environment: Environment(helper.variables))
      return (output.exposedText() ?? "").split(separator: "\n").map(String.init)
    }
  }

  @Test func itIsAddedOnceBehindTheOthers() throws {
    try helper.configure(
      "[user]\nname = A\n[credential]\nhelper = cache\n[credential \"https://h.example\"]\nhelper = store")
    #expect(command.configure(.global) == .success)
    #expect(command.configure(.global) == .success)
    let expected = [
      "user.name A", "credential.helper cache", "credential.https://h.example.helper store",
      "credential.helper lockwise",
    ]
    #expect(try configured.sorted() == expected.sorted())
    #expect(command.status().hasPrefix("git calls it for every URL (file:"))
  }

  @Test func onlyItselfIsRemoved() throws {
    try helper.configure(
      "[credential]\nhelper = cache\nhelper = lockwise\nhelper = \"!git-credential-lockwise $@\"\nhelper = lockwise-other\n"
        + "helper = /opt/lockwise/git-credential-lockwise\nhelper = lockwise\nhelper = store --file x\n"
        + "[credential \"https://a.example\"]\nhelper = lockwise\nusername = u")
    #expect(command.unconfigure(.global) == .success)
    let left = [
      "credential.helper cache", "credential.helper !git-credential-lockwise $@", "credential.helper lockwise-other",
      "credential.helper store --file x", "credential.https://a.example.username u",
    ]
    #expect(try configured == left)
    #expect(command.unconfigure(.global) == .success)
    #expect(try configured == left)
  }

  @Test func addedAndRemovedLeavesTheFileAsItWas() throws {
    try helper.configure("[credential]\n\thelper = cache")
    let before = try configured
    #expect(command.status().contains("git does not call it"))
    #expect(command.configure(.global) == .success)
    #expect(command.unconfigure(.global) == .success)
    #expect(try configured == before)
  }

  @Test func whatGitRefusesIsAFailure() throws {
    try helper.configure("[credential")
    #expect(command.configure(.global) == .failure)
    #expect(command.unconfigure(.global) == .failure)
    let without = ConfigureCommand(
      environment: Environment(["PATH": "/nonexistent"]), diagnostics: Diagnostics(program: "helper") { _ in })
    #expect(without.configure(.global) == .failure)
    #expect(without.status() == "git could not be asked whether it calls it")
  }

  @Test(
    arguments: [
      ([], .global), (["--global"], .global), (["--system"], .system), (["--local"], nil),
      (["--global", "--system"], nil),
      (["x"], nil),
    ] as [([String], ConfigureCommand.Scope?)])
  func scopes(arguments: [String], scope: ConfigureCommand.Scope?) {
    #expect(ConfigureCommand.scope(arguments) == scope)
  }
}
