import CLinux
import Glibc

/// What every program of the suite does first.
public enum ProcessHardening {
  /// Turns off core dumps and ptrace by processes of the same user (prctl(2) PR_SET_DUMPABLE), makes new files
  /// private, and lets a closed pipe be an error of write(2) instead of a signal.
  ///
  /// It does not keep out root, nor what the kernel writes to swap of memory that is not locked.
  public static func apply() {
    _ = lockwise_no_core_dumps()
    _ = lockwise_set_not_dumpable()
    umask(0o077)
    signal(SIGPIPE, SIG_IGN)
  }
}
