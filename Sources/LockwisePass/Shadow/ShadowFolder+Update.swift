import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

extension ShadowFolder {
  /// Brings the folder of names that this run was started under up to date, so that a program that changes entries
  /// through pass sees the result. Does nothing if there is none.
  ///
  /// - Parameter names: the names as they are shown. Evaluated only if there is a folder.
  static func update(_ environment: Environment, with names: () throws -> [String]) {
    guard let root = openStore(environment) else { return }
    defer { close(root) }
    // The change is made; what is shown of it may be old if this fails.
    guard let names = try? names() else { return }
    let paths = names.compactMap { ShadowPath($0)?.parts }
    removeFiles(in: root, except: Set(paths), below: [])
    _ = try? fill(root, with: names)
  }

  /// Opens the folder of names that `PASSWORD_STORE_DIR` refers to.
  ///
  /// - Returns: a descriptor; `nil` if it is any other folder.
  private static func openStore(_ environment: Environment) -> Int32? {
    guard let store = environment["PASSWORD_STORE_DIR"], let runtime = environment["XDG_RUNTIME_DIR"],
      store.hasPrefix("\(runtime)/\(prefix)"), store.hasSuffix("/store"),
      store.utf8.filter({ $0 == UInt8(ascii: "/") }).count == runtime.utf8.filter({ $0 == UInt8(ascii: "/") }).count + 2
    else { return nil }
    let descriptor = lockwise_open(store, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_uid == geteuid(), info.st_mode & 0o077 == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Removes the empty files of names that do not exist any more, and the folders that they leave empty.
  private static func removeFiles(in folder: Int32, except kept: Set<[[UInt8]]>, below path: [[UInt8]]) {
    for name in FolderContents.names(in: folder) {
      let inner = FolderContents.openFolder(name, in: folder)
      if inner >= 0 {
        removeFiles(in: inner, except: kept, below: path + [name])
        close(inner)
        FolderContents.removeEmpty(name, in: folder)
      } else if !kept.contains(path + [name]) {
        FolderContents.removeEmptyFile(name, in: folder)
      }
    }
  }
}
