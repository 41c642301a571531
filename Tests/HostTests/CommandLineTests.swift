import Foundation
import Testing

@testable import LockwiseHostSupport

/// The command lines of the executables.
@Suite struct CommandLineTests {
  static let names = [
    "git-credential-lockwise", "lockwise-askpass", "lockwise-pass", "docker-credential-lockwise", "lockwise-sync",
    "lockwise-sandbox",
  ]

  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func run(_ name: String, _ arguments: [String], input: Input = .none) throws -> Run {
    try Run.program(Executables.path(name), arguments, input: input, environment: scratch.environment)
  }

  @Test(arguments: names, ["--help", "-h"])
  func printsHelp(name: String, option: String) throws {
    // Any other argument than --help may be a prompt.
    guard name != "lockwise-askpass" || option == "--help" else { return }
    let run = try run(name, [option]).expectSuccess()
    #expect(run.error.isEmpty)
    #expect(run.output.lowercased().contains("usage: \(name)"))
    #expect(run.output.contains("--version"))
  }

  @Test(arguments: names)
  func printsTheVersion(name: String) throws {
    let run = try run(name, ["--version"]).expectSuccess()
    #expect(run.error.isEmpty)
    let words = run.output.split { $0 == " " || $0 == "\n" }
    let number = name == "lockwise-sandbox" ? words.last : words.dropFirst().first
    #expect(number?.split(separator: ".").count == 3, "\(run.output)")
    #expect(run.output.hasSuffix("\n") && run.lines.count == 1)
    if name != "lockwise-sandbox" { #expect(words.first.map(String.init) == name) }
  }

  /// A system update does not replace the libraries in a static program.
  @Test func namesTheLibrariesInAHelper() throws {
    let output = try run("git-credential-lockwise", ["--version"]).expectSuccess().output
    let pattern = /git-credential-lockwise [0-9.]+ \(OpenSSL [0-9]+\.[0-9]+\.[0-9]+\S*, SQLite 3\.[0-9.]+\)\n/
    #expect(output.wholeMatch(of: pattern) != nil, "\(output)")
  }

  @Test(arguments: ["login", "pull", "status", "unlock", "lock", "logout"])
  func printsHelpForEveryCommand(command: String) throws {
    let run = try run("lockwise-sync", [command, "--help"]).expectSuccess()
    #expect(run.output.contains("USAGE: lockwise-sync \(command)"))
    #expect(run.error.isEmpty)
  }

  @Test(arguments: [
    ["--no-such-option"], ["no-such-command"], ["pull", "--no-such-option"], ["status", "extra"], ["login", "a", "b"],
    ["login", "no-address"], ["login", "a@b@c"], ["login", "@example.org"], ["login", "--password-stdin"],
    ["login", "--key-file", "a", "--passphrase-command", "b", "marie@example.org"], ["login", "--server"],
    ["login", "marie curie@example.org"], ["login", "marie@example.org\n"],
  ])
  func refusesAWrongCommandLine(arguments: [String]) throws {
    let run = try run("lockwise-sync", arguments)
    run.expectRefusal(64, "hint: see lockwise-sync ", "--help")
    #expect(!scratch.hasVault)
  }

  @Test(arguments: [
    ["--no-such-option"], ["--port", "99999999"], ["--generate", "-1"], ["--set", "nonsense"], ["extra"],
  ])
  func refusesAWrongCommandLineOfTheSandbox(arguments: [String]) throws {
    let run = try run("lockwise-sandbox", arguments)
    #expect(run.status == 64, "\(run.ending)")
    #expect(run.output.isEmpty)
    #expect(!run.error.isEmpty)
  }

  /// A helper must ignore operations that it does not support (git-credential(1)).
  /// Without a vault, `store` and `erase` are ignored too.
  @Test(arguments: ["store", "erase", "no-such-operation", "GET", ""])
  func ignoresOtherOperations(operation: String) throws {
    let inputs: [Input] = [
      .none, .closed, .text(""), .text("protocol=https\nhost=github.com\nusername=a\npassword=b\n\n"),
      .bytes([0, 0xFF, 10, 13, 61]), .text(String(repeating: "garbage", count: 30_000)),
    ]
    for input in inputs {
      let run = try run("git-credential-lockwise", [operation], input: input)
      #expect(run.ending == .exited(0))
      #expect(run.outputBytes.isEmpty && run.errorBytes.isEmpty, "\(run.error)")
    }
  }

  @Test(arguments: [
    ["configure", "--local"], ["unconfigure", "x"], ["configure", "--global", "--system"], ["--global"],
  ])
  func acceptsOnlyAScopeToConfigure(arguments: [String]) throws {
    try run("git-credential-lockwise", arguments)
      .expectRefusal(64, "hint: see git-credential-lockwise --help", by: "git-credential-lockwise")
  }

  @Test func configuresGitWithItsPath() throws {
    let helper = try Executables.path("git-credential-lockwise")
    scratch.environment["PATH"] = "/usr/bin:/bin"
    scratch.environment["GIT_CONFIG_GLOBAL"] = scratch.root + "/configured"
    for _ in 1...2 { try run("git-credential-lockwise", ["configure"]).expectSuccess() }
    let git = try Executables.ofSystem("git")
    func configured() throws -> [String] {
      try Run.program(git, ["config", "--get-all", "credential.helper"], environment: scratch.environment).lines
    }
    #expect(try configured() == [helper])
    #expect(
      try run("git-credential-lockwise", []).errorLines.last?.hasPrefix("git uses it for every URL (file:") == true)
    for _ in 1...2 { try run("git-credential-lockwise", ["unconfigure"]).expectSuccess() }
    #expect(try configured() == [])
  }
}
