import CLinux
import Glibc
import LockwiseCore

/// A file of the user that setup may change, as it was when it was read.
///
/// A symbolic link stays a link, and the file that it leads to is changed. The file keeps its permissions, owner and
/// group.
package struct UserFile {
  /// The reason why a file cannot be read or changed.
  package enum Problem: Equatable, Sendable {
    /// The system refused to read or write it.
    case system(errno: Int32)
    /// Its permissions forbid writing.
    case readOnly
    /// It is a directory, a device or the like.
    case notRegular
    /// It has further names (hard links), which would keep the former content.
    case hardLinks
    /// It is larger than 1 MiB.
    case tooLarge
    /// It is a symbolic link to a missing file.
    case danglingLink
  }

  /// The error for a file that cannot be read or changed.
  package struct Failure: Error, Equatable, Sendable {
    /// The file's path.
    package let path: String
    /// The reason.
    package let problem: Problem
  }

  /// The kind of a new file: the permissions before the umask.
  package enum Kind: mode_t, Sendable {
    /// Others may read it, and its new folders.
    case shared = 0o644
    /// Others may also run it.
    case program = 0o755
    /// Only the user can read it, and enter its new folders.
    case secret = 0o600
  }

  private static let limit = 1 << 20
  /// The end of the name of a file that is being written.
  private static let newSuffix = ".lockwise-new"

  /// The path as it was given.
  package let path: String
  /// The content; `nil` if there is no such file.
  package let content: SecretBytes?
  /// The path without symbolic links.
  private let target: String
  private let info: stat?

  /// Reads a file.
  ///
  /// - Parameter path: an absolute path.
  /// - Throws: `Failure` if it is there but cannot be read.
  package init(_ path: String) throws(Failure) {
    self.path = path
    var info = stat()
    guard lstat(path, &info) == 0 else {
      guard errno == ENOENT else { throw Failure(path: path, problem: .system(errno: errno)) }
      (target, content, self.info) = (path, nil, nil)
      return
    }
    guard let resolved = realpath(path, nil) else {
      throw Failure(path: path, problem: errno == ENOENT ? .danglingLink : .system(errno: errno))
    }
    defer { free(resolved) }
    target = String(cString: resolved)
    let descriptor = lockwise_open(target, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw Failure(path: path, problem: .system(errno: errno)) }
    defer { close(descriptor) }
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw Failure(path: path, problem: .notRegular)
    }
    guard info.st_size <= Self.limit, let content = FileDescriptor.readAll(descriptor, limit: Self.limit) else {
      throw Failure(path: path, problem: .tooLarge)
    }
    self.content = content
    self.info = info
  }

  /// The content; empty if there is no such file.
  package var text: SecretBytes { content ?? SecretBytes(utf8: "") }

  /// The folders above the file that do not exist, the outermost first.
  package var missingFolders: [String] { Folders.missing(above: target) }

  /// Refuses a file that its permissions protect, also if the folder would allow to replace it.
  ///
  /// - Throws: `Failure`.
  package func checkWritable() throws(Failure) {
    guard let info else { return }
    guard info.st_mode & 0o200 != 0, access(target, W_OK) == 0 else { throw Failure(path: path, problem: .readOnly) }
    guard info.st_nlink == 1 else { throw Failure(path: path, problem: .hardLinks) }
  }

  /// Replaces the content, or makes the file with the folders above it. Readers see the former content or the new one.
  ///
  /// - Parameter kind: the kind of a new file.
  /// - Throws: `Failure`; the file is then as it was.
  package func write(_ content: SecretBytes, as kind: Kind) throws(Failure) {
    try checkWritable()
    if let number = Folders.make(missingFolders, isPrivate: kind == .secret) {
      throw Failure(path: path, problem: .system(errno: number))
    }
    let mask = umask(0)
    umask(mask)
    let mode = info.map { $0.st_mode & 0o7777 } ?? (kind.rawValue & ~mask)
    do throws(AtomicFile.Failure) {
      try AtomicFile(target.utf8, suffix: Self.newSuffix).replace(mode: mode) { descriptor in
        // Changing the owner and writing clear some permissions (chown(2), write(2)).
        keepsOwner(descriptor) && content.withUnsafeBytes { FileDescriptor.writeAll(descriptor, $0) }
          && fchmod(descriptor, mode) == 0
      }
    } catch {
      throw Failure(path: path, problem: .system(errno: error.errno))
    }
  }

  /// Gives a new file the owner and the group of the former one.
  private func keepsOwner(_ descriptor: Int32) -> Bool {
    var new = stat()
    guard let info, fstat(descriptor, &new) == 0, new.st_uid != info.st_uid || new.st_gid != info.st_gid else {
      return true
    }
    return fchown(descriptor, info.st_uid, info.st_gid) == 0
  }

  /// Removes the file itself, unless it is a symbolic link, whose target becomes empty.
  ///
  /// - Throws: `Failure`.
  package func remove() throws(Failure) {
    try checkWritable()
    if target != path, isLink { return try write(SecretBytes(utf8: ""), as: .shared) }
    guard unlink(target) == 0 || errno == ENOENT else { throw Failure(path: path, problem: .system(errno: errno)) }
  }

  /// Removes what a run that was killed while it wrote the file left.
  package func removeUnfinished() { unlink(target + Self.newSuffix) }

  private var isLink: Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
  }
}

extension UserFile.Failure: UserFacingErrorConvertible {
  /// The error as a program shows it.
  package var userFacingError: UserFacingError {
    UserFacingError("cannot change \(PrintableText.of(path)): \(reason)", exitCode: .failure)
  }

  /// The reason in a few words.
  package var reason: String {
    switch problem {
    case .system(let number): String(cString: strerror(number))
    case .readOnly: "it is read-only"
    case .notRegular: "it is not a regular file"
    case .hardLinks: "it has other names (hard links)"
    case .tooLarge: "it is larger than 1 MiB"
    case .danglingLink: "it is a link to a missing file"
    }
  }
}
