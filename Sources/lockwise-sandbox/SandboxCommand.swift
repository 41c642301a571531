import ArgumentParser
import Dispatch
import Foundation
import LockwiseSandbox

/// The command line of `lockwise-sandbox`.
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockwise-sandbox",
    abstract: "Serve Mozilla's accounts and Sync on this machine for tests.",
    discussion: """
      Listens on 127.0.0.1 only and prints its base URL, which clients use as the content root. Its paths: \
      /.well-known (discovery), /auth/v1 (accounts), /oauth/v1, /profile/v1, /token/1.0/sync/1.5, /storage/1.5/UID \
      (also /1.5/UID), and /__sandbox__ for tests: state, requests, faults, clock, switches, mail, edit, decrypt, \
      account, reassign, save.

      With --state, the sandbox loads the file if it exists, ignores --fixture, --account and --generate then, and \
      saves the file when it ends on SIGTERM or SIGINT. Exit status: 0, 64 for wrong usage, 1 for a failure.
      """,
    version: SandboxVersion.text)

  @Option(help: "Listen on this port of 127.0.0.1 (0: any free one).")
  var port: UInt16 = 0

  @Option(help: "Name this base URL to clients, such as a proxy's.")
  var publicURL: String?

  @Option(help: "Load account.json and storage.json from this folder.", completion: .directory)
  var fixture: String?

  @Option(help: "Load the state from this file and save it there.", completion: .file())
  var state: String?

  @Option(help: "Create an account with this address.")
  var account: String?

  @Flag(help: "Read the account's password from standard input.")
  var passwordStdin = false

  @Option(help: "Use this password stretching for the account: 1 or 2.")
  var stretching = 1

  @Flag(
    help: "Stretch passwords with scrypt N=16 instead of 65536.")
  var fastPasswords = false

  @Option(help: "Add this many login records (https://host000000.example, …).")
  var generate = 0

  @Option(help: "Use this secret for storage tokens (tokenlib).")
  var tokenSecret: String?

  @Option(help: "Write the port to this file once the sandbox listens.", completion: .file())
  var portFile: String?

  @Option(help: "Append requests to this file, one JSON object a line.", completion: .file())
  var log: String?

  @Option(name: .customLong("set"), help: ArgumentHelp("Set a switch.", valueName: "name=value"))
  var settings: [String] = []

  @Flag(help: "List the switches.")
  var switches = false

  @Flag(help: "End when the parent process ends.")
  var exitWithParent = false

  @Flag(help: "Print only errors to standard error.")
  var quiet = false

  func validate() throws {
    guard generate >= 0 else { throw ValidationError("--generate must be a number of records") }
    guard [1, 2].contains(stretching) else { throw ValidationError("--stretching must be 1 or 2") }
    guard account == nil || passwordStdin else { throw ValidationError("--account requires --password-stdin") }
    guard !passwordStdin || account != nil else { throw ValidationError("--password-stdin requires --account") }
    guard generate == 0 || fixture != nil || account != nil || state != nil else {
      throw ValidationError("--generate requires --fixture or --account")
    }
    if let publicURL, !publicURL.hasPrefix("http://"), !publicURL.hasPrefix("https://") {
      throw ValidationError("--public-url must begin with http:// or https://")
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
        throw ValidationError("cannot read the password: standard input is empty")
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

/// Ends this process, as SIGTERM would, when the process that started it is gone.
///
/// prctl(PR_SET_PDEATHSIG) would do the same, but is variadic, which Swift can't call, and looks at the
/// thread that started this process, not at the process.
enum OrphanWatch {
  /// - Parameter parent: `getppid()` at the start of the program.
  static func start(parent: pid_t) {
    Thread.detachNewThread {
      while getppid() == parent { usleep(200_000) }
      kill(getpid(), SIGTERM)
    }
  }
}

/// Turns signals into something that can be waited for.
struct SignalWaiter {
  private let stream: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  /// From here on the signals no longer end the process.
  init(_ signals: [Int32]) {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    self.stream = stream
    sources = signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
  }

  /// Returns when one of them came.
  func wait() async {
    for await _ in stream { return }
  }
}
