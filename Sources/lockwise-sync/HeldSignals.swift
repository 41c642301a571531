import CLinux
import Glibc
import LockwiseCore

/// Keeps the signals that would end the process from doing so while something on a server waits to be tidied up. One
/// that came ends it when they are let through again.
final class HeldSignals {
  private var descriptor: Int32 = -1
  private var previous = sigset_t()

  /// Holds them from now on.
  func hold() { if descriptor < 0 { descriptor = lockwise_hold_signals(&previous) } }

  /// Lets them through again.
  func release() {
    lockwise_release_signals(descriptor, &previous)
    descriptor = -1
  }

  /// Waits until the time is over, or there is something to read.
  ///
  /// - Parameters:
  ///   - milliseconds: how long; -1 for ever.
  ///   - input: a descriptor to be read from.
  /// - Throws: `PromptError.cancelled` if a signal came.
  func wait(milliseconds: Int32, input: Int32 = -1) throws {
    // poll(2) passes over negative descriptors.
    var events = [descriptor, input].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while poll(&events, 2, milliseconds) < 0, errno == EINTR {}
    if events[0].revents != 0 { throw PromptError.cancelled }
  }
}
