import CLinux
import Glibc

/// The terminal of the user, whose keys go to the pseudo-terminal of the command.
final class UserTerminal {
  /// The descriptor; -1 if this process has no terminal to read keys from.
  private(set) var descriptor: Int32
  private var saved = termios()
  /// Whether the terminal is raw.
  private(set) var isRaw = false

  /// Opens the controlling terminal, else takes standard input if it is a terminal.
  init() {
    descriptor = lockwise_open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY, 0)
    if descriptor < 0, isatty(0) == 1 { descriptor = lockwise_duplicate(0) }
    tcgetattr(descriptor, &saved)
  }

  /// Whether this process may read keys: it is in the foreground, or the terminal does not control it.
  var isForeground: Bool {
    guard descriptor >= 0 else { return false }
    let group = tcgetpgrp(descriptor)
    return group == getpgrp() || (group < 0 && errno == ENOTTY)
  }

  /// Whether another process group is in the foreground.
  var isOfOthers: Bool {
    guard descriptor >= 0 else { return false }
    let group = tcgetpgrp(descriptor)
    return group >= 0 && group != getpgrp()
  }

  /// Gives a pseudo-terminal the settings and the window size of this one.
  ///
  /// - Parameters:
  ///   - other: the pseudo-terminal.
  ///   - fallback: a terminal to use if there is no other.
  ///   - isEdited: whether a shell edits a line at this terminal now, so that its settings are not those that a command
  ///     gets.
  func copySettings(to other: Int32, fallback: Int32, isEdited: Bool) {
    let source = descriptor >= 0 ? descriptor : fallback
    var settings = termios()
    if tcgetattr(source, &settings) == 0 {
      if isEdited {
        settings.c_lflag |= tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        settings.c_iflag |= tcflag_t(ICRNL)
        settings.c_oflag |= tcflag_t(OPOST | ONLCR)
      }
      tcsetattr(other, TCSANOW, &settings)
    }
    _ = lockwise_copy_window_size(source, other)
  }

  /// Gives a pseudo-terminal the window size of this one.
  func copyWindowSize(to other: Int32, fallback: Int32) {
    _ = lockwise_copy_window_size(descriptor >= 0 ? descriptor : fallback, other)
  }

  /// Makes the terminal raw (termios(3), cfmakeraw): every key and every byte of output passes unchanged.
  func makeRaw() {
    guard descriptor >= 0 else { return }
    if !isRaw, tcgetattr(descriptor, &saved) != 0 { return }
    var raw = rawSettings
    isRaw = tcsetattr(descriptor, TCSADRAIN, &raw) == 0 || isRaw
  }

  /// Restores the settings from before `makeRaw`.
  func restore() {
    guard isRaw else { return }
    tcsetattr(descriptor, TCSADRAIN, &saved)
    isRaw = false
  }

  /// Restores the settings from before this object was made, if the terminal still is raw: the process that made it so was
  /// killed. Nobody has used the terminal since then.
  func restoreAfterKill() {
    var current = termios()
    guard descriptor >= 0, tcgetattr(descriptor, &current) == 0 else { return }
    let raw = rawSettings
    guard current.c_iflag == raw.c_iflag, current.c_oflag == raw.c_oflag, current.c_cflag == raw.c_cflag,
      current.c_lflag == raw.c_lflag
    else { return }
    tcsetattr(descriptor, TCSADRAIN, &saved)
  }

  private var rawSettings: termios {
    var raw = saved
    cfmakeraw(&raw)
    return raw
  }

  /// Forgets the settings from before `makeRaw`: another process uses the terminal.
  func forget() { isRaw = false }

  /// Stops using the terminal, which is gone.
  func disconnect() {
    close(descriptor)
    descriptor = -1
    isRaw = false
  }
}
