import Glibc
import LockwiseCore

extension FirefoxHistory {
  /// A directory for short-lived copies, in memory if possible.
  public static func scratch(environment: Environment) -> String {
    let places = [environment["XDG_RUNTIME_DIR"], "/dev/shm", environment["TMPDIR"]].compactMap(\.self)
    return places.first { $0.hasPrefix("/") && access($0, W_OK | X_OK) == 0 } ?? "/tmp"
  }
}
