import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// A home with a vault that a key file opens, and with programs that ask `lockwise-askpass`. There is no account, and
/// `lockwise-sync` does nothing, so no test of this home reaches a server.
final class AskpassHome {
  /// A login of the vault.
  struct Login {
    let origin: String
    let realm: String?
    let username: String
    let password: String

    init(_ origin: String, realm: String? = nil, _ username: String, _ password: String) {
      (self.origin, self.realm, self.username, self.password) = (origin, realm, username, password)
    }
  }

  static let key = "a key of 32 bytes, for tests only"

  let scratch: Scratch
  /// The program under test.
  let program: String
  /// The environment of every process.
  var environment: [String: String]

  /// Makes a home.
  ///
  /// - Parameter logins: the logins of the vault, whose ids are `{1}`, `{2}` and so on.
  init(_ logins: [Login] = []) throws {
    scratch = try Scratch()
    let bin = scratch.root + "/bin"
    program = bin + "/lockwise-askpass"
    let files = FileManager.default
    try files.createDirectory(atPath: bin, withIntermediateDirectories: false)
    // Programs next to them would include the real lockwise-sync, hence copies.
    for name in ["lockwise-askpass", "git-credential-lockwise"] {
      try Spawn.alone { try files.copyItem(atPath: Executables.path(name), toPath: bin + "/" + name) }
    }
    try scratch.write("#!/bin/sh\n", to: bin + "/lockwise-sync")
    environment = scratch.environment.merging([
      "PATH": bin + ":/usr/bin:/bin", "LOCKWISE_PULL_INTERVAL": "0", "SSH_ASKPASS": program,
      "SSH_ASKPASS_REQUIRE": "force", "LOGNAME": "marie",
    ]) { $1 }
    try scratch.write(Self.key, to: scratch.keyFile)
    try files.createDirectory(
      atPath: scratch.root + "/state", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    let vault = try VaultFile.create(
      in: VaultDirectory(path: scratch.vault),
      slots: [
        NewKeySlot(
          source: .keyFile(path: scratch.keyFile), credential: SecretBytes(utf8: Self.key), cost: TestVault.cost)
      ],
      documents: [.account: SecretBytes(utf8: #"{"email":"marie.curie@example.org"}"#)], random: SystemRandom())
    let update = try vault.beginMirrorUpdate()
    for (number, login) in zip(1..., logins) {
      let json = LoginJSON(
        "{\(number)}", origin: login.origin, realm: login.realm, form: login.realm == nil ? "" : nil,
        username: login.username, password: login.password)
      try update.store(LoginRecord(json: SecretBytes(utf8: json.text), bsoID: "{\(number)}"))
    }
    try update.commit()
  }

  /// Opens the vault.
  func vault(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: VaultDirectory(path: scratch.vault), access: access)
    return try file.unlock(file.slots()[0], with: SecretBytes(utf8: Self.key))
  }

  /// All logins of the vault, each as `origin username password`.
  func logins() throws -> Set<String> {
    var logins: Set<String> = []
    try vault().forEachLogin { logins.insert("\($0.origin) \($0.username) \($0.password.exposedText() ?? "?")") }
    return logins
  }

  /// Gives a login another password, as Firefox does.
  func change(_ guid: String, password: String) throws {
    var changes = LoginChanges()
    changes.password = SecretBytes(utf8: password)
    _ = try LoginEditor(vault: vault(.writing), now: { 1_800_000_000_000 }).change(guid: guid, changes)
  }

  /// Runs the program without a terminal. The process that asks is that of the tests.
  func run(_ arguments: String..., input: Input = .none, with variables: [String: String] = [:]) throws -> Run {
    try Run.program(program, arguments, input: input, environment: environment.merging(variables) { $1 })
  }

  /// Runs the program for a process of its own.
  ///
  /// - Parameter asker: the name of the program that asks.
  func ask(_ prompt: String, by asker: String, with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      copiedAsker(asker), ["--foreground", "50", program, prompt], environment: environment.merging(variables) { $1 })
  }

  /// Returns the path of a program with another name that runs its arguments from the second on (timeout(1)).
  func copiedAsker(_ name: String) throws -> String {
    let folder = scratch.root + "/askers"
    let path = folder + "/" + name
    guard access(path, X_OK) != 0 else { return path }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Spawn.alone { try FileManager.default.copyItem(atPath: Executables.ofSystem("timeout"), toPath: path) }
    return path
  }

  /// Starts the program at a terminal. A shell asks.
  func terminal(_ arguments: String..., with variables: [String: String] = [:]) throws -> PseudoTerminal {
    try PseudoTerminal(program, arguments, environment: environment.merging(variables) { $1 })
  }

  /// Starts another program at a terminal.
  func terminal(
    running name: String, _ arguments: String..., with variables: [String: String] = [:]
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      name.hasPrefix("/") ? name : Executables.ofSystem(name), arguments,
      environment: environment.merging(variables) { $1 })
  }

  /// Makes an ssh key.
  ///
  /// - Returns: its path.
  func makeKey(_ name: String = "id_marie", passphrase: String, _ options: String...) throws -> String {
    let path = scratch.root + "/" + name
    try Run.program(
      Executables.ofSystem("ssh-keygen"),
      ["-q", "-t", "ed25519", "-N", passphrase, "-C", "marie's key", "-f", path] + options, environment: environment
    ).expectSuccess()
    return path
  }
}

/// An ssh-agent, which ends with the object.
final class SSHAgent {
  /// The path of its socket.
  let socket: String
  private let process: RunningProgram

  /// Starts an agent.
  init(_ home: AskpassHome, with variables: [String: String] = [:]) throws {
    socket = home.scratch.root + "/agent"
    process = try RunningProgram(
      Executables.ofSystem("ssh-agent"), ["-D", "-a", socket],
      environment: home.environment.merging(variables) { $1 })
    // The socket exists before the agent listens. Status 2 means that it does not.
    let environment = home.environment.merging(["SSH_AUTH_SOCK": socket]) { $1 }
    let list = try Executables.ofSystem("ssh-add")
    let isReady = try Deadline(seconds: 10).await {
      try Run.program(list, ["-l"], environment: environment).status != 2
    }
    guard isReady else {
      throw TimedOut(description: "ssh-agent does not start")
    }
  }

  deinit {
    process.signal(SIGTERM)
    _ = try? process.finish(timeout: 10)
  }
}
