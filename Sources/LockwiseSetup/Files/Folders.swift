import Glibc

/// Folders that are made for a file, and removed again once they are empty.
enum Folders {
  /// Returns the folders above a path that do not exist, the outermost first.
  static func missing(above path: String) -> [String] {
    var missing: [String] = []
    var folder = path
    while let slash = folder.lastIndex(of: "/"), slash > folder.startIndex {
      folder = String(folder[..<slash])
      guard access(folder, F_OK) != 0, errno == ENOENT else { break }
      missing.append(folder)
    }
    return missing.reversed()
  }

  /// Makes folders, the outermost first.
  ///
  /// - Parameter isPrivate: whether only this user may enter them; else the umask decides.
  /// - Returns: the system's error number; `nil` if all are there.
  static func make(_ folders: [String], isPrivate: Bool) -> Int32? {
    for folder in folders where mkdir(folder, isPrivate ? 0o700 : 0o777) != 0 && errno != EEXIST { return errno }
    return nil
  }

  /// Removes those of the folders that are empty, the innermost first.
  static func removeEmpty(_ folders: [String]) {
    for folder in folders.reversed() { rmdir(folder) }
  }
}
