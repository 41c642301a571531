import CLinux
import Glibc

/// A file that is replaced as a whole. Its readers see the former content or the new one, and after a failure the former
/// one is still there.
package struct AtomicFile {
  /// The reason why the file was not replaced.
  package struct Failure: Error, Equatable, Sendable {
    /// The number of the system's error.
    package let errno: Int32
  }

  /// The path with a NUL at its end, like `temporary`.
  private let path: [UInt8]
  /// The path of the file that is written first, in the same folder.
  private let temporary: [UInt8]

  /// Makes a file.
  ///
  /// - Parameters:
  ///   - path: the path, which contains no NUL.
  ///   - suffix: the end of the name of the file that is written first. A file with that name is removed. If two
  ///     processes may use the same suffix at the same time, the content must show whether it is complete.
  package init(_ path: some Sequence<UInt8>, suffix: String) {
    let path = Array(path)
    self.path = path + [0]
    temporary = path + Array(suffix.utf8) + [0]
  }

  /// Replaces the file, or makes it.
  ///
  /// - Parameters:
  ///   - mode: the permissions, whatever the umask.
  ///   - synchronizes: whether the content is on the disk when the file gets its name. The folder is not synchronized.
  ///   - write: writes the new content to a descriptor, and returns `false` with `errno` set if it cannot.
  package func replace(
    mode: mode_t = 0o600, synchronizes: Bool = true, write: (Int32) -> Bool
  ) throws(Failure) {
    // One that a killed run left.
    _ = Self.withPath(temporary) { unlink($0) }
    let descriptor = Self.withPath(temporary) {
      lockwise_open($0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    }
    guard descriptor >= 0 else { throw Failure(errno: Glibc.errno) }
    let isWritten =
      fchmod(descriptor, mode) == 0 && write(descriptor) && (!synchronizes || fsync(descriptor) == 0)
    var number = Glibc.errno
    close(descriptor)
    if isWritten {
      if Self.withPath(temporary, { from in Self.withPath(path) { rename(from, $0) } }) == 0 { return }
      number = Glibc.errno
    }
    _ = Self.withPath(temporary) { unlink($0) }
    throw Failure(errno: number)
  }

  private static func withPath<Result>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    path.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress.unsafelyUnwrapped) }
    }
  }
}
