import Foundation
import LockwiseTestSupport

/// Runs the commands of a transcript, in a home and with a sandbox of its own.
struct TranscriptRunner {
  private let home: TestHome
  private let git: GitTestHome?
  private let environment: [String: String]
  let pattern: TranscriptPattern

  /// A command that should have prepared something.
  struct PreparationFailure: Error, CustomStringConvertible {
    let description: String
  }

  /// The folder of the transcripts.
  static let folder = TestVectors.fixtures.deletingLastPathComponent().appendingPathComponent("Transcripts")

  init(_ settings: [TranscriptSetting]) throws {
    let needsGit = settings.contains { if case .gitServer = $0 { true } else { false } }
    git = needsGit ? try GitTestHome() : nil
    home = try git?.stage ?? TestHome()
    home.mayWrite = true
    let scratch = home.scratch
    let folder = scratch.environment["HOME", default: ""]
    var values = [
      "server": home.sandbox.url, "home": folder, "root": scratch.root, "vault": scratch.vault,
      "key": scratch.keyFile, "bin": Executables.directory, "host": ProcessInfo.processInfo.hostName,
      "port": URL(string: home.sandbox.url)?.port.map(String.init) ?? "",
    ]
    values["git"] = git?.server.url
    values["git-port"] = git.map { String($0.server.port) }
    pattern = TranscriptPattern(values: values)
    for setting in settings { try Self.apply(setting, to: home, git, pattern) }
    var environment = git?.environment() ?? scratch.environment
    environment["PATH"] = Self.folder.path + "/bin:" + environment["PATH", default: ""]
    environment["SANDBOX"] = home.sandbox.url
    environment["SANDBOX_PID"] = String(home.sandbox.pid)
    self.environment = environment
  }

  private static func apply(
    _ setting: TranscriptSetting, to home: TestHome, _ git: GitTestHome?, _ pattern: TranscriptPattern
  ) throws {
    switch setting {
    case .variable(let name, let value): home.scratch.environment[name] = pattern.fill(value)
    case .signedInWithKeyFile: try home.signInAndPull()
    case .signedIn(let passphrase): try home.signInAndPull(passphrase: passphrase)
    case .gitServer(let username, let password):
      // The user answers git's questions at the terminal.
      home.scratch.environment["GIT_ASKPASS"] = nil
      try git?.makeRepository("radium.git")
      try git?.server.accept([username: password])
      try git?.prepare()
    case .needsKeyring: break
    case .allowRejections: home.mayBeRejected = true
    case .allowDeletions: home.mayDeleteCollections = true
    }
  }

  /// Runs a command.
  ///
  /// - Returns: the lines of the transcript, as they should be for what the command showed; for a preparation none.
  /// - Throws: `PreparationFailure`, `TimeIsOver`, `Spawn.Failure`.
  func run(_ step: Transcript.Step) throws -> [String] {
    let command = pattern.fill(step.command)
    switch step.mode {
    case .plain:
      let input = step.input.map { Input.text(pattern.fill($0.joined(separator: "\n")) + "\n") } ?? .none
      return TranscriptText.lines(of: try shell(command, input: input))
    case .terminal:
      let terminal = try TranscriptTerminal(Self.atHome(command), environment: environment, pattern: pattern)
      return try terminal.run(TranscriptTerminal.entries(step.expected), resolve: resolve)
    case .preparation:
      let input = step.input.map { Input.text(pattern.fill($0.joined(separator: "\n")) + "\n") } ?? .none
      let run = try shell(command, input: input)
      guard run.status == 0 else {
        throw PreparationFailure(description: "line \(step.number): \(run.ending): \(run.output)\(run.error)")
      }
      return []
    }
  }

  /// Gives the text to type: `$(COMMAND)` becomes the first line that the command prints.
  private func resolve(_ text: String) throws -> String {
    let text = pattern.fill(text)
    guard let match = text.wholeMatch(of: /\$\((.*)\)/) else { return text }
    return try shell(String(match.1), input: .none).lines.first ?? ""
  }

  private func shell(_ command: String, input: Input) throws -> Run {
    try Run.program("/bin/sh", ["-c", Self.atHome(command)], input: input, environment: environment)
  }

  private static func atHome(_ command: String) -> String { "cd \"$HOME\" || exit\n" + command }
}
