import ArgumentParser
import Foundation
import LockwiseSandbox

/// The command line of `lockwise-sandbox`.
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockwise-sandbox",
    abstract: "A loopback stand-in for Mozilla's servers: accounts, OAuth, token server, Sync storage.",
    discussion: """
      Listens on 127.0.0.1 only. The first line of its output is its base URL, which is also the content root \
      for clients; nothing follows. Below it: /.well-known (discovery), /auth/v1 (accounts), /oauth/v1, \
      /profile/v1, /token/1.0/sync/1.5, /storage/1.5/UID (also /1.5/UID), and /__sandbox__ for tests: \
      state, requests, faults, clock, switches, mail, edit, decrypt, account, reassign, save.

      With --state, the file is loaded if it exists (then --fixture, --account and --generate do nothing), and \
      saved when the sandbox ends on SIGTERM or SIGINT. Exit status: 0, 64 for wrong usage, 1 for a failure.
      """,
    version: SandboxVersion.text)

  @Option(help: "TCP port on 127.0.0.1; 0 for any free one.")
  var port: UInt16 = 0

  @Option(help: "What clients have in front of them instead of the port, such as a TLS proxy.")
  var publicURL: String?

  @Option(help: "Folder with account.json and storage.json to begin with.")
  var fixture: String?

  @Option(help: "File that everything is loaded from and saved to.")
  var state: String?

  @Option(help: "Make an account with this address.")
  var account: String?

  @Flag(help: "The first line of standard input is the new account's password.")
  var passwordStdin = false

  @Option(help: "Password stretching of the new account: 1 or 2.")
  var stretching = 1

  @Flag(
    help: "Stretch new accounts' passwords with scrypt N=16 instead of Mozilla's 65536, to start at once.")
  var fastPasswords = false

  @Option(help: "Add so many login records, https://host000000.example and so on.")
  var generate = 0

  @Option(help: "Secret of the storage tokens (tokenlib).")
  var tokenSecret: String?

  @Option(help: "File that the port is written to once it is listened on.")
  var portFile: String?

  @Option(help: "File that the request log is appended to, a JSON object a line.")
  var log: String?

  @Option(name: .customLong("set"), help: ArgumentHelp("Set a switch.", valueName: "name=value"))
  var settings: [String] = []

  @Flag(help: "List the switches and end.")
  var switches = false

  @Flag(help: "End when the process that started this one ends.")
  var exitWithParent = false

  @Flag(help: "Nothing on standard error but errors.")
  var quiet = false

  func validate() throws {
    guard generate >= 0 else { throw ValidationError("--generate takes a number of records") }
    guard [1, 2].contains(stretching) else { throw ValidationError("--stretching is 1 or 2") }
    guard account == nil || passwordStdin else { throw ValidationError("--account needs --password-stdin") }
    guard !passwordStdin || account != nil else { throw ValidationError("--password-stdin needs --account") }
    guard generate == 0 || fixture != nil || account != nil || state != nil else {
      throw ValidationError("--generate needs --fixture or --account")
    }
    if let publicURL, !publicURL.hasPrefix("http://"), !publicURL.hasPrefix("https://") {
      throw ValidationError("--public-url begins with http:// or https://")
    }
    var known = Switches()
    for setting in settings {
      do { try known.set(assignment: setting) } catch { throw ValidationError("--set: \(error)") }
    }
  }

  func run() async throws {
    if switches {
      for definition in Switches.definitions {
        print("\(definition.name)=\(definition.initialText)\n    \(definition.help)")
      }
      return
    }
    do {
      try await serve()
    } catch {
      Self.report("error", "\(error)")
      throw ExitCode.failure
    }
  }

  private func serve() async throws {
    let parent = getppid()
    let sandbox = try Sandbox(configuration())
    let signals = SignalWaiter([SIGTERM, SIGINT])
    let url = try await sandbox.start()
    if let portFile, let port = await sandbox.port { try Sandbox.writePrivate(portFile, text: "\(port)\n") }
    FileHandle.standardOutput.write(Data((url + "\n").utf8))
    if !quiet { Self.report("notice", "serving \(url), control surface \(url)/__sandbox__/state") }
    if exitWithParent { OrphanWatch.start(parent: parent) }
    await signals.wait()
    if state != nil { try await sandbox.save() }
    await sandbox.stop()
  }

  private func configuration() throws -> SandboxConfiguration {
    var configuration = SandboxConfiguration()
    configuration.port = port
    configuration.publicURL = publicURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    configuration.fixture = fixture
    configuration.state = state
    configuration.generate = generate
    configuration.fastPasswords = fastPasswords
    configuration.tokenSecret = tokenSecret
    configuration.log = log
    configuration.switches = settings
    if let account {
      guard let password = readLine(), !password.isEmpty else {
        throw ValidationError("there is no password on standard input")
      }
      configuration.account = .init(email: account, password: password, version2: stretching == 2)
    }
    return configuration
  }

  /// Writes a line to standard error.
  static func report(_ kind: String, _ text: String) {
    FileHandle.standardError.write(Data("lockwise-sandbox: \(kind): \(text)\n".utf8))
  }
}
