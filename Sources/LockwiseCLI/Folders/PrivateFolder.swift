import CLinux
import Glibc
import LockwiseCore

/// A new folder for files that must not outlive a run. Only this user can enter it (mode 0700).
///
/// A run that is killed leaves its folder. The next run removes it: a folder in use is locked (flock(2)), and the lock
/// ends with the process.
public final class PrivateFolder {
  /// The folder's path.
  public let path: String
  /// The open folder, which holds the lock.
  let descriptor: Int32
  private let name: [UInt8]
  private let parent: Int32

  /// The age from which a folder without a lock is a leftover, seconds. A newer one may be about to be locked.
  private static let leftoverAge = 60

  /// Makes a folder, and removes those that killed runs left.
  ///
  /// - Parameters:
  ///   - parent: the folder in which it is made, an absolute path.
  ///   - prefix: the beginning of its name, which no other kind of folder has. Random letters follow.
  ///   - isShared: whether other users may write to `parent`, which then needs the sticky bit, as `/dev/shm` has. If
  ///     not, `parent` must belong to this user and be closed to others.
  /// - Returns: `nil` with `errno` set if the folder cannot be made.
  public init?(in parent: String, prefix: String, isShared: Bool) {
    let above = lockwise_open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard above >= 0 else { return nil }
    guard Self.isSafe(above, isShared: isShared) else {
      close(above)
      errno = EACCES
      return nil
    }
    FolderContents.forEachName(in: above) { name in
      if name.starts(with: prefix.utf8) { Self.removeLeftover(name, in: above) }
    }
    var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      close(above)
      return nil
    }
    path = String(decoding: template.dropLast().map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    name = Array(path.utf8.dropFirst(parent.utf8.count + 1))
    self.parent = above
    descriptor = FolderContents.openFolder(name, in: above)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      // Nothing else knows the folder yet, so that this only fails if there are too many open files.
      FolderContents.removeEmpty(name, in: above)
      close(above)
      return nil
    }
  }

  /// Removes the folder and everything in it. A symbolic link in it is removed, not followed.
  ///
  /// - Parameter overwriting: whether the content of files is overwritten first, because the folder may be on a disk.
  public func remove(overwriting: Bool = false) {
    FolderContents.remove(in: descriptor, overwriting: overwriting)
    FolderContents.removeEmpty(name, in: parent)
  }

  deinit {
    close(descriptor)
    close(parent)
  }

  private static func isSafe(_ descriptor: Int32, isShared: Bool) -> Bool {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return false }
    let isClosed = info.st_uid == geteuid() && info.st_mode & 0o077 == 0
    guard isShared else { return isClosed }
    return isClosed
      || (info.st_uid == geteuid() || info.st_uid == 0)
        && (info.st_mode & 0o022 == 0 || info.st_mode & S_ISVTX != 0)
  }

  private static func removeLeftover(_ name: [UInt8], in parent: Int32) {
    let folder = FolderContents.openFolder(name, in: parent)
    guard folder >= 0 else { return }
    defer { close(folder) }
    var info = stat()
    guard fstat(folder, &info) == 0, info.st_uid == geteuid(), time(nil) - info.st_mtim.tv_sec > leftoverAge,
      flock(folder, LOCK_EX | LOCK_NB) == 0
    else { return }
    FolderContents.remove(in: folder)
    FolderContents.removeEmpty(name, in: parent)
  }
}
