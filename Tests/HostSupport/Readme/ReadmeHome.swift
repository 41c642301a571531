import Foundation
import Testing

/// A home in which the README's commands run as they are.
///
/// `https://github.com` leads to a git server of this machine, which accepts the login that the sandbox's account has
/// for it. The current folder looks like the repository after `contrib/build`.
final class ReadmeHome {
  let home: GitTestHome
  private let proxy: ConnectProxy
  private let environment: [String: String]
  let folder: String
  private static let passphrase = "uranium & 1903"

  var scratch: Scratch { home.scratch }
  var sandbox: SandboxProcess { home.sandbox }
  /// The user's home directory.
  var directory: String { environment["HOME", default: ""] }

  init() throws {
    home = try GitTestHome(isTLS: true)
    try home.server.accept(["mcurie": "ghp_webAndGit0123456789"])
    proxy = try ConnectProxy(home)
    var environment = home.environment(proxy.variables)
    for name in ["GIT_CONFIG_GLOBAL", "GIT_ASKPASS", "LOCKWISE_UNLOCK_TIME"] { environment[name] = nil }
    environment["GIT_TERMINAL_PROMPT"] = "0"
    let path = environment["PATH", default: ""]
    environment["PATH"] = environment["HOME", default: ""] + "/.local/bin:" + path
    self.environment = environment
    folder = home.scratch.root + "/lockwise"
    try layOutRepository()
  }

  /// Makes the current folder: `contrib` and `man`, and the executables under test in `.build/bin`. They are installed
  /// as well.
  private func layOutRepository() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: folder + "/.build/bin", withIntermediateDirectories: true)
    for name in ["contrib", "man"] {
      try files.createSymbolicLink(
        atPath: folder + "/" + name, withDestinationPath: Readme.root.appendingPathComponent(name).path)
    }
    let sources = Readme.root.appendingPathComponent("Sources").path
    let installed = directory + "/.local/bin"
    try files.createDirectory(atPath: installed, withIntermediateDirectories: true)
    for name in try files.contentsOfDirectory(atPath: sources) where name.first?.isLowercase == true {
      for target in [folder + "/.build/bin", installed] {
        try files.createSymbolicLink(atPath: target + "/" + name, withDestinationPath: try Executables.path(name))
      }
    }
  }

  /// Signs in, pulls, and has git use the helper unless the block itself does.
  func prepare(for block: Readme.Block) throws {
    try home.stage.signInAndPull()
    if !block.commands.contains(where: { $0.text == "git-credential-lockwise configure" }) {
      try shell("git-credential-lockwise configure").expectSuccess()
    }
  }

  /// Runs a command to its end.
  ///
  /// - Returns: what it printed, as a reader would see it: one text, without empty lines, with the home directory
  ///   `/home/marie`.
  func run(_ command: Readme.Command) throws -> [String] {
    if let match = command.text.wholeMatch(of: /git clone https:\/\/github\.com\/(\S+)/) {
      try home.makeRepository(String(match.1))
    }
    if command.text == "lockwise-sync setup" { return try setUp() }
    let prompts = command.output.filter { $0.hasSuffix(":") }
    if prompts.isEmpty {
      let run = try shell(command.text + " 2>&1")
      // Without an operation the helper prints its help, and the status is that of a wrong command line.
      #expect(run.status == (command.text == "git-credential-lockwise" ? 64 : 0), "\(command.text): \(run.output)")
      return lines(run.output)
    }
    let terminal = try terminal(command.text)
    for prompt in prompts { try answer(prompt, at: terminal) }
    return try finish(terminal)
  }

  /// Signs in at a terminal as `login` of the README does, at the sandbox's servers instead of Mozilla's.
  func logIn(_ command: Readme.Command) throws {
    let terminal = try terminal(command.text + " --server " + sandbox.url)
    if command.text.contains("--browser") {
      try terminal.expect("/authorization?")
      try terminal.expect("\r\n")
      let page = terminal.shown.split(whereSeparator: \.isNewline).first { $0.contains("/authorization?") }
      let last = try PageClient(address: String(try #require(page)), port: sandbox.control.port).signIn()
      try terminal.expect("Address or code:")
      terminal.enter(last)
    } else {
      let email = command.text.split(separator: " ").last.map(String.init) ?? ""
      if email != SandboxProcess.email {
        try sandbox.account(["create": email, "password": SandboxProcess.password])
      }
      try answer("Password for \(email) at", at: terminal)
    }
    for prompt in ["New passphrase for the vault:", "The same passphrase again:"] { try answer(prompt, at: terminal) }
    _ = try finish(terminal)
    #expect(scratch.hasVault)
  }

  /// Accepts the default answer to each question of `setup`.
  private func setUp() throws -> [String] {
    let terminal = try terminal("lockwise-sync setup")
    var answers = 0
    while try terminal.await({ shown, _ in String(shown).matches(of: #/\[[Yy]/[Nn]\] /#).count > answers }) {
      answers += 1
      terminal.enter("")
    }
    #expect(answers > 0)
    return try finish(terminal)
  }

  private func shell(_ text: String) throws -> Run {
    try Run.program("/bin/bash", ["-c", script(text)], environment: environment)
  }

  private func terminal(_ text: String) throws -> PseudoTerminal {
    try PseudoTerminal("/bin/bash", ["-c", script(text)], environment: environment)
  }

  private func script(_ text: String) -> String { "set -o pipefail; cd '\(folder)' && \(text)" }

  private func answer(_ prompt: String, at terminal: PseudoTerminal) throws {
    try terminal.expect(prompt)
    terminal.enter(prompt.hasPrefix("Password") ? SandboxProcess.password : Self.passphrase)
  }

  private func finish(_ terminal: PseudoTerminal) throws -> [String] {
    let outcome = try terminal.finish()
    #expect(outcome.status == 0 && outcome.isRestored, "\(outcome.shown)")
    return lines(outcome.shown)
  }

  private func lines(_ shown: String) -> [String] {
    shown.replacing(directory, with: "/home/marie").split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
