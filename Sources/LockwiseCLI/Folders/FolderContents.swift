import CLinux
import Glibc
import LockwiseCore

/// The files of a folder, reached through its descriptor: no path is followed, and no name leads out of the folder.
package enum FolderContents {
  /// Opens a folder in a folder.
  ///
  /// - Returns: a descriptor; negative with `errno` set if it is missing, a symbolic link or not a folder.
  package static func openFolder(_ name: [UInt8], in folder: Int32) -> Int32 {
    withText(name) { lockwise_open_at(folder, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0) }
  }

  /// Makes a folder that only this user can enter.
  ///
  /// - Returns: `false` with `errno` set if it cannot be made.
  package static func makeFolder(_ name: [UInt8], in folder: Int32) -> Bool {
    withText(name) { mkdirat(folder, $0, 0o700) } == 0
  }

  /// Makes an empty file that only this user can read.
  ///
  /// - Returns: a descriptor open for writing; negative with `errno` set if the file cannot be made or is there already.
  package static func makeFile(_ name: [UInt8], in folder: Int32) -> Int32 {
    withText(name) { lockwise_open_at(folder, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600) }
  }

  /// Returns the names in a folder except `.` and `..`, in no order.
  package static func names(in folder: Int32) -> [[UInt8]] {
    var names: [[UInt8]] = []
    forEachName(in: folder) { names.append($0) }
    return names
  }

  /// Removes a file that is empty. Others stay.
  package static func removeEmptyFile(_ name: [UInt8], in folder: Int32) {
    var info = stat()
    guard withText(name, { fstatat(folder, $0, &info, AT_SYMLINK_NOFOLLOW) }) == 0, info.st_mode & S_IFMT == S_IFREG,
      info.st_size == 0
    else { return }
    _ = withText(name) { unlinkat(folder, $0, 0) }
  }

  /// Calls `body` with each name in a folder except `.` and `..`, in no order.
  static func forEachName(in folder: Int32, _ body: ([UInt8]) -> Void) {
    // The position of a descriptor is shared with its copies, hence one of its own.
    let own = openFolder(Array(".".utf8), in: folder)
    guard own >= 0, let list = fdopendir(own) else {
      if own >= 0 { close(own) }
      return
    }
    defer { closedir(list) }
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != Array(".".utf8), name != Array("..".utf8) { body(name) }
    }
  }

  /// Removes everything in a folder, as far as this user may.
  ///
  /// - Parameter overwriting: whether the content of files is overwritten first, because it may be on a disk.
  static func remove(in folder: Int32, overwriting: Bool = false) {
    for name in names(in: folder) {
      if overwriting { overwrite(name, in: folder) }
      guard withText(name, { unlinkat(folder, $0, 0) }) != 0 else { continue }
      let inner = openFolder(name, in: folder)
      if inner >= 0 {
        remove(in: inner, overwriting: overwriting)
        close(inner)
      }
      removeEmpty(name, in: folder)
    }
  }

  /// Overwrites a regular file that has no other name. File systems that write to a new place keep the old content.
  private static func overwrite(_ name: [UInt8], in folder: Int32) {
    let flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
    let file = withText(name) { lockwise_open_at(folder, $0, flags, 0) }
    guard file >= 0 else { return }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_nlink == 1 else { return }
    let zeros = [UInt8](repeating: 0, count: min(Int(info.st_size), 65536))
    var left = Int(info.st_size)
    while left > 0,
      zeros.withUnsafeBytes({
        FileDescriptor.writeAll(file, UnsafeRawBufferPointer(rebasing: $0[..<min(left, $0.count)]))
      })
    {
      left -= min(left, zeros.count)
    }
    fdatasync(file)
  }

  /// Removes an empty folder.
  package static func removeEmpty(_ name: [UInt8], in folder: Int32) {
    _ = withText(name) { unlinkat(folder, $0, AT_REMOVEDIR) }
  }

  private static func withText<Result>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (name.map(CChar.init(truncatingIfNeeded:)) + [0]).withUnsafeBufferPointer { text in
      // An array that is not empty has an address.
      text.baseAddress.map(body) ?? body("")
    }
  }
}
