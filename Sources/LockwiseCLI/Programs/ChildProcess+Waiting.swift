import CLinux
import Glibc
import LockwiseCore

extension ChildProcess {
  /// The end of a program.
  public enum Ending: Equatable, Sendable {
    /// It ended with this status.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)

    /// What a shell adds to the number of a signal that ended a program.
    private static let signalOffset: Int32 = 128

    /// The status as a shell reports it: 128 and the signal's number if a signal ended the program.
    public var shellStatus: Int32 {
      switch self {
      case .exited(let status): status
      case .signalled(let number): Self.signalOffset + number
      }
    }

    /// The end of the last program of a shell, if this is the end of the shell. A status above 128 stands for a signal.
    package var ofShellCommand: Ending {
      if case .exited(let status) = self, status > Self.signalOffset {
        .signalled(status - Self.signalOffset)
      } else {
        self
      }
    }

    /// Its exit status; `nil` if a signal ended it.
    var status: Int32? { if case .exited(let status) = self { status } else { nil } }

    /// Whether it ended with status 0.
    public var isSuccess: Bool { self == .exited(0) }

    /// Decodes a status of wait(2).
    package init(waitStatus status: Int32) {
      self =
        lockwise_wait_exited(status) != 0
        ? .exited(lockwise_wait_exit_status(status)) : .signalled(lockwise_wait_signal(status))
    }
  }

  /// The longest time between two checks whether a program has ended, microseconds.
  private static let longestPause: UInt32 = 5000

  /// Waits for a program to end.
  ///
  /// - Parameter deadline: when to stop waiting (`Milliseconds.monotonic`); `nil` waits without limit.
  /// - Returns: its end; `nil` if the time is over, or the process is not a child of this one.
  package static func wait(_ pid: pid_t, until deadline: Milliseconds? = nil) -> Ending? {
    var status: Int32 = 0
    var pause: UInt32 = 100
    while true {
      let result = waitpid(pid, &status, deadline == nil ? 0 : WNOHANG)
      if result == pid { return Ending(waitStatus: status) }
      if result < 0, errno != EINTR { return nil }
      guard let deadline else { continue }
      guard .monotonic() < deadline else { return nil }
      usleep(pause)
      pause = min(2 * pause, longestPause)
    }
  }

  /// Waits for a program to end, and kills it at the deadline.
  ///
  /// - Returns: its end; `nil` if it was killed.
  @discardableResult
  package static func end(_ pid: pid_t, by deadline: Milliseconds) -> Ending? {
    if let ending = wait(pid, until: deadline) { return ending }
    kill(pid, SIGKILL)
    _ = wait(pid)
    return nil
  }
}
