import CLinux
import Glibc
import LockwiseCore

/// A file that was given by its path; `-` means standard input.
struct InputFile {
  /// The most bytes of a file.
  private static let limit = 64 << 20

  /// The path as given.
  let path: [UInt8]

  /// The path for messages.
  var shown: String { isStandardInput ? "standard input" : String(decoding: path, as: UTF8.self) }

  private var isStandardInput: Bool { path == Array("-".utf8) }

  /// Reads the whole file.
  ///
  /// - Throws: `UserFacingError` if it cannot be read.
  func read(_ context: EnvContext) throws(UserFacingError) -> SecretBytes {
    guard !isStandardInput else { return try content(context.input) }
    let descriptor = (path + [0]).withUnsafeBytes {
      lockwise_open($0.baseAddress?.assumingMemoryBound(to: CChar.self), O_RDONLY | O_CLOEXEC | O_NOCTTY, 0)
    }
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    return try content(descriptor)
  }

  private func content(_ descriptor: Int32) throws(UserFacingError) -> SecretBytes {
    errno = 0
    guard let text = FileDescriptor.readAll(descriptor, limit: Self.limit) else { throw failure(errno) }
    return text
  }

  private func failure(_ number: Int32) -> UserFacingError {
    let reason = number == 0 ? "it is larger than 64 MiB" : String(cString: strerror(number))
    return UserFacingError("cannot read \(shown): \(reason)", exitCode: .failure)
  }
}
