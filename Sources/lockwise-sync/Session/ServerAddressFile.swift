import CLinux
import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The address of a server of the user's own, in clear next to the vault, so that `status` and `doctor` ask the right
/// server while the vault is locked, and none if it has no account. Mozilla's own is not stored. Only a public request is
/// sent there.
enum ServerAddressFile {
  private static let limit = 2048
  /// The content for a vault without an account.
  private static let none = "none"

  /// Writes the address of the account's server, or removes the file. A failure is ignored.
  ///
  /// - Parameter contentRoot: the address; `nil` if the vault has no account.
  static func write(_ contentRoot: String?, in directory: VaultDirectory) {
    unlink(directory.serverFile)
    guard contentRoot != ServerConfiguration.productionContentRoot else { return }
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = lockwise_open(directory.serverFile, flags, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var text = (contentRoot ?? none) + "\n"
    text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  /// Returns the address; Mozilla's own if there is no file or it is invalid, `nil` if the vault has no account.
  static func read(in directory: VaultDirectory) -> String? {
    let fallback = ServerConfiguration.productionContentRoot
    let descriptor = lockwise_open(directory.serverFile, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return fallback }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_uid == geteuid(),
      info.st_mode & 0o022 == 0, let content = FileDescriptor.readAll(descriptor, limit: limit)?.exposedText(),
      let line = content.split(separator: "\n").first.map(String.init)
    else { return fallback }
    if line == none { return nil }
    return (try? WebAddress(line)) == nil ? fallback : line
  }
}
