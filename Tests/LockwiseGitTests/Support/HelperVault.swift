import Foundation
import LockwiseCore
import LockwiseTestSupport

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// A vault and git configuration for one test, with the helper running in this process.
final class HelperVault {
  /// The result of a run.
  struct Answer {
    let status: ExitCode
    let output: String
    let errors: String
  }

  /// The lines on standard error.
  private final class Lines: @unchecked Sendable {
    private let lock = NSLock()
    private var text = ""

    func append(_ line: String) { lock.withLock { text += line } }
    func removeAll() -> String {
      lock.withLock {
        defer { text = "" }; return text
      }
    }
  }

  let root: URL
  let directory: VaultDirectory
  /// The helper's environment.
  var variables: [String: String]
  /// The helper's clock.
  var now: Seconds = 1_800_000_000
  /// The URL on git's command line.
  var remote: String?
  /// The timeout of `git config`.
  var gitTimeout: Milliseconds = 60_000
  /// The number of uploads started.
  private(set) var pushes = 0
  private let lines = Lines()

  /// A folder with a `git` that records each call. It is made once: a script that is written while another thread
  /// starts a program cannot be run at first (execve(2), ETXTBSY).
  private static let wrapperFolder: String = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lockwise-git-\(getpid())").path
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let script = "#!/bin/sh\necho \"$*\" >>\"$GIT_CALLS\"\nexec /usr/bin/git \"$@\"\n"
    try? script.write(toFile: folder + "/git", atomically: true, encoding: .utf8)
    chmod(folder + "/git", 0o700)
    atexit { try? FileManager.default.removeItem(atPath: HelperVault.wrapperFolder) }
    return folder
  }()

  /// Makes a vault with a key file slot.
  ///
  /// - Parameter logins: records as JSON with their ids.
  init(_ logins: [String] = []) throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("lockwise-git-\(UUID().uuidString)")
    directory = VaultDirectory(path: root.appendingPathComponent("vault").path)
    let bin = root.appendingPathComponent("bin")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    variables = [
      "HOME": root.path, "PATH": "\(bin.path):\(Self.wrapperFolder):/usr/bin:/bin", "GIT_CALLS": root.path + "/calls",
      "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_DIR": root.appendingPathComponent("none").path, "LOCKWISE_UNLOCK_TIME": "0", "LOCKWISE_PULL_INTERVAL": "0",
      "LOCKWISE_PINENTRY": "", "LOCKWISE_HOME": directory.path,
    ]
    let key = root.appendingPathComponent("key")
    try Data(repeating: 7, count: 40).write(to: key)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
    let slot = NewKeySlot(
      source: .keyFile(path: key.path), credential: SecretBytes(copying: [UInt8](repeating: 7, count: 40)),
      cost: .init(cost: 2, blockSize: 1, parallelism: 1))
    let vault = try VaultFile.create(in: directory, slots: [slot], documents: [:], random: SystemRandom())
    let update = try vault.beginMirrorUpdate()
    for login in logins { try update.store(Self.record(login)) }
    try update.commit()
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  private static func record(_ text: String) throws -> LoginRecord {
    let json = SecretBytes(utf8: text)
    let id = try JSONValue(parsing: json).object?["id"]?.string
    return try LoginRecord(json: json, bsoID: id ?? "")
  }

  /// Returns a record as Firefox saves it, for HTTP authentication if there is a realm.
  static func login(
    _ id: String, origin: String = "https://h.example", realm: String? = nil, username: String = "alice",
    password: String, git: String? = nil
  ) -> String {
    var login = LoginJSON.whole(
      id, origin: origin, realm: realm, form: realm == nil ? origin : nil, username: username, password: password)
    // As JSON, so that a test can use escapes.
    login["username"] = "\"\(username)\""
    login["password"] = "\"\(password)\""
    login["lockwise"] = git.map { #"{"git":\#($0)}"# }
    return login.text
  }

  /// Runs the helper as git does.
  @discardableResult
  func run(_ operation: String, _ input: SecretBytes) -> Answer {
    let lines = lines
    let helper = GitHelper(
      configuration: Configuration(Environment(variables)),
      diagnostics: Diagnostics(program: "helper") { lines.append($0) },
      directory: directory, clock: { [now] in Milliseconds(now) + 5 }, push: { [unowned self] in pushes += 1 },
      remote: { [unowned self] in remote.map { Array($0.utf8) } }, gitTimeout: gitTimeout)
    let (status, outcome) = helper.perform(operation, input)
    return Answer(status: status, output: outcome.text?.exposedText() ?? "", errors: lines.removeAll())
  }

  /// Runs the helper with a request as text.
  @discardableResult
  func run(_ operation: String, _ input: String) -> Answer { run(operation, SecretBytes(utf8: input)) }

  /// Appends text to the user's git configuration.
  func configure(_ text: String) throws {
    let file = root.appendingPathComponent(".gitconfig")
    let known = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    try (known + text + "\n").write(to: file, atomically: true, encoding: .utf8)
  }

  /// Makes a repository with this configuration and runs the helper in it from then on.
  func makeRepository(_ text: String, worktree: String? = nil) throws {
    let path = root.appendingPathComponent("repository-\(UUID().uuidString).git")
    variables["GIT_DIR"] = path.path
    _ = try ChildProcess.output(
      of: "/usr/bin/git", ["init", "--quiet", "--bare", path.path], environment: Environment(variables))
    let file = path.appendingPathComponent("config")
    var known = try String(contentsOf: file, encoding: .utf8)
    if let worktree {
      known += "[extensions]\nworktreeConfig = true\n"
      try worktree.write(to: path.appendingPathComponent("config.worktree"), atomically: true, encoding: .utf8)
    }
    try (known + text + "\n").write(to: file, atomically: true, encoding: .utf8)
  }

  /// The number of calls of `git config`.
  var gitCalls: Int {
    let text = (try? String(contentsOf: root.appendingPathComponent("calls"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").count
  }

  /// Returns the unlocked vault.
  func vault(_ access: VaultFile.Access = .reading) throws -> Vault {
    let file = try VaultFile(in: directory, access: access)
    return try file.unlock(file.slots()[0], with: SecretBytes(copying: [UInt8](repeating: 7, count: 40)))
  }

  /// Returns the number of commits to the vault so far.
  func commits() throws -> Int64 { try vault().summary().counter }

  /// Returns the logins of a host: realm or `form`, user name, password.
  func logins(at origin: String = "https://h.example") throws -> [String] {
    guard let origin = Origin(origin) else { return [] }
    return try vault().logins(at: origin).map {
      "\($0.httpRealm ?? "form") \($0.username) \($0.password.exposedText() ?? "?")"
    }.sorted()
  }

  /// Returns the bytes of the vault's files without the one that SQLite rebuilds for every reader.
  func content() throws -> [String: Data] {
    var content: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) where !name.hasSuffix("-shm") {
      content[name] = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/" + name))
    }
    return content
  }
}
