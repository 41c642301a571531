import Glibc
import LockwiseCore

/// A file that is replaced as a whole.
struct OutputFile {
  /// The path as given.
  let path: [UInt8]

  private var shown: String { String(decoding: path, as: UTF8.self) }

  /// Replaces the file, or makes it. If that fails, the former file is as it was.
  ///
  /// - Parameters:
  ///   - content: the new content.
  ///   - mode: the permissions, whatever the umask.
  /// - Throws: `UserFacingError` if it cannot be written, or if the path names something else than a file.
  func replace(with content: SecretBytes, mode: mode_t) throws(UserFacingError) {
    try checkIsFile()
    guard let suffix = try? SystemRandom().bytes(6) else { throw failure(EIO) }
    do throws(AtomicFile.Failure) {
      try AtomicFile(path, suffix: ".\(Hex.encode(suffix))").replace(mode: mode) { descriptor in
        content.withUnsafeBytes { FileDescriptor.writeAll(descriptor, $0) }
      }
    } catch {
      throw failure(error.errno)
    }
  }

  /// Refuses what a rename would replace by a file: a device, a pipe, or a symbolic link such as /dev/stdout.
  private func checkIsFile() throws(UserFacingError) {
    var info = stat()
    guard lstat(path.map { CChar(truncatingIfNeeded: $0) } + [0], &info) == 0 else { return }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFLNK:
      throw UserFacingError(
        "cannot replace \(shown): it is a symbolic link", hint: "name the file that it leads to", exitCode: .failure)
    default:
      throw UserFacingError(
        "cannot replace \(shown): it is not a file", hint: "write to standard output instead", exitCode: .failure)
    }
  }

  private func failure(_ number: Int32) -> UserFacingError {
    UserFacingError("cannot write \(shown): \(String(cString: strerror(number)))", exitCode: .failure)
  }
}
