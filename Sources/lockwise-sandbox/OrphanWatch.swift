import Dispatch
import Foundation

/// Ends this process, as SIGTERM would, when the process that started it is gone.
///
/// prctl(PR_SET_PDEATHSIG) would do the same, but is variadic, which Swift can't call, and looks at the
/// thread that started this process, not at the process.
enum OrphanWatch {
  /// - Parameter parent: `getppid()` at the start of the program.
  static func start(parent: pid_t) {
    Thread.detachNewThread {
      while getppid() == parent { usleep(200_000) }
      kill(getpid(), SIGTERM)
    }
  }
}
