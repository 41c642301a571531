import Foundation
import LockwiseCLI
import LockwiseTestSupport

@testable import LockwiseCore
@testable import LockwisePass

/// A vault for commands that run in this process. A key file unlocks it.
final class PassVault {
  let vault: Vault

  private let folder: TemporaryFolder
  private let directory: VaultDirectory

  /// Makes a vault.
  ///
  /// - Parameter names: the names of its entries. The password of each is its name.
  init(_ names: [String]) throws {
    folder = try TemporaryFolder()
    directory = VaultDirectory(path: folder.path + "/vault")
    let key = [UInt8](repeating: 7, count: 40)
    let path = folder.path + "/key"
    try Data(key).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let slot = NewKeySlot(
      source: .keyFile(path: path), credential: SecretBytes(copying: key), cost: TestVault.cost)
    vault = try VaultFile.create(in: directory, slots: [slot], documents: [:], random: SystemRandom())
    let editor = LoginEditor(vault: vault) { 1 }
    for name in names {
      guard let placement = EntryPlacement(name: name) else { throw VaultError.damaged(part: name) }
      try editor.addNew(EntryBody(password: SecretBytes(utf8: name)).draft(at: placement))
    }
  }

  /// The context of a run. Standard input is empty, and output is discarded.
  var context: PassContext {
    get throws {
      let environment = Environment([
        "LOCKWISE_UNLOCK_TIME": "0", "LOCKWISE_PULL_INTERVAL": "0", "LOCKWISE_PINENTRY": "", "HOME": folder.path,
        "LOCKWISE_HOME": directory.path, "PATH": "/usr/bin:/bin",
      ])
      let helper = HelperContext(
        configuration: Configuration(environment), diagnostics: Diagnostics(program: "pass") { _ in },
        directory: directory, purpose: UnlockPurpose("pass"), clock: { 2 }, permitted: .nowhere, command: { nil },
        push: {})
      let null = try FileHandle(forUpdating: URL(fileURLWithPath: "/dev/null"))
      streams.append(null)
      let descriptor = null.fileDescriptor
      return PassContext(
        helper: helper, program: "pass", streams: .init(input: descriptor, output: descriptor, error: descriptor))
    }
  }

  private var streams: [FileHandle] = []

  /// The names of all entries and their passwords.
  var entries: [String: String] {
    get throws {
      var entries: [String: String] = [:]
      try vault.forEachLogin { entries[EntryName(of: $0).shown] = EntryBody(of: $0).password.exposedText() }
      return entries
    }
  }
}
