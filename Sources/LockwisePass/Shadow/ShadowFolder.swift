import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// A folder that looks like pass's: an empty file `NAME.gpg` for each entry, for programs that read names from there and
/// everything else from pass.
struct ShadowFolder {
  /// What keeps the folder from being made.
  static func unusable(_ reason: String) -> UserFacingError {
    UserFacingError("cannot make the folder of names: \(reason)", exitCode: .failure)
  }

  /// The beginning of the folder's name.
  static let prefix = "lockwise-shadow."

  private let folder: PrivateFolder
  /// The folder of the files, for `PASSWORD_STORE_DIR`.
  var store: String { folder.path + "/store" }
  /// The folder with a link `pass` to this program, for `PATH`.
  var programs: String { folder.path + "/bin" }

  /// Makes the folder in `XDG_RUNTIME_DIR` and nowhere else: the names must not reach a disk.
  ///
  /// - Parameters:
  ///   - runtime: the value of `XDG_RUNTIME_DIR`.
  ///   - program: the path of this program.
  /// - Throws: `UserFacingError` if it cannot be made.
  init(in runtime: String?, program: String) throws {
    guard let runtime, runtime.hasPrefix("/") else {
      throw Self.unusable("XDG_RUNTIME_DIR is not an absolute path")
    }
    guard let folder = PrivateFolder(in: runtime, prefix: Self.prefix, isShared: false) else {
      let isUnsafe = errno == EACCES
      throw Self.unusable(
        "\(runtime): " + (isUnsafe ? "it must belong to you and be closed to others" : String(cString: strerror(errno)))
      )
    }
    self.folder = folder
    guard mkdir(store, 0o700) == 0, mkdir(programs, 0o700) == 0, symlink(program, programs + "/pass") == 0 else {
      let reason = String(cString: strerror(errno))
      folder.remove()
      throw Self.unusable(reason)
    }
  }

  /// Makes a file for each name.
  ///
  /// - Parameter names: the names as they are shown.
  /// - Returns: the number of names that cannot be names of files, such as ones with a part of more than 255 bytes.
  /// - Throws: `UserFacingError` if the folder is full or cannot be written.
  func fill(with names: some Sequence<String>) throws -> Int {
    let root = lockwise_open(store, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
    guard root >= 0 else { throw Self.unusable(String(cString: strerror(errno))) }
    defer { close(root) }
    return try Self.fill(root, with: names)
  }

  /// Makes a file for each name that has none.
  ///
  /// - Parameter root: the open folder of the files.
  /// - Returns: the number of names without a file of their own that was made now.
  /// - Throws: `UserFacingError` if the folder is full or cannot be written.
  static func fill(_ root: Int32, with names: some Sequence<String>) throws -> Int {
    var skipped = 0
    for name in names {
      guard let path = ShadowPath(name), try make(path.parts[...], in: root) else {
        skipped += 1
        continue
      }
    }
    return skipped
  }

  /// Removes the folder.
  func remove() { folder.remove() }

  /// Makes a file, and the folders above it, below an open folder.
  ///
  /// - Returns: `false` if a file is where a folder must be.
  private static func make(_ parts: ArraySlice<[UInt8]>, in parent: Int32) throws -> Bool {
    guard let part = parts.first else { return false }
    guard parts.count > 1 else {
      let file = FolderContents.makeFile(part, in: parent)
      if file >= 0 { close(file) }
      return try file >= 0 || check(EEXIST)
    }
    if !FolderContents.makeFolder(part, in: parent) { _ = try check(EEXIST) }
    let folder = FolderContents.openFolder(part, in: parent)
    guard folder >= 0 else { return try check(ENOTDIR) }
    defer { close(folder) }
    return try make(parts.dropFirst(), in: folder)
  }

  /// Returns `false` if the last error is one that a name causes.
  private static func check(_ expected: Int32) throws -> Bool {
    guard errno == expected || errno == ELOOP else { throw unusable(String(cString: strerror(errno))) }
    return false
  }
}
