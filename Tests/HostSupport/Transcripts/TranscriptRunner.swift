import Foundation
import LockwiseTestSupport

/// Runs the commands of a transcript, in a home and with a sandbox of its own.
struct TranscriptRunner {
  private let home: TestHome
  private let git: GitTestHome?
  private let proxy: ConnectProxy?
  private let machine: TranscriptMachine?
  private let environment: [String: String]
  let pattern: TranscriptPattern

  /// A command that should have prepared something.
  struct PreparationFailure: Error, CustomStringConvertible {
    let description: String
  }

  /// The folder of the transcripts.
  static let folder = TestVectors.fixtures.deletingLastPathComponent().appendingPathComponent("Transcripts")

  init(_ settings: [TranscriptSetting]) throws {
    let needsGitHub = settings.contains { if case .gitHub = $0 { true } else { false } }
    let needsGit = settings.contains { if case .gitServer = $0 { true } else { needsGitHub } }
    git = needsGit ? try GitTestHome(isTLS: needsGitHub) : nil
    proxy = needsGitHub ? try git.map { try ConnectProxy($0) } : nil
    home = try git?.stage ?? TestHome()
    home.mayWrite = true
    let scratch = home.scratch
    let folder = scratch.environment["HOME", default: ""]
    machine = try Self.machine(settings, scratch)
    var values = [
      "server": home.sandbox.url, "home": folder, "root": scratch.root, "vault": scratch.vault,
      "key": scratch.keyFile, "bin": Executables.directory, "host": ProcessInfo.processInfo.hostName,
      "port": URL(string: home.sandbox.url)?.port.map(String.init) ?? "",
    ]
    values["git"] = git?.server.url
    values["git-port"] = git.map { String($0.server.port) }
    values["ssh-port"] = machine.map { String($0.port) }
    pattern = TranscriptPattern(values: values)
    for setting in settings { try Self.apply(setting, to: home, git, pattern) }
    try machine?.takeOver()
    var environment = git?.environment(proxy?.variables ?? [:]) ?? scratch.environment
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
    case .gitHub(let username, let password):
      for name in ["GIT_ASKPASS", "GIT_CONFIG_GLOBAL"] { home.scratch.environment[name] = nil }
      try git?.makeRepository("marie/radium.git")
      try git?.server.accept([username: password])
    case .user, .needsKeyring: break
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
      let (program, arguments) = commandLine(command)
      let terminal = try TranscriptTerminal(program, arguments, environment: environment, pattern: pattern)
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
    let (program, arguments) = commandLine(command)
    return try Run.program(program, arguments, input: input, environment: environment)
  }

  /// Returns the command line that runs a command in the home folder.
  private func commandLine(_ command: String) -> (program: String, arguments: [String]) {
    let script = "cd \"$HOME\" || exit\n" + command
    return machine?.command(script) ?? ("/bin/sh", ["-c", script])
  }

  private static func machine(_ settings: [TranscriptSetting], _ scratch: Scratch) throws -> TranscriptMachine? {
    for case .user(let name, let password, let machine, let sshServer) in settings {
      return try TranscriptMachine(
        scratch, name: name, password: password, machine: machine, sshServer: sshServer)
    }
    return nil
  }
}
