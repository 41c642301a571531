import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// Makes files in memory that have no name, exactly a secret's bytes, and mode 0400: ssh(1) and psql(1) refuse looser
/// ones.
struct SecretFile {
  /// The lowest number of a descriptor. Scripts use the lower ones for themselves (`exec 3>file`).
  private static let leastDescriptor: Int32 = 100

  /// Opens a file in memory that can be sealed (memfd_create(2)); negative if the system refuses.
  var openMemory: () -> Int32 = lockwise_open_sealable
  /// The folders for files without a name (open(2), O_TMPFILE) if it refuses. Only those in memory are used.
  let folders: [String]

  /// Makes files, if necessary in the folders that an environment names.
  init(_ environment: Environment) {
    self.init(folders: [environment["XDG_RUNTIME_DIR"], "/dev/shm"].compactMap(\.self).filter { $0.hasPrefix("/") })
  }

  /// Makes files, if necessary in these folders.
  init(folders: [String]) { self.folders = folders }

  /// Makes a file.
  ///
  /// - Returns: a descriptor at the file's beginning, which is not handed on yet.
  /// - Throws: `UserFacingError`.
  func make(_ secret: SecretBytes) throws -> Int32 {
    let opened = openMemory()
    let isSealable = opened >= 0
    let file = isSealable ? opened : openUnnamed()
    guard file >= 0 else { throw Self.failure("neither memfd_create nor a file system in memory is available") }
    defer { close(file) }
    guard secret.withUnsafeBytes({ FileDescriptor.writeAll(file, $0) }), lseek(file, 0, SEEK_SET) == 0,
      fchmod(file, 0o400) == 0, !isSealable || lockwise_seal(file) == 0
    else { throw Self.failure(String(cString: strerror(errno))) }
    var copy = lockwise_duplicate_from(file, Self.leastDescriptor)
    // A low limit of open files.
    if copy < 0 { copy = lockwise_duplicate_from(file, 3) }
    guard copy >= 0 else { throw Self.failure(String(cString: strerror(errno))) }
    return copy
  }

  /// The path of an open file for this process and those that it starts. `/proc/self` would be another process in them,
  /// which may have closed the descriptor.
  static func path(of descriptor: Int32) -> String { "/proc/\(getpid())/fd/\(descriptor)" }

  private func openUnnamed() -> Int32 {
    for folder in folders {
      let file = lockwise_open_unnamed(folder)
      if file >= 0, lockwise_is_in_memory(file) != 0 { return file }
      if file >= 0 { close(file) }
    }
    return -1
  }

  private static func failure(_ reason: String) -> UserFacingError {
    UserFacingError("cannot make a file in memory: \(reason)", exitCode: .failure)
  }
}
