import CLinux
import Glibc
import LockwiseCore

/// Checks whether a person uses this process. Only such a use renews the idle time of unlocked keys.
public enum PersonPresence {
  /// Whether a command was typed at a terminal: the process is in the foreground of its controlling terminal. Timers,
  /// cron jobs and detached runs have no controlling terminal (credentials(7), setsid(2)).
  public static var isAtTerminal: Bool {
    let terminal = openTerminal()
    guard terminal >= 0 else { return false }
    defer { close(terminal) }
    return tcgetpgrp(terminal) == getpgrp()
  }

  /// Returns whether a person may have started the host program, such as an editor without a terminal: there is a
  /// display, a remote login or a controlling terminal. Returns `false` if `LOCKWISE_NO_PROMPT` is set.
  static func isNearby(_ configuration: Configuration) -> Bool {
    guard !configuration.isOn("LOCKWISE_NO_PROMPT") else { return false }
    if ["DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"].contains(where: { configuration.environment[$0] != nil }) {
      return true
    }
    let terminal = openTerminal()
    guard terminal >= 0 else { return false }
    close(terminal)
    return true
  }

  private static func openTerminal() -> Int32 {
    lockwise_open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY, 0)
  }
}
