import CLinux
import Glibc
import LockwiseCore

/// Standard output for secrets: written at once, without a buffer.
public enum StandardOutput {
  /// Writes all bytes.
  ///
  /// - Throws: `UserFacingError` if they cannot be written.
  public static func write(_ bytes: SecretBytes) throws {
    guard bytes.withUnsafeBytes({ FileDescriptor.writeAll(1, $0) }) else {
      throw UserFacingError("cannot write the output: \(String(cString: strerror(errno)))", exitCode: .failure)
    }
  }

  /// Closes the output. Whoever reads it waits for its end, not for that of the process. No file that is opened later
  /// gets its number.
  ///
  /// - Parameter descriptor: the descriptor of the output.
  public static func release(_ descriptor: Int32 = 1) {
    let null = lockwise_open("/dev/null", O_WRONLY | O_CLOEXEC, 0)
    guard null >= 0 else { return }
    dup2(null, descriptor)
    close(null)
  }

  /// The width of the terminal in characters; `nil` if unknown.
  public static var width: Int? {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
