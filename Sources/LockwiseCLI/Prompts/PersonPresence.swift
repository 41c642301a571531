import CLinux
import Glibc
import LockwiseCore

/// Signs of a person at this process. Only use by a person renews the time of unlocked keys.
public enum PersonPresence {
  /// Whether a command was typed at a terminal: the process is in the foreground of its controlling terminal. Timers,
  /// cron jobs and the detached runs that the helpers start have no such terminal (credentials(7), setsid(2)).
  public static var isAtTerminal: Bool {
    let terminal = openTerminal()
    guard terminal >= 0 else { return false }
    defer { close(terminal) }
    return tcgetpgrp(terminal) == getpgrp()
  }

  /// Whether a person may have started the host program that calls this one, as an editor does without a terminal: there
  /// is a display, a remote login, or a controlling terminal. Never if `LOCKWISE_NO_PROMPT` says that nobody is there.
  public static func isNearby(_ configuration: Configuration) -> Bool {
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
