import Glibc
import LockwiseCore

/// The reason why a command could not be run, and the exit status for it, as env(1) has it.
struct CommandStartFailure: UserFacingErrorConvertible, Equatable {
  /// The status of a failure of `run` itself.
  static let ownStatus: Int32 = 125

  /// The name or path of the command.
  let program: [UInt8]
  /// The reason, an error number of execve(2).
  let errno: Int32

  /// Makes a failure.
  init(_ program: [UInt8], errno: Int32) {
    self.program = program
    self.errno = errno
  }

  /// 127 if there is no such program, else 126.
  var status: Int32 { errno == ENOENT ? 127 : 126 }

  /// The failure with the reason of the system.
  var userFacingError: UserFacingError {
    UserFacingError(
      "cannot run \(String(decoding: program, as: UTF8.self)): \(String(cString: strerror(errno)))",
      exitCode: .failure)
  }
}
