import Foundation
import LockwiseCLI
import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseCore
@testable import LockwiseDocker
@testable import LockwiseGit

/// A vault for one test, with the helper running in this process.
final class DockerVault {
  /// The vault's directory; it has none yet if the test asked for none.
  let directory: VaultDirectory
  /// The helper's environment.
  var variables: [String: String]
  /// The helper's clock.
  var now: Seconds = 1_800_000_000
  /// The number of uploads started.
  private(set) var pushes = 0
  private let root: URL
  private static let key = [UInt8](repeating: 7, count: 40)

  /// Makes a vault with a key file slot.
  ///
  /// - Parameter logins: the records, with ids; `nil` makes no vault.
  init(_ logins: [LoginJSON]? = []) throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("lockwise-docker-\(UUID().uuidString)")
    directory = VaultDirectory(path: root.appendingPathComponent("vault").path)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    variables = [
      "HOME": root.path, "PATH": "/usr/bin:/bin", "LOCKWISE_UNLOCK_TIME": "0", "LOCKWISE_PULL_INTERVAL": "0",
      "LOCKWISE_NO_PROMPT": "1",
    ]
    guard let logins else { return }
    let path = root.appendingPathComponent("key").path
    try Data(Self.key).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let slot = NewKeySlot(
      source: .keyFile(path: path), credential: SecretBytes(copying: Self.key), cost: TestVault.cost)
    let vault = try VaultFile.create(in: directory, slots: [slot], documents: [:], random: SystemRandom())
    let update = try vault.beginMirrorUpdate()
    for login in logins {
      let json = SecretBytes(utf8: login.text)
      try update.store(LoginRecord(json: json, bsoID: JSONObject(parsing: json)["id"]?.string ?? ""))
    }
    try update.commit()
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  private var helper: DockerHelper {
    DockerHelper(
      configuration: Configuration(Environment(variables)), diagnostics: Diagnostics(program: "helper") { _ in },
      directory: directory, clock: { [now] in Milliseconds(now) }, push: { [unowned self] in pushes += 1 })
  }

  /// Runs `get`.
  ///
  /// - Returns: user name and secret; `nil` if there is no login.
  func get(_ server: String) throws -> String? {
    do {
      let found = try GetOperation(helper: helper, server: ServerURL(server)).perform().credentials
      return "\(found.username) \(found.secret.exposedText() ?? "?")"
    } catch DockerFailure.notFound {
      return nil
    }
  }

  /// Runs `store`.
  func store(_ server: String, _ username: String, _ secret: String) throws {
    let credentials = try DockerCredentials(
      server: ServerURL(server), username: username, secret: SecretBytes(utf8: secret))
    now += 1
    try StoreOperation(helper: helper, credentials: credentials).perform()
  }

  /// Runs `erase`.
  func erase(_ server: String) throws { try EraseOperation(helper: helper, server: ServerURL(server)).perform() }

  /// Runs `list`.
  func list() throws -> String {
    try String((ListOperation(helper: helper).perform().exposedText() ?? "?").dropLast())
  }

  /// Returns the unlocked vault.
  func vault(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: directory, access: access)
    return try file.unlock(file.slots()[0], with: SecretBytes(copying: Self.key))
  }

  /// Returns all logins: origin, realm or `form`, user name, password.
  func logins() throws -> [String] {
    var lines: [String] = []
    try vault().forEachLogin {
      lines.append("\($0.origin) \($0.httpRealm ?? "form") \($0.username) \($0.password.exposedText() ?? "?")")
    }
    return lines.sorted()
  }

  /// Returns the number of commits to the vault so far.
  func commits() throws -> Int64 { try vault().summary().counter }
}
