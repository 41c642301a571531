import CLinux
import Glibc
import LockwiseCore

/// The state that execve(2) hands down and `ProcessHardening` changes, as this process inherited it.
public struct InheritedState: @unchecked Sendable {
  /// The variables as `NAME=VALUE`, in their order, with duplicates and names that are not UTF-8. The texts are those
  /// that execve(2) put into this process; they are not changed.
  package let variables: [UnsafeMutablePointer<CChar>]
  private let mask: mode_t
  private let ignoresClosedPipes: Bool
  private let coreLimit: rlimit?
  private let hasChildSignal: Bool
  private let ignoresChildren: Bool

  /// Records the state and hardens the process (`ProcessHardening.apply`).
  ///
  /// The hard limit of core files stays, because a process without privileges cannot raise it again. No core file is
  /// written all the same: the soft limit is 0, and the process is not dumpable (core(5)). Standard streams that are
  /// closed are occupied until the next execve(2).
  public static func recordAndHarden() -> InheritedState {
    let hasChildSignal = lockwise_has_child_signal() != 0
    let ignoresChildren = lockwise_default_child_signal() != 0
    lockwise_occupy_closed_streams()
    let variables = currentVariables
    var limit = rlimit()
    let hasLimit = lockwise_get_core_limit(&limit) == 0
    if hasLimit {
      var none = rlimit(rlim_cur: 0, rlim_max: limit.rlim_max)
      _ = lockwise_set_core_limit(&none)
    }
    ProcessHardening.protectMemory()
    let mask = umask(0o077)
    let ignoresClosedPipes = lockwise_ignore_closed_pipes() != 0
    ProcessHardening.removeVariables()
    return InheritedState(
      variables: variables, mask: mask, ignoresClosedPipes: ignoresClosedPipes, coreLimit: hasLimit ? limit : nil,
      hasChildSignal: hasChildSignal, ignoresChildren: ignoresChildren)
  }

  /// The variables of this process now, as `NAME=VALUE`.
  package static var currentVariables: [UnsafeMutablePointer<CChar>] {
    var variables: [UnsafeMutablePointer<CChar>] = []
    var entry = lockwise_environment()
    while let text = entry?.pointee {
      variables.append(text)
      entry = entry?.successor()
    }
    return variables
  }

  /// Restores the state for the program that replaces this one. execve(2) makes the process dumpable again.
  package func restore() {
    umask(mask)
    if !ignoresClosedPipes { signal(SIGPIPE, SIG_DFL) }
    if ignoresChildren {
      // Both actions discard a pending signal.
      signal(SIGCHLD, SIG_IGN)
      if hasChildSignal { kill(getpid(), SIGCHLD) }
    } else if !hasChildSignal, lockwise_has_child_signal() != 0 {
      // Of a program that was started to unlock the vault.
      lockwise_discard_child_signal()
    }
    if var coreLimit { _ = lockwise_set_core_limit(&coreLimit) }
  }
}
