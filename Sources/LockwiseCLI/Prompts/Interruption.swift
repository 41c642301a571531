import CLinux
import Glibc
import LockwiseCore

/// Blocks signals that would end the process during work that must not stop half way. The process checks for them where
/// it can stop and clean up.
public final class Interruption {
  /// Whether a signal was received.
  public private(set) var wasReceived = false
  private var descriptor: Int32 = -1

  /// Makes an object that does not block signals yet.
  public init() {}

  /// Blocks SIGINT, SIGTERM, SIGHUP and SIGQUIT until the process ends.
  public func begin() {
    guard descriptor < 0 else { return }
    var previous = sigset_t()
    descriptor = lockwise_hold_signals(&previous)
  }

  /// Returns whether a signal was received since the last call. Only another signal can then interrupt the cleaning up.
  @discardableResult
  public func consume() -> Bool {
    guard descriptor >= 0 else { return false }
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&event, 1, 0) == 1 else { return false }
    // A struct signalfd_siginfo has 128 bytes (signalfd(2)).
    var information = [UInt8](repeating: 0, count: 128)
    guard read(descriptor, &information, information.count) == information.count else { return false }
    wasReceived = true
    return true
  }

  /// Waits until the time is over or input is available.
  ///
  /// - Parameters:
  ///   - milliseconds: the time; -1 waits without limit.
  ///   - input: the descriptor to read from.
  /// - Throws: `PromptError.cancelled` if a signal was received.
  public func wait(milliseconds: Int32, input: Int32 = -1) throws {
    // poll(2) ignores negative descriptors.
    var events = [descriptor, input].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = FileDescriptor.retrying { poll(&events, 2, milliseconds) }
    if consume() { throw PromptError.cancelled }
  }
}
