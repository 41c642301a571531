import CLinux
import Glibc

/// The directory of the vault and the rules for its owner and permissions.
public struct VaultDirectory: Equatable, Sendable {
  /// The directory's path.
  public let path: String

  /// Makes a directory from its path.
  public init(path: String) { self.path = path }

  /// The vault's file.
  public var vaultFile: String { path + "/vault.db" }
  /// The path of a file whose modification time is the time of the last successful pull.
  public var pulledMarker: String { path + "/pulled" }
  /// The path of a file that is locked during a pull. Its modification time is the time of the last attempt.
  public var pullLock: String { path + "/pull.lock" }
  /// The path of a file that exists while no pull has succeeded since an attempt. Its modification time is the time of
  /// the first such attempt.
  public var pendingMarker: String { path + "/pull-pending" }
  /// The path of a file whose modification time is the time when failing pulls were last reported to the user.
  public var reportedMarker: String { path + "/pull-reported" }
  /// The path of a file that is locked by the run waiting for `pullLock`.
  public var queueLock: String { path + "/queue.lock" }
  /// The path of a file that records for which git command the user declined to unlock the vault, and when.
  public var declinedMarker: String { path + "/declined" }

  /// The path of a file with keyed digests of the questions that `lockwise-askpass` has answered.
  public var askpassTries: String { path + "/askpass-tries" }

  /// The path of a file that exists from the time a reader found damage until a pull has repaired it.
  private var damagedMarker: String { path + "/damaged" }

  /// Whether a reader found damage that is not repaired yet.
  var isKnownToBeDamaged: Bool { access(damagedMarker, F_OK) == 0 }

  /// Makes the next pull repair the vault. Otherwise it would examine only records that changed on the server.
  func recordDamage() {
    let descriptor = lockwise_open(damagedMarker, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Records that the vault is repaired.
  func clearDamage() { unlink(damagedMarker) }

  /// The path of the file with the address of the account's server, if that is not Mozilla's.
  public var serverFile: String { path + "/server" }

  /// The path of the file with the names of all logins (`EntryNameCache`).
  var namesFile: String { path + "/entry-names" }
  /// The path of the file with the bodies of all logins (`EntryBodyCache`).
  var bodiesFile: String { path + "/entry-bodies" }

  /// The paths of all files that Lockwise keeps in the directory.
  public var allFiles: [String] {
    [
      vaultFile, vaultFile + "-wal", vaultFile + "-shm", vaultFile + "-journal", vaultFile + ".new",
      vaultFile + ".new-wal", vaultFile + ".new-shm", vaultFile + ".new-journal", pulledMarker, pullLock,
      pendingMarker, reportedMarker, queueLock, declinedMarker, askpassTries, damagedMarker, serverFile, namesFile,
      namesFile + SealedFile.newSuffix, bodiesFile, bodiesFile + SealedFile.newSuffix,
    ]
  }

  /// The time of the last successful pull; `nil` if there was none. It can be read while the
  /// vault is locked.
  public var lastPull: Milliseconds? {
    var info = stat()
    guard stat(pulledMarker, &info) == 0 else { return nil }
    return Milliseconds(Int64(info.st_mtim.tv_sec) * 1000 + Int64(info.st_mtim.tv_nsec) / 1_000_000)
  }

  /// Whether the vault's file exists.
  public var hasVault: Bool { access(vaultFile, F_OK) == 0 }

  /// Creates the directory with mode 0700, and missing folders above it.
  ///
  /// - Throws: `VaultError.system` if it cannot be created; `VaultError.exposed` if others can change a folder above
  ///   it.
  public func create() throws {
    try checkFolders()
    var position = path.startIndex
    while position < path.endIndex {
      let next = path[path.index(after: position)...].firstIndex(of: "/") ?? path.endIndex
      let prefix = String(path[..<next])
      if mkdir(prefix, 0o700) != 0, errno != EEXIST {
        throw VaultError.system(operation: "create \(prefix)", errno: errno)
      }
      position = next
    }
  }

  /// Locks the directory while a vault is created, after waiting for other processes that do the same.
  ///
  /// - Returns: a descriptor. Closing it releases the lock.
  /// - Throws: `VaultError.system` if it cannot be locked.
  func lock() throws -> Int32 {
    let descriptor = lockwise_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw VaultError.system(operation: "open \(path)", errno: errno) }
    guard FileDescriptor.retrying({ flock(descriptor, LOCK_EX) }) == 0 else {
      let number = errno
      close(descriptor)
      throw VaultError.system(operation: "lock \(path)", errno: number)
    }
    return descriptor
  }

  /// Makes the directory's entries durable (fsync(2) on a directory).
  func synchronize() {
    let descriptor = lockwise_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Checks that only the user has access to the directory and the vault's files.
  ///
  /// - Throws: `VaultError.missing` if there is no vault; `VaultError.insecure` with the path and the reason.
  public func check() throws {
    try checkDirectory()
    guard try checkFile(vaultFile) else { throw VaultError.missing(directory: path) }
    for suffix in ["-wal", "-shm"] { _ = try checkFile(vaultFile + suffix) }
  }

  /// Checks that only the user has access to the directory.
  ///
  /// - Throws: `VaultError.missing` if it does not exist; `VaultError.insecure` with the reason; `VaultError.exposed`
  ///   if others can change a folder above it.
  public func checkDirectory() throws {
    var info = stat()
    guard stat(path, &info) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw VaultError.missing(directory: path) }
      throw VaultError.system(operation: "check \(path)", errno: errno)
    }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw VaultError.insecure(path: path, reason: "not a directory")
    }
    try checkOwnership(info, of: path)
    try checkFolders()
  }

  /// Checks that others cannot change a folder above the directory and so replace the vault.
  private func checkFolders() throws {
    // The slash makes the check follow the directory itself, which may be a link.
    do throws(TrustedPath.Problem) { try TrustedPath.checkFolders(above: path + "/") } catch {
      throw VaultError.exposed(error)
    }
  }

  /// Returns `false` if the file does not exist.
  private func checkFile(_ file: String) throws -> Bool {
    var info = stat()
    guard lstat(file, &info) == 0 else {
      if errno == ENOENT { return false }
      throw VaultError.system(operation: "check \(file)", errno: errno)
    }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw VaultError.insecure(path: file, reason: "not a regular file")
    }
    try checkOwnership(info, of: file)
    return true
  }

  private func checkOwnership(_ info: stat, of path: String) throws {
    guard info.st_uid == geteuid() else {
      throw VaultError.insecure(path: path, reason: "it belongs to another user")
    }
    guard info.st_mode & 0o077 == 0 else {
      let mode = String(info.st_mode & 0o777, radix: 8)
      throw VaultError.insecure(path: path, reason: "other users can access it (mode \(mode))")
    }
  }
}
