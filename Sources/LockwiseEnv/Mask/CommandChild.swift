import CLinux
import Glibc
import LockwiseCore

/// The child of a masking process between fork(2) and execve(2).
enum CommandChild {
  /// Becomes the command, or reports the error number through a pipe and ends.
  static func become(_ command: PreparedCommand, _ signals: ReceivedSignals, report: Int32) -> Never {
    signals.restore()
    var number = command.replaceProcess().errno
    withUnsafeBytes(of: &number) { _ = FileDescriptor.writeAll(report, $0) }
    _exit(CommandStartFailure.ownStatus)
  }

  /// Waits until the child has become the command or has failed, and returns the error number of the failure. All other
  /// copies of the pipe's write end must be closed or close at execve(2).
  static func readFailure(_ report: Int32) -> Int32? {
    var number: Int32 = 0
    let count = withUnsafeMutableBytes(of: &number) { buffer in
      FileDescriptor.retrying { read(report, buffer.baseAddress, buffer.count) }
    }
    return count == MemoryLayout<Int32>.size ? number : nil
  }
}
