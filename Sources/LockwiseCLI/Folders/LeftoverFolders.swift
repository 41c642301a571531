import CLinux
import Glibc
import LockwiseCore

/// Folders of this user in a folder that all users share, such as those that other programs leave in `/tmp`.
public enum LeftoverFolders {
  /// Returns the names of folders that belong to this user and that no other can enter.
  ///
  /// - Parameters:
  ///   - parent: an absolute path.
  ///   - prefix: the beginning of the names.
  public static func names(in parent: String, prefix: [UInt8]) -> [[UInt8]] {
    let above = lockwise_open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard above >= 0 else { return [] }
    defer { close(above) }
    var names: [[UInt8]] = []
    FolderContents.forEachName(in: above) { name in
      guard name.starts(with: prefix) else { return }
      let folder = open(name, in: above)
      guard folder >= 0 else { return }
      close(folder)
      names.append(name)
    }
    return names
  }

  /// Removes such a folder with everything in it. Its files are overwritten first.
  public static func remove(_ name: [UInt8], in parent: String) {
    let above = lockwise_open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard above >= 0 else { return }
    defer { close(above) }
    let folder = open(name, in: above)
    guard folder >= 0 else { return }
    defer { close(folder) }
    FolderContents.remove(in: folder, overwriting: true)
    FolderContents.removeEmpty(name, in: above)
  }

  /// Opens a folder that belongs to this user alone; negative if it does not.
  private static func open(_ name: [UInt8], in parent: Int32) -> Int32 {
    let folder = FolderContents.openFolder(name, in: parent)
    guard folder >= 0 else { return -1 }
    var info = stat()
    guard fstat(folder, &info) == 0, info.st_uid == geteuid(), info.st_mode & 0o077 == 0 else {
      close(folder)
      return -1
    }
    return folder
  }
}
