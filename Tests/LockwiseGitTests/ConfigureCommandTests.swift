import Foundation
import LockwiseTestSupport
import Synchronization
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// The commands `configure` and `unconfigure` with the real git.
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

  @Test func theHelperIsAddedOnceAfterTheOthers() throws {
    try helper.configure(
      "[user]\nname = A\n[credential]\nhelper = cache\n[credential \"https://h.example\"]\nhelper = store")
    #expect(command.configure(.global) == .success)
    #expect(command.configure(.global) == .success)
    let expected = [
      "user.name A", "credential.helper cache", "credential.https://h.example.helper store",
      "credential.helper lockwise",
    ]
    #expect(try configured.sorted() == expected.sorted())
    #expect(command.status().hasPrefix("git uses it for every URL (file:"))
  }

  /// `git config` refuses --global where this variable is set.
  @Test func theVariableGitConfigDoesNotMatter() throws {
    let other = ConfigureCommand(
      environment: Environment(helper.variables.merging(["GIT_CONFIG": helper.root.path + "/other"]) { $1 }),
      diagnostics: Diagnostics(program: "helper") { _ in })
    #expect(other.configure(.global) == .success)
    #expect(try configured == ["credential.helper lockwise"])
    #expect(other.status().hasPrefix("git uses it for every URL"))
    #expect(other.unconfigure(.global) == .success)
    #expect(other.status().contains("git does not use it yet"))
  }

  @Test func onlyThisHelperIsRemoved() throws {
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

  @Test func removalRestoresTheFile() throws {
    try helper.configure("[credential]\n\thelper = cache")
    let before = try configured
    #expect(command.status().contains("git does not use it yet"))
    #expect(command.configure(.global) == .success)
    #expect(command.unconfigure(.global) == .success)
    #expect(try configured == before)
  }

  /// The output of `configure` and `unconfigure`.
  private func said(_ body: (ConfigureCommand) -> ExitCode) -> [String] {
    let lines = Mutex<[String]>([])
    let command = ConfigureCommand(
      environment: Environment(helper.variables),
      diagnostics: Diagnostics(program: "helper") { line in lines.withLock { $0.append(line) } })
    #expect(body(command) == .success)
    return lines.withLock { $0 }
  }

  @Test func theChangeIsReported() throws {
    let file = "file:\(helper.root.path)/.gitconfig"
    let added = "helper: notice: git uses it now, for every URL: credential.helper = lockwise was added (\(file))\n"
    #expect(said { $0.configure(.global) } == [added])
    #expect(said { $0.configure(.global) } == ["helper: notice: git uses it already. Nothing was changed\n"])
    #expect(said { $0.unconfigure(.global) } == ["helper: notice: git no longer uses it: removed (\(file))\n"])
    #expect(said { $0.unconfigure(.global) } == ["helper: notice: git does not use it. Nothing was changed\n"])
  }

  /// git-credential-store(1) receives every verified password and writes it to a file.
  @Test(arguments: [
    ("store", "rm ~/.git-credentials"), ("store --file=/x/plain", "rm /x/plain"),
    ("store --file /x/plain", "rm /x/plain"),
    ("/usr/lib/git-core/git-credential-store", "rm ~/.git-credentials"),
  ])
  func aPlainFileIsWarnedOf(value: String, removal: String) throws {
    try helper.configure("[credential]\nhelper = \(value)\nhelper = cache")
    let file = helper.root.path + "/.gitconfig"
    for count in [4, 4] {
      let lines = said { $0.configure(.global) }
      #expect(lines.count == count)
      #expect(lines[1].contains("git-credential-store (file:\(file)) saves every password"))
      #expect(lines[3] == "helper: hint: \(removal)\n")
      // The printed commands work.
      let command = String(lines[2].dropFirst("helper: hint: ".count).dropLast())
      #expect(command.hasPrefix("git config --file \(file) --fixed-value --unset-all credential.helper "))
    }
    let command = String((said { $0.configure(.global) }[2]).dropFirst("helper: hint: ".count).dropLast())
    _ = try ChildProcess.output(of: "/bin/sh", ["-c", command], environment: Environment(helper.variables))
    #expect(try configured == ["credential.helper cache", "credential.helper lockwise"])
    #expect(said { $0.configure(.global) }.count == 1)
  }

  /// git-credential-store(1), "FILES".
  @Test func theOtherPlainFileIsNamed() throws {
    try helper.configure("[credential]\nhelper = store")
    let folder = helper.root.appendingPathComponent(".config/git")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: folder.appendingPathComponent("credentials"))
    #expect(said { $0.configure(.global) }.last == "helper: hint: rm \(folder.path)/credentials\n")
    try Data("x".utf8).write(to: helper.root.appendingPathComponent(".git-credentials"))
    #expect(said { $0.configure(.global) }.last == "helper: hint: rm ~/.git-credentials\n")
  }

  /// There is no warning about a cleared list or another helper.
  @Test(arguments: ["helper = store\nhelper =", "helper = store-other", "helper = libsecret", "helper = /opt/store"])
  func otherHelpersAreNotWarnedOf(text: String) throws {
    try helper.configure("[credential]\n" + text)
    #expect(said { $0.configure(.global) }.count == 1)
  }

  @Test func gitsErrorIsAFailure() throws {
    try helper.configure("[credential")
    #expect(command.configure(.global) == .failure)
    #expect(command.unconfigure(.global) == .failure)
    let without = ConfigureCommand(
      environment: Environment(["PATH": "/nonexistent"]), diagnostics: Diagnostics(program: "helper") { _ in })
    #expect(without.configure(.global) == .failure)
    #expect(without.status() == "cannot ask git whether it uses this helper")
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
