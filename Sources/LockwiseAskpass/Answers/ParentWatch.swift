import CLinux
import Glibc

/// The end of the parent process.
enum ParentWatch {
  /// Lets this process get SIGTERM when its parent ends (prctl(2), PR_SET_PDEATHSIG).
  static func begin() { _ = lockwise_end_with_parent() }

  /// Whether a process is still the parent of this one.
  static func isAlive(_ parent: Int32) -> Bool { getppid() == parent }
}
