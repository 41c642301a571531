import Glibc
import LockwiseCLI
import LockwiseCore

/// Passwords from a script.
enum PasswordInput {
  /// Reads the first line of standard input, without its line end.
  ///
  /// - Throws: `UserFacingError` if there is none.
  static func firstLineOfStandardInput(holding what: String = "password") throws -> SecretBytes {
    guard let input = FileDescriptor.readAll(0, limit: 65536) else {
      throw UserFacingError("cannot read the \(what) from standard input", exitCode: .usage)
    }
    let end = input.withUnsafeBytes { bytes in
      let lineFeed = bytes.firstIndex(of: 0x0A) ?? bytes.count
      return lineFeed > 0 && lineFeed < bytes.count && bytes[lineFeed - 1] == 0x0D ? lineFeed - 1 : lineFeed
    }
    guard end > 0 else { throw UserFacingError("cannot read the \(what): standard input is empty", exitCode: .usage) }
    return input[0..<end]
  }
}
