import CLinux
import Glibc
import LockwiseCore

/// Blocks signals that would end the process during work that must not stop half way. The process checks for them where
/// it can stop and clean up.
public final class Interruption {
  /// A signal that was received.
  public struct Signal: Equatable, Sendable {
    /// Its number.
    let number: Int32
    /// Whether the terminal sent it, to every process in the foreground (sigaction(2), `SI_KERNEL`).
    let isFromTerminal: Bool

    /// Whether a key of the terminal sent it, such as Ctrl-C.
    var isKey: Bool { isFromTerminal && (number == SIGINT || number == SIGQUIT) }
  }

  /// Whether a signal was received.
  public var wasReceived: Bool { last != nil }
  /// The last signal that was received.
  private(set) var last: Signal?
  /// The descriptor that is readable when a signal was received; -1 while none is blocked.
  private(set) var descriptor: Int32 = -1
  private var previous = sigset_t()

  /// Makes an object that does not block signals yet.
  public init() {}

  /// Blocks SIGINT, SIGTERM, SIGHUP and SIGQUIT until `end` or the end of the process.
  public func begin() {
    guard descriptor < 0 else { return }
    descriptor = lockwise_hold_signals(&previous)
  }

  /// Lets signals through again. One that was received since the last check ends the process.
  func end() {
    lockwise_release_signals(descriptor, &previous)
    descriptor = -1
  }

  /// Ends the process by a signal that was received, after its work was cleaned up, so that its parent learns of it.
  private func endProcess(by signal: Signal) -> Never {
    Glibc.signal(signal.number, SIG_DFL)
    end()
    raise(signal.number)
    exit(ChildProcess.Ending.signalled(signal.number).shellStatus)
  }

  /// Lets signals through again, and ends the process by one that was received and not sent by the terminal's keys.
  public func endReceived() {
    if let last, !last.isKey { endProcess(by: last) }
    end()
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
    last = information.withUnsafeBytes {
      Signal(
        number: $0.loadUnaligned(fromByteOffset: 0, as: Int32.self),
        // SI_KERNEL (asm-generic/siginfo.h) at the place of ssi_code.
        isFromTerminal: $0.loadUnaligned(fromByteOffset: 8, as: Int32.self) == 0x80)
    }
    return true
  }
}
