import CLinux
import Glibc

/// The directory that the vault lives in, and the rules for who may look into it.
public struct VaultDirectory: Equatable, Sendable {
  /// The directory's path.
  public let path: String

  /// Takes a directory by its path.
  public init(path: String) { self.path = path }

  /// The vault's file.
  public var vaultFile: String { path + "/vault.db" }
  /// Its modification time is the time of the last pull that succeeded.
  public var pulledMarker: String { path + "/pulled" }
  /// Locked while a pull runs; its modification time is the time of the last attempt.
  public var pullLock: String { path + "/pull.lock" }
  /// Locked by the run that waits for the one that has `pullLock`.
  public var queueLock: String { path + "/queue.lock" }
  /// For which git command a person did not unlock the vault, and when.
  public var declinedMarker: String { path + "/declined" }

  /// There since a reader met damage, until a pull has mended it.
  private var damagedMarker: String { path + "/damaged" }

  /// Whether a reader met damage that no pull has mended yet.
  var isKnownToBeDamaged: Bool { access(damagedMarker, F_OK) == 0 }

  /// Makes the next pull mend the vault. Without a marker it would look at nothing that the server did not change.
  func noteDamage() {
    let descriptor = lockwise_open(damagedMarker, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Notes that the vault is whole again.
  func forgetDamage() { unlink(damagedMarker) }

  /// The address of the account's server, where that is not Mozilla's.
  public var serverFile: String { path + "/server" }

  /// All files that the suite keeps in the directory.
  public var allFiles: [String] {
    [
      vaultFile, vaultFile + "-wal", vaultFile + "-shm", vaultFile + "-journal", vaultFile + ".new",
      vaultFile + ".new-wal", vaultFile + ".new-shm", vaultFile + ".new-journal", pulledMarker, pullLock,
      queueLock, declinedMarker, damagedMarker, serverFile,
    ]
  }

  /// When the last pull succeeded, milliseconds since 1970; `nil` if none did. Needs no key.
  public var lastPull: Int64? {
    var info = stat()
    guard stat(pulledMarker, &info) == 0 else { return nil }
    return Int64(info.st_mtim.tv_sec) * 1000 + Int64(info.st_mtim.tv_nsec) / 1_000_000
  }

  /// Whether there is a vault.
  public var hasVault: Bool { access(vaultFile, F_OK) == 0 }

  /// Makes the directory, mode 0700, and those above it if need be.
  ///
  /// - Throws: `VaultError.system` if it cannot be made; `VaultError.exposed`.
  public func create() throws {
    try checkFolders()
    var position = path.startIndex
    while position < path.endIndex {
      let next = path[path.index(after: position)...].firstIndex(of: "/") ?? path.endIndex
      let prefix = String(path[..<next])
      if mkdir(prefix, 0o700) != 0, errno != EEXIST {
        throw VaultError.system(operation: "make \(prefix)", errno: errno)
      }
      position = next
    }
  }

  /// Waits until no other process makes a vault in the directory, and keeps others from it.
  ///
  /// - Returns: a descriptor whose closing lets the next one in.
  /// - Throws: `VaultError.system`.
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

  /// Refuses a directory or vault file that is not ours alone.
  ///
  /// - Throws: `VaultError.missing` if there is no vault; `VaultError.insecure` with the path and the reason.
  public func check() throws {
    try checkDirectory()
    guard try checkFile(vaultFile) else { throw VaultError.missing(directory: path) }
    for suffix in ["-wal", "-shm"] { _ = try checkFile(vaultFile + suffix) }
  }

  /// Refuses a directory that is not ours alone.
  ///
  /// - Throws: `VaultError.missing` if it does not exist; `VaultError.insecure` with the reason; `VaultError.exposed`.
  public func checkDirectory() throws {
    var info = stat()
    guard stat(path, &info) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw VaultError.missing(directory: path) }
      throw VaultError.system(operation: "look at \(path)", errno: errno)
    }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw VaultError.insecure(path: path, reason: "not a directory")
    }
    try checkOwnership(info, of: path)
    try checkFolders()
  }

  /// Refuses a directory below one that others can change: they could put another vault in its place.
  private func checkFolders() throws {
    // With the slash the directory itself is looked at, which may be a link.
    do throws(TrustedPath.Problem) { try TrustedPath.checkFolders(above: path + "/") } catch {
      throw VaultError.exposed(error)
    }
  }

  /// `false` if the file does not exist.
  private func checkFile(_ file: String) throws -> Bool {
    var info = stat()
    guard lstat(file, &info) == 0 else {
      if errno == ENOENT { return false }
      throw VaultError.system(operation: "look at \(file)", errno: errno)
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
