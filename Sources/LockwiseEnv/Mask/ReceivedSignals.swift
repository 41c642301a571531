import CLinux
import Glibc
import LockwiseCore

/// The signals of a process that runs a command and stays: none of them acts on it by itself, and the process reads them
/// one by one.
final class ReceivedSignals {
  /// A signal.
  struct Signal {
    /// Its number.
    let number: Int32
    /// Whether the kernel sent it, for example because of a key of the terminal, to every process in the foreground
    /// (sigaction(2), `SI_KERNEL`).
    let isFromKernel: Bool

    /// Whether it is handed on to the command.
    var isRelayed: Bool { relayed.contains(number) }
  }

  /// The signals that are handed on to the command.
  private static let relayed = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]
  /// Those that concern the command and the terminal.
  private static let own = [SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH]

  /// The descriptor that is readable when a signal was received.
  let descriptor: Int32
  private var previous = sigset_t()
  /// Signals that were read and not returned yet.
  private var postponed: [Signal] = []

  /// Blocks the signals.
  ///
  /// - Throws: `UserFacingError`.
  init() throws {
    let numbers = Self.relayed + Self.own
    descriptor = lockwise_block_signals(numbers, Int32(numbers.count), &previous)
    guard descriptor >= 0 else {
      throw UserFacingError("cannot receive signals: \(String(cString: strerror(errno)))", exitCode: .failure)
    }
  }

  /// Returns the next signal; `nil` if there is none.
  func next() -> Signal? { postponed.isEmpty ? receive() : postponed.removeFirst() }

  private func receive() -> Signal? {
    // A struct signalfd_siginfo has 128 bytes (signalfd(2)).
    var information = [UInt8](repeating: 0, count: 128)
    guard FileDescriptor.retrying({ read(descriptor, &information, information.count) }) == information.count else {
      return nil
    }
    return information.withUnsafeBytes {
      Signal(
        number: $0.loadUnaligned(fromByteOffset: 0, as: Int32.self),
        // SI_KERNEL (asm-generic/siginfo.h) at the place of ssi_code.
        isFromKernel: $0.loadUnaligned(fromByteOffset: 8, as: Int32.self) == 0x80)
    }
  }

  /// Restores the mask that this process inherited, in a child that becomes the command.
  func restore() { lockwise_set_signal_mask(&previous) }

  /// Stops this process as a signal does, and returns when it continues.
  ///
  /// - Parameter group: whether the other processes of the group get the signal too.
  /// - Returns: whether the process was stopped. A stop signal of the terminal does nothing in a group that no shell
  ///   controls (setpgid(2), "orphaned process group").
  func stop(by number: Int32, group: Bool) -> Bool {
    _ = takeContinuation()
    kill(group ? 0 : getpid(), number)
    lockwise_take_default_action(number)
    return takeContinuation()
  }

  /// Returns whether SIGCONT was received, and keeps the other signals for `next`.
  private func takeContinuation() -> Bool {
    var isContinued = false
    while let signal = receive() {
      if signal.number == SIGCONT { isContinued = true } else { postponed.append(signal) }
    }
    return isContinued
  }
}
