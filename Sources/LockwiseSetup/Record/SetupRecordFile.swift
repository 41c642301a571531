import CLinux
import Glibc
import LockwiseCore

/// The file with the record of setup, which only the user can read.
///
/// It is `setup` in `lockwise` under `XDG_STATE_HOME` or `~/.local/state`, whatever vault `LOCKWISE_HOME` names: what
/// setup changes belongs to the home directory, and stays when a vault is deleted.
package struct SetupRecordFile: Sendable {
  /// The error for a file that cannot be used.
  package enum Failure: Error, Equatable, Sendable {
    /// The system refused.
    case system(path: String, errno: Int32)
    /// Its content is damaged or from a later version.
    case unreadable(path: String)
  }

  private static let limit = 1 << 20
  private static let newSuffix = ".new"

  /// Its path.
  package let path: String

  /// Makes a file from its path.
  package init(path: String) { self.path = path }

  private var folder: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

  /// Reads the record; an empty one if there is no file.
  ///
  /// - Throws: `Failure`.
  package func load() throws(Failure) -> SetupRecord {
    let descriptor = lockwise_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    guard descriptor >= 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw .system(path: path, errno: errno) }
      return SetupRecord()
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_uid == geteuid(),
      let text = FileDescriptor.readAll(descriptor, limit: Self.limit), let record = SetupRecord(text: text)
    else { throw .unreadable(path: path) }
    return record
  }

  /// Changes the record. It is on the disk when this returns. A record without changes is removed, with the folders that
  /// were made for it.
  ///
  /// - Throws: `Failure`; the record is then as it was.
  package func update(_ change: (inout SetupRecord) -> Void) throws(Failure) {
    let made = Folders.missing(above: path)
    if let number = Folders.make(made, isPrivate: true) { throw .system(path: folder, errno: number) }
    let lock = lockwise_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard lock >= 0 else { throw .system(path: folder, errno: errno) }
    defer { close(lock) }
    _ = FileDescriptor.retrying { flock(lock, LOCK_EX) }
    var record = try load()
    record.folders += made
    change(&record)
    if record.changes.isEmpty {
      guard unlink(path) == 0 || errno == ENOENT else { throw .system(path: path, errno: errno) }
      removeUnfinished()
      Folders.removeEmpty(record.folders)
      return
    }
    let text = record.text
    do throws(AtomicFile.Failure) {
      try AtomicFile(path.utf8, suffix: Self.newSuffix).replace { descriptor in
        text.withUnsafeBytes { FileDescriptor.writeAll(descriptor, $0) }
      }
    } catch {
      throw .system(path: path, errno: error.errno)
    }
    fsync(lock)
  }
}

extension SetupRecordFile {
  /// Removes what a run left that was killed before it had recorded anything. Only for a record without changes.
  package func removeUnfinished() {
    unlink(path + Self.newSuffix)
    // It is Lockwise's own, whoever made it.
    rmdir(folder)
  }
}

extension SetupRecordFile.Failure: UserFacingErrorConvertible {
  /// The error as a program shows it.
  package var userFacingError: UserFacingError {
    switch self {
    case .system(let path, let number):
      UserFacingError(
        "cannot write \(PrintableText.of(path)): \(String(cString: strerror(number)))", exitCode: .failure)
    case .unreadable(let path):
      UserFacingError(
        "cannot read \(PrintableText.of(path)), the record of setup",
        hint: "undo its changes by hand, and delete that file", exitCode: .failure)
    }
  }
}
