import Foundation
import Testing

@testable import LockwiseHostSupport

/// Runs every command of the README verbatim, except those that need a Firefox, which `InteropTests` run.
@Suite(.needsKeyring) struct ReadmeTests {
  private static let readme = try? Readme()
  static let blocks = (readme?.blocks ?? []).filter { !$0.isTranscript || !$0.commands.contains(where: \.needsFirefox) }
  /// The programs that a shell in the test's home runs.
  private static let programs: Set = [
    "echo", "eval", "git", "git-credential-lockwise", "ln", "lockwise-askpass", "lockwise-env",
    "lockwise-pass", "lockwise-sync", "pass", "printf",
  ]

  @Test func theReadmeHasCommands() throws {
    let readme = try Readme()
    #expect(Set(readme.blocks.flatMap(\.commands).map(\.program)).isSuperset(of: Self.programs))
    #expect(readme.blocks.allSatisfy { !$0.commands.isEmpty })
  }

  @Test(arguments: blocks) func runs(_ block: Readme.Block) throws {
    let commands = block.commands.filter { !$0.needsFirefox }
    for command in commands where command.isLogin { try ReadmeHome().logIn(command) }
    let others = commands.filter { !$0.isLogin }
    for command in others where command.program.hasPrefix("contrib/") { try checkIsPartOfTheTestRun(command) }
    let shell = others.filter { !$0.program.hasPrefix("contrib/") }
    guard !shell.isEmpty else { return }
    let home = try ReadmeHome()
    try home.prepare(for: block)
    for command in shell {
      #expect(Self.programs.contains(command.program), "no test runs \(command.text)")
      let shown = try home.run(command)
      if block.isTranscript { #expect(shown == command.output, "\(command.text)") }
      try check(command, showed: shown, in: home)
    }
  }

  /// A script that builds: `contrib/test`, which runs these tests as well, runs it.
  private func checkIsPartOfTheTestRun(_ command: Readme.Command) throws {
    let script = try String(contentsOf: Readme.root.appendingPathComponent("contrib/test"), encoding: .utf8)
    let words = script.split(separator: "\n").filter { !$0.hasPrefix("#") }.flatMap { $0.split(separator: " ") }
    #expect(
      command.text == "contrib/test" || words.contains { $0.prefix { $0 != ";" } == command.program },
      "contrib/test does not run \(command.text)")
    let help = try Run.program(
      Readme.root.appendingPathComponent(command.program).path, ["--help"], environment: ["PATH": "/usr/bin:/bin"]
    ).expectSuccess()
    for option in command.text.split(separator: " ").dropFirst() { #expect(help.output.contains(option)) }
  }

  /// Checks what a command is for.
  private func check(_ command: Readme.Command, showed shown: [String], in home: ReadmeHome) throws {
    switch command.text {
    case let text where text.hasPrefix("git clone "):
      #expect(try home.home.server.takeCredentials() == ["mcurie:ghp_webAndGit0123456789"])
    case let text where text.hasPrefix("lockwise-sync logout"):
      #expect(!home.scratch.hasVault)
    case let text where text.hasSuffix("password=(hidden)/'"):
      #expect(shown == ["username=mcurie", "password=(hidden)"])
    case "pass":
      #expect(shown.first == "Password Store" && shown.contains { $0.hasSuffix("mcurie") }, "\(shown)")
    case "pass find git":
      #expect(shown.contains { $0.hasSuffix("github.com") }, "\(shown)")
    case let text where text.hasPrefix("pass generate "):
      #expect(shown.count == 2 && shown.last?.count == 20, "\(shown)")
    case let text where text.hasPrefix("pass show "):
      #expect(shown.count == 1 && shown[0].count == 20, "\(shown)")
    case let text where text.hasPrefix("lockwise-askpass configure ssh"):
      let profile = try String(contentsOfFile: home.directory + "/.profile", encoding: .utf8)
      #expect(shown.isEmpty && profile.contains("export SSH_ASKPASS="), "\(profile)")
    case "lockwise-askpass configure sudo":
      #expect(shown.contains { $0.hasPrefix("export SUDO_ASKPASS=") }, "\(shown)")
    case let text where text.hasPrefix("lockwise-askpass explain"):
      #expect(shown.first == "question: the ssh password of you@example.org", "\(shown)")
    case let text where text.hasPrefix("lockwise-env run -f") || text == "lockwise-env read github.com/mcurie":
      #expect(shown == ["ghp_webAndGit0123456789"], "\(text): \(shown)")
    case let text where text.hasPrefix("lockwise-env run --mask"):
      #expect(shown.contains("GITHUB_TOKEN=<hidden:GITHUB_TOKEN>"), "\(shown)")
    case let text where text.hasPrefix("lockwise-env inject"):
      let file = try String(contentsOfFile: home.folder + "/config.json", encoding: .utf8)
      #expect(file == #"{"token": "ghp_webAndGit0123456789"}"# + "\n", "\(file)")
    case "git-credential-lockwise":
      #expect(shown.contains { $0.hasPrefix("git uses it") }, "\(shown)")
    case "lockwise-sync doctor":
      #expect(shown.count > 10 && shown.allSatisfy { !$0.hasPrefix("fail") }, "\(shown)")
    default: break
    }
  }
}
