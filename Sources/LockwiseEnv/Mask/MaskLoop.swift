import Glibc
import LockwiseCLI
import LockwiseCore

/// Waits for the output of a command, for signals and for its end, and acts on each.
final class MaskLoop {
  private let session: any MaskedSession
  private let signals: ReceivedSignals
  private let outputs: [MaskedOutput]
  /// The signal that ends this process though the output was not written: the command has ended.
  private var isAborted = false

  /// Makes the loop of a session.
  init(_ session: any MaskedSession, _ signals: ReceivedSignals, _ patterns: MaskPatterns) {
    self.session = session
    self.signals = signals
    outputs = session.channels.map { MaskedOutput(from: $0.source, to: $0.target, patterns) }
  }

  /// The error numbers of outputs that could not be written.
  var failures: [Int32] { outputs.compactMap(\.failure) }

  /// Whether another process than the command can still write to an output.
  var isUnfinished: Bool { !isAborted && outputs.contains { !$0.isFinished } }

  /// Runs until the command has ended and everything that it wrote was read and written.
  func run() {
    while session.ending == nil { step(waits: true) }
    for output in outputs { output.beginDraining() }
    while !isAborted, outputs.contains(where: \.isBusy) {
      // What the command wrote is there and is read without waiting.
      for output in outputs { output.read() }
      step(waits: outputs.contains(where: \.isWriting))
    }
    for (output, channel) in zip(outputs, session.channels) where channel.isTerminal { output.end() }
    while !isAborted, outputs.contains(where: \.isWriting) { step(waits: true) }
  }

  /// Runs until no process can write to an output, after the end of the command.
  func runToEnd() {
    for output in outputs { output.endDraining() }
    while outputs.contains(where: { !$0.isFinished }) { wait([], milliseconds) }
  }

  private func step(waits: Bool) {
    let results = wait(session.events, waits ? milliseconds : 0)
    session.proceed(results) { flush() }
    while let signal = signals.next() {
      if session.ending != nil, signal.isRelayed { isAborted = true }
      session.receive(signal) { flush() }
    }
  }

  /// Waits for an event or the timeout, and lets the outputs proceed.
  ///
  /// - Returns: the results of the further events.
  @discardableResult
  private func wait(_ further: [pollfd], _ timeout: Int32) -> [pollfd] {
    var list = outputs.map(\.event) + further
    list.append(pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0))
    _ = FileDescriptor.retrying { poll(&list, nfds_t(list.count), timeout) }
    for (output, event) in zip(outputs, list) { output.proceed(event) }
    return Array(list.dropFirst(outputs.count).dropLast())
  }

  private var milliseconds: Int32 {
    outputs.compactMap(\.timeout).min().map { Int32(clamping: $0.rawValue + 1) } ?? -1
  }

  /// Reads and writes what the command has written so far, before this process stops.
  private func flush() {
    for output in outputs {
      var isReleased = false
      repeat {
        output.read()
        if !output.isWriting, !isReleased {
          output.release()
          isReleased = true
        }
        while output.isWriting {
          var event = [output.event]
          guard FileDescriptor.retrying({ poll(&event, 1, Self.flushTime) }) > 0 else { return }
          output.proceed(event[0])
        }
      } while output.isBusy
    }
  }

  /// The longest time that a stopped reader delays a stop, milliseconds.
  private static let flushTime: Int32 = 1000
}
