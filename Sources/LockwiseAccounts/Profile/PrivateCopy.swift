import CLinux
import Glibc

/// A folder for a short-lived copy of one of Firefox's databases.
///
/// A killed run leaves the folder behind; the next run removes it (`removeLeftovers`). The folder is locked (flock(2))
/// while its process runs, which distinguishes it from a leftover.
final class PrivateCopy {
  /// The prefix of the folders' names.
  private static let prefix = ".lockwise-copy-"

  /// The folder's path.
  let path: String
  private let lock: Int32

  /// Creates a folder for this user alone (mkdtemp(3)), in the first possible place, and removes leftovers there.
  ///
  /// - Parameter places: existing folders, in order of preference.
  /// - Returns: `nil` if there is no place for it; `errno` then has the reason.
  init?(in places: [String]) {
    for place in places {
      Self.removeLeftovers(in: place)
      // Another process may regard it as a leftover before it is locked.
      for _ in 0..<8 {
        var template = Array("\(place)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { break }
        let made = String(decoding: template.dropLast().map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
        guard let descriptor = Self.open(made, at: AT_FDCWD) else { continue }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isThere(descriptor) {
          path = made
          lock = descriptor
          return
        }
        close(descriptor)
      }
    }
    return nil
  }

  deinit {
    Self.empty(lock)
    rmdir(path)
    close(lock)
  }

  /// Removes the folders that the user's killed runs left in a place.
  static func removeLeftovers(in place: String) {
    guard let folder = opendir(place) else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(prefix), let descriptor = open(name, at: dirfd(folder)) else { continue }
      defer { close(descriptor) }
      var info = stat()
      guard fstat(descriptor, &info) == 0, info.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        continue
      }
      empty(descriptor)
      unlinkat(dirfd(folder), name, AT_REMOVEDIR)
    }
  }

  private static func open(_ name: String, at folder: Int32) -> Int32? {
    let descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    return descriptor < 0 ? nil : descriptor
  }

  /// Whether a folder has not been removed since it was opened.
  private static func isThere(_ descriptor: Int32) -> Bool {
    var info = stat()
    return fstat(descriptor, &info) == 0 && info.st_nlink > 0
  }

  /// Removes every file of a folder.
  private static func empty(_ descriptor: Int32) {
    let copy = dup(descriptor)
    guard copy >= 0, let folder = fdopendir(copy) else { return }
    defer { closedir(folder) }
    rewinddir(folder)
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    for name in names { unlinkat(descriptor, name, 0) }
  }
}
