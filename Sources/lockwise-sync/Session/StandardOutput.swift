import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// Standard output for secrets: written at once, without a buffer.
enum StandardOutput {
  /// Writes all bytes.
  ///
  /// - Throws: `UserFacingError` if they cannot be written.
  static func write(_ bytes: SecretBytes) throws {
    try bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(1, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          throw UserFacingError("cannot write the output: \(String(cString: strerror(errno)))", exitCode: .failure)
        }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// The width of the terminal in characters; `nil` if unknown.
  static var width: Int? {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
