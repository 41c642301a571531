import Glibc
import LockwiseCLI
import LockwiseCore

/// The version of an asking ssh, which is remembered for its file.
struct ClientVersion {
  /// The ssh that asks.
  let asker: Asker
  /// The environment, clock and vault of the run.
  let helper: HelperContext

  /// Returns whether the client marks the texts of servers, so that no server can ask for the passphrase of a key.
  ///
  /// - Parameter vault: remembers the version.
  /// - Throws: `VaultError` if the vault is damaged or cannot be read.
  func marksServerTexts(_ vault: Vault) throws -> Bool {
    guard let file else { return false }
    if let version = try vault.askpassMemory().version(of: file) { return version >= .marksServerTexts }
    guard let version = SSHProbe(helper.configuration.environment).version(of: asker) else { return false }
    // The next run asks ssh again if the version cannot be recorded.
    try? helper.change(uploads: false) { try $0.changeAskpassMemory { $0.record(version, of: file) } }
    return version >= .marksServerTexts
  }

  /// The device, inode, size and times of the client's file; `nil` if it has ended.
  private var file: String? {
    var info = stat()
    guard stat(asker.program, &info) == 0 else { return nil }
    return [
      Int(info.st_dev), Int(info.st_ino), Int(info.st_size), info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
      info.st_ctim.tv_sec, info.st_ctim.tv_nsec,
    ].map(String.init).joined(separator: ":")
  }
}
