import CLinux
import Glibc

/// Checks that only this user and root can change the target of a path, as sshd(8) does with `StrictModes`.
///
/// Each folder in the path must belong to this user or root and must not be writable by others. Two kinds of writable
/// folders are accepted. In folders with the sticky bit, such as `/tmp`, others cannot replace this user's files.
/// Folders writable by this user's private group (`PrivateGroup`) are not writable by others.
///
/// In a user namespace without root, such as that of rootless podman, folders of root and of any other user look alike:
/// the kernel shows one number for all users that have none (user_namespaces(7)). Such an owner is accepted for `/` and
/// a few folders of the system (`systemFolders`), if their mode keeps others out. Each of these has an owner who controls
/// the user's programs, settings or home without changing anything that Lockwise reads. If that is not root, no check
/// here protects the user. Any other folder with such an owner could belong to an ordinary user and is refused. Other
/// users cannot move a process into a namespace of theirs, or choose what it sees as `/` (setns(2), chroot(2)).
public enum TrustedPath {
  /// The reason why a path is not trusted.
  public struct Problem: Error, Equatable, Sendable {
    /// The affected file or folder.
    public let path: String
    /// The problem.
    public let reason: String
    /// What the user can do, if that depends on the reason.
    package let hint: String?

    /// Makes a problem.
    public init(path: String, reason: String, hint: String? = nil) {
      self.path = path
      self.reason = reason
      self.hint = hint
    }
  }

  /// The folders whose owner need not be visible in a user namespace.
  ///
  /// - `/`, `/usr`, `/usr/bin`, `/usr/local` and `/usr/local/bin`: their owner can replace the programs that the user
  ///   runs, this one among them.
  /// - `/etc`: its owner can replace the list of users and the settings of every shell.
  /// - `/home`, and `/var` and `/var/home`, where some systems keep it: their owner can replace the home directory and so
  ///   what the user's shell runs when it starts.
  /// - `/run` and `/run/user`: their owner can replace the folder of the user's sockets and services.
  ///
  /// `/tmp` is not among them: no vault belongs there.
  static let systemFolders: Set<String> = [
    "/", "/etc", "/home", "/run", "/run/user", "/usr", "/usr/bin", "/usr/local", "/usr/local/bin", "/var", "/var/home",
  ]

  /// Checks every folder from the root down to the one that contains `path`. A symbolic link among them is checked as
  /// well as the folders in its target. Missing folders are skipped.
  ///
  /// - Parameter path: an absolute path.
  /// - Throws: `Problem` for the first folder that others can change.
  public static func checkFolders(above path: String) throws(Problem) {
    guard path.utf8.first == UInt8(ascii: "/") else { throw Problem(path: path, reason: "the path is not absolute") }
    guard try walk(path) else { return }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    guard let resolved = realpath(folder, nil) else { return }
    defer { free(resolved) }
    _ = try walk(String(cString: resolved) + "/")
  }

  /// The permitted owner of a file.
  public enum Owner: Sendable {
    /// This user only.
    case user
    /// This user or root.
    case userOrRoot
  }

  /// Opens a regular file that others cannot change. It neither blocks on a pipe nor makes a terminal the controlling
  /// one.
  ///
  /// - Parameters:
  ///   - path: an absolute path.
  ///   - owner: the permitted owner.
  ///   - forbidden: permissions that only the owner may have.
  ///   - followsLink: whether `path` may be a symbolic link that belongs to this user or root.
  /// - Returns: a descriptor open for reading.
  /// - Throws: `OpenFailure` if it cannot be opened or is not trusted.
  public static func open(
    _ path: String, of owner: Owner = .userOrRoot, forbidding forbidden: mode_t = 0o022, followsLink: Bool = false
  ) throws(OpenFailure) -> Int32 {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    var descriptor = lockwise_open(path, flags | O_NOFOLLOW, 0)
    if descriptor < 0, errno == ELOOP, followsLink {
      do throws(Problem) { try checkLink(path) } catch { throw .untrusted(error) }
      descriptor = lockwise_open(path, flags, 0)
    }
    guard descriptor >= 0 else {
      if errno == ELOOP { throw .untrusted(Problem(path: path, reason: "it is a symbolic link")) }
      throw .system(errno: errno)
    }
    do throws(Problem) {
      try checkFile(descriptor, path, owner, forbidden)
      try checkFolders(above: path)
    } catch {
      close(descriptor)
      throw .untrusted(error)
    }
    return descriptor
  }

  /// The reason why a file was not opened.
  public enum OpenFailure: Error, Equatable, Sendable {
    /// The system refused.
    case system(errno: Int32)
    /// Others can change the file, or it is not a regular file.
    case untrusted(Problem)
  }

  private static func checkFile(
    _ descriptor: Int32, _ path: String, _ owner: Owner, _ forbidden: mode_t
  ) throws(Problem) {
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw Problem(path: path, reason: "it is not a regular file")
    }
    try checkOwner(info, path, owner)
    guard info.st_mode & forbidden == 0 || isPrivateGroup(info, forbidden) else {
      throw Problem(path: path, reason: "other users can access it (mode \(octal(info.st_mode)))")
    }
  }

  /// Checks the folders of a link's target like those of any path.
  private static func checkLink(_ path: String) throws(Problem) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    try checkOwner(info, path)
    guard let resolved = realpath(path, nil) else { return }
    defer { free(resolved) }
    try checkFolders(above: String(cString: resolved))
  }

  /// Returns whether one of the folders is a symbolic link.
  private static func walk(_ path: String) throws(Problem) -> Bool {
    var hasLink = false
    for slash in path.utf8.indices where path.utf8[slash] == UInt8(ascii: "/") {
      let folder = slash == path.startIndex ? "/" : String(path[..<slash])
      var info = stat()
      guard lstat(folder, &info) == 0 else { return hasLink }
      try checkOwner(info, folder)
      if info.st_mode & S_IFMT == S_IFLNK {
        hasLink = true
      } else if info.st_mode & 0o022 != 0, info.st_mode & S_ISVTX == 0, !isPrivateGroup(info, 0o022) {
        throw Problem(path: folder, reason: "other users can change it (mode \(octal(info.st_mode)))")
      }
    }
    return hasLink
  }

  private static func checkOwner(_ info: stat, _ path: String, _ owner: Owner = .userOrRoot) throws(Problem) {
    guard info.st_uid != geteuid(), info.st_uid != 0 || owner == .user else { return }
    if owner == .userOrRoot, UserNamespace.own()?.mayBeHiddenRoot(info.st_uid) == true {
      if systemFolders.contains(path) { return }
      throw Problem(
        path: path, reason: "this user namespace does not show to whom it belongs",
        hint:
          "keep what Lockwise reads in your home directory below /home, or start the program outside of the namespace")
    }
    throw Problem(path: path, reason: "it belongs to another user")
  }

  /// Returns whether only this user's private group has the forbidden permissions.
  private static func isPrivateGroup(_ info: stat, _ forbidden: mode_t) -> Bool {
    info.st_mode & forbidden & 0o007 == 0 && info.st_mode & forbidden & 0o050 == 0
      && PrivateGroup.isPrivate(info.st_gid)
  }

  private static func octal(_ mode: mode_t) -> String { String(mode & 0o7777, radix: 8) }
}
