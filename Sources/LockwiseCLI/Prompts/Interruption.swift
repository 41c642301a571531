import CLinux
import Glibc
import LockwiseCore

/// Signals that would end the process, held back while it must not stop half way: it notices them where it can stop
/// and clears up behind itself.
public final class Interruption {
  /// Whether a signal came.
  public private(set) var wasAsked = false
  private var descriptor: Int32 = -1

  /// Holds nothing back yet.
  public init() {}

  /// Holds SIGINT, SIGTERM, SIGHUP and SIGQUIT back from now on, until the process ends.
  public func begin() {
    guard descriptor < 0 else { return }
    var previous = sigset_t()
    descriptor = lockwise_hold_signals(&previous)
  }

  /// Whether a signal came since the last call. What is done to clear up can be interrupted by another one only.
  @discardableResult
  public func take() -> Bool {
    guard descriptor >= 0 else { return false }
    var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&event, 1, 0) == 1 else { return false }
    // A struct signalfd_siginfo has 128 bytes (signalfd(2)).
    var information = [UInt8](repeating: 0, count: 128)
    guard read(descriptor, &information, information.count) == information.count else { return false }
    wasAsked = true
    return true
  }

  /// Waits until the time is over, or there is something to read.
  ///
  /// - Parameters:
  ///   - milliseconds: how long; -1 for ever.
  ///   - input: a descriptor to be read from.
  /// - Throws: `PromptError.cancelled` if a signal came.
  public func wait(milliseconds: Int32, input: Int32 = -1) throws {
    // poll(2) passes over negative descriptors.
    var events = [descriptor, input].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = FileDescriptor.retrying { poll(&events, 2, milliseconds) }
    if take() { throw PromptError.cancelled }
  }
}
