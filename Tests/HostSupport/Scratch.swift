import Foundation

/// A home directory for one test, with a place for a vault and a configuration of git, which is removed after use.
final class Scratch {
  let root: String
  /// The directory for the vault (`LOCKWISE_HOME`), which does not exist yet.
  let vault: String
  /// The path for a key file, which does not exist yet.
  let keyFile: String
  /// The environment of every process.
  var environment: [String: String]

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/lockwise-host-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw Spawn.Failure(program: "mkdtemp", number: errno) }
    root = String(decoding: template.dropLast().map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    vault = root + "/state/lockwise"
    keyFile = root + "/key"
    let home = root + "/home"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
    environment = [
      "PATH": Executables.directory + ":/usr/bin:/bin", "HOME": home, "LOCKWISE_HOME": vault,
      // No pinentry unless the test is about it. Keys that a test leaves in the kernel keyring expire soon.
      "LOCKWISE_PINENTRY": "", "LOCKWISE_UNLOCK_TIME": "600",
      "GIT_CONFIG_GLOBAL": root + "/gitconfig", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
    ]
    try write("", to: root + "/gitconfig")
  }

  deinit {
    if hasVault, let sync = try? Executables.path("lockwise-sync") {
      _ = try? Run.program(sync, ["lock"], environment: environment, timeout: 10)
    }
    try? FileManager.default.removeItem(atPath: root)
  }

  var vaultFile: String { vault + "/vault.db" }
  var hasVault: Bool { access(vaultFile, F_OK) == 0 }

  /// The names of all files in the vault's directory.
  var vaultFiles: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: vault)) ?? []).sorted() }

  /// Writes a file that only its owner can read, executable if it is a script.
  func write(_ text: String, to path: String) throws {
    // A process that starts in the meantime would inherit the open file, and a program that is open for writing
    // cannot run (execve(2), ETXTBSY).
    try Spawn.alone { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    chmod(path, text.hasPrefix("#!") ? 0o700 : 0o600)
  }

  /// Copies a program under test here, without the others.
  ///
  /// - Returns: the copy's path.
  func copy(of program: String) throws -> String {
    let copy = root + "/" + program
    try Spawn.alone { try FileManager.default.copyItem(atPath: Executables.path(program), toPath: copy) }
    return copy
  }

  /// The vault's files and their contents.
  func readVault() throws -> [String: Data] {
    try Dictionary(
      uniqueKeysWithValues: vaultFiles.map {
        ($0, try Data(contentsOf: URL(fileURLWithPath: vault + "/" + $0)))
      })
  }

  /// Restores the vault's files.
  func restoreVault(_ files: [String: Data]) throws {
    for name in vaultFiles where files[name] == nil { unlink(vault + "/" + name) }
    for (name, content) in files {
      let path = vault + "/" + name
      try content.write(to: URL(fileURLWithPath: path))
      chmod(path, 0o600)
    }
  }
}
