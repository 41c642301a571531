import CLinux
import Glibc
import LockwiseCore

/// A new file that only this user can read (mode 0600). It appears under its name when it is complete.
///
/// Until then it has no name at all where the file system permits (open(2), O_TMPFILE), so that a process that is killed
/// leaves nothing.
package final class ExportFile {
  /// The reason why the file was not written.
  package enum Failure: Error, Equatable, Sendable {
    /// There is a file of this name.
    case exists
    /// There is something else than an ordinary file, such as a symbolic link.
    case notAFile
    /// A system call failed.
    case system(errno: Int32)
  }

  private let path: String
  private let replaces: Bool
  private let descriptor: Int32
  /// The temporary name; `nil` while the file has none.
  private var temporary: String?

  /// Makes an empty file.
  ///
  /// - Parameters:
  ///   - path: the path under which it appears.
  ///   - replaces: whether an ordinary file of this name is replaced.
  /// - Throws: `Failure`.
  package init(_ path: String, replaces: Bool) throws(Failure) {
    self.path = path
    self.replaces = replaces
    try Self.check(path, replaces: replaces)
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "./"
    let unnamed = lockwise_open_unnamed(folder)
    guard unnamed < 0 else {
      descriptor = unnamed
      fchmod(unnamed, 0o600)
      return
    }
    guard [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) else { throw .system(errno: errno) }
    let name = Self.temporaryName(path)
    descriptor = lockwise_open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(errno: errno) }
    temporary = name
  }

  deinit {
    close(descriptor)
    if let temporary { unlink(temporary) }
  }

  /// Appends bytes.
  ///
  /// - Throws: `Failure.system`.
  package func write(_ bytes: SecretBytes) throws(Failure) {
    guard bytes.withUnsafeBytes({ FileDescriptor.writeAll(descriptor, $0) }) else { throw .system(errno: errno) }
  }

  /// Gives the complete file its name. It is on the disk when the call returns.
  ///
  /// - Throws: `Failure`; the file does not exist then, or is the former one.
  package func finish() throws(Failure) {
    guard fsync(descriptor) == 0 else { throw .system(errno: errno) }
    try Self.check(path, replaces: replaces)
    if temporary == nil {
      // Without a name to replace, the link fails if a file appeared meanwhile.
      if !replaces {
        try link(to: path)
        return syncFolder()
      }
      let name = Self.temporaryName(path)
      try link(to: name)
      temporary = name
    }
    guard let name = temporary else { return }
    if !replaces {
      guard Glibc.link(name, path) == 0 else { throw errno == EEXIST ? Failure.exists : Failure.system(errno: errno) }
      return syncFolder()
    }
    guard rename(name, path) == 0 else { throw .system(errno: errno) }
    temporary = nil
    syncFolder()
  }

  private func link(to name: String) throws(Failure) {
    guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
      throw errno == EEXIST ? Failure.exists : Failure.system(errno: errno)
    }
  }

  private func syncFolder() {
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "./"
    let descriptor = lockwise_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Checks whether a file of this name may be written.
  ///
  /// - Throws: `Failure.exists`; `Failure.notAFile`.
  package static func check(_ path: String, replaces: Bool) throws(Failure) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
    guard replaces else { throw .exists }
  }

  /// The process id is unique among those that write to the folder now; a leftover of an earlier one is an error.
  private static func temporaryName(_ path: String) -> String { "\(path).\(getpid()).new" }
}
