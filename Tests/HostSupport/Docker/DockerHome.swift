import Foundation
import LockwiseTestSupport
import Testing

/// A test home with a registry and a configuration of docker and podman that uses the helper.
final class DockerHome {
  /// The user name and password that the registry accepts.
  static let account = (username: "mcurie", password: "dckr_\"pitch\\blende\"")

  let stage: TestHome
  /// The host and port of the registry.
  let registry: String
  private let server: RunningProgram
  private let log: String

  var scratch: Scratch { stage.scratch }

  /// Starts the sandbox and the registry, and signs in.
  ///
  /// - Parameter passphrase: the passphrase of the vault; `nil` uses a key file.
  init(passphrase: String? = nil) throws {
    stage = try TestHome()
    stage.mayWrite = true
    log = stage.scratch.root + "/registry-log"
    (server, registry) = try Self.startRegistry(log: log, environment: stage.scratch.environment)
    let home = stage.scratch.environment["HOME", default: ""]
    for folder in ["/.docker", "/.config/containers", "/run"] {
      try FileManager.default.createDirectory(atPath: home + folder, withIntermediateDirectories: true)
    }
    chmod(home + "/run", 0o700)
    try stage.scratch.write(#"{"credsStore":"lockwise"}"#, to: home + "/.docker/config.json")
    try stage.scratch.write(
      "credential-helpers = [\"lockwise\"]\n", to: home + "/.config/containers/registries.conf")
    // docker logs in itself where it reaches no daemon.
    stage.scratch.environment["DOCKER_HOST"] = "unix://\(stage.scratch.root)/no-daemon"
    stage.scratch.environment["XDG_RUNTIME_DIR"] = home + "/run"
    if let passphrase { try stage.signInAndPull(passphrase: passphrase) } else { try stage.signInAndPull() }
  }

  /// Starts a registry that accepts the account.
  ///
  /// - Parameter log: the file that gets a line for each password: user, password, status.
  /// - Returns: the running registry, and its host and port.
  static func startRegistry(log: String, environment: [String: String]) throws -> (RunningProgram, String) {
    let server = try RunningProgram(
      Executables.ofSystem("python3"),
      [TestServers.path("registry-server.py"), account.username, account.password, log], environment: environment)
    return (server, "127.0.0.1:\(try TestServers.ports(of: server, count: 1)[0])")
  }

  deinit {
    server.signal(SIGKILL)
    _ = try? server.finish(timeout: 10)
  }

  /// Runs the helper.
  func helper(_ command: String, _ input: String = "", with variables: [String: String] = [:]) throws -> Run {
    try Run.program(
      Executables.path("docker-credential-lockwise"), [command], input: .text(input),
      environment: scratch.environment.merging(variables) { $1 })
  }

  /// Runs a program of a container tool.
  func run(_ program: String, _ arguments: [String], input: String = "") throws -> Run {
    try Run.program(program, arguments, input: .text(input), environment: scratch.environment)
  }

  /// Saves a login of the registry in Firefox on another machine, for https, and pulls.
  func saveInFirefox(_ username: String, _ password: String) throws {
    let origin = "https://\(registry)"
    let login = LoginJSON.whole(
      "registry0000", origin: origin, realm: nil, form: origin, username: username, password: password)
    try stage.sandbox.put([login.object])
    try stage.sync("pull").expectSuccess()
  }

  /// Returns the passwords that the registry received since the last call, as `user password status`.
  func takePasswords() -> [String] {
    defer { unlink(log) }
    return ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// Waits until the logins of the realm `docker` on the Sync server meet a condition.
  func awaitStored(sourceLocation: SourceLocation = #_sourceLocation, _ condition: ([[String: Any]]) -> Bool) throws {
    var stored: [[String: Any]] = []
    let isThere = try Deadline(seconds: 20).await {
      usleep(20_000)
      stored = try stage.sandbox.storedLogins().values.filter { $0["httpRealm"] as? String == "docker" }
      return condition(stored)
    }
    #expect(isThere, "\(stored)", sourceLocation: sourceLocation)
  }
}
