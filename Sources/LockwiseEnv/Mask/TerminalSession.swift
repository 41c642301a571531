import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// A command with a pseudo-terminal as its controlling terminal, below a ``TerminalMonitor``.
///
/// While the command is in the foreground, the user's terminal is raw and its keys go to the pseudo-terminal, which makes
/// signals of them. In the background the user's terminal is left as it is. There the command begins if this process is in
/// the background, or part of a pipeline, whose other commands may need the terminal; it comes to the foreground when it
/// needs the terminal itself (SIGTTIN, SIGTTOU). sudo's `use_pty` does the same.
final class TerminalSession: MaskedSession {
  private(set) var ending: ChildProcess.Ending?
  private(set) var startFailure: Int32?
  private(set) var channels: [MaskChannel] = []
  private let streams: StandardStreams
  private let signals: ReceivedSignals
  private let terminal = UserTerminal()
  private let output: Int32
  private var master: Int32
  private var monitor: pid_t = 0
  private var requests: Int32 = -1
  private var reports: Int32 = -1
  private var isForeground = false
  private var hasSettings = true
  /// Keys that were read and not yet passed on.
  private let keys = WipedArray<UInt8>()
  private let input = WipedArray<UInt8>()

  private static let keyCount = 1024

  /// Starts a command.
  ///
  /// - Throws: `UserFacingError`.
  init(_ command: PreparedCommand, _ streams: StandardStreams, _ signals: ReceivedSignals) throws {
    self.streams = streams
    self.signals = signals
    output = streams.isTerminal[1] ? 1 : 2
    input.append(repeating: 0, count: Self.keyCount)
    var slave: Int32 = -1
    master = lockwise_open_pseudo_terminal(&slave)
    guard master >= 0 else {
      throw UserFacingError("cannot open a pseudo-terminal: \(String(cString: strerror(errno)))", exitCode: .failure)
    }
    let pipes = try OutputPipes(streams)
    let (request, report) = (try OutputPipes.makePipe(), try OutputPipes.makePipe())
    let isOurs = terminal.isForeground || terminal.descriptor < 0
    hasSettings = isOurs
    terminal.copySettings(to: slave, fallback: output, isEdited: !isOurs)
    isForeground = isOurs && !streams.isPipeline
    channels = [MaskChannel(source: master, target: output, isTerminal: true)] + pipes.channels
    monitor = lockwise_fork()
    guard monitor >= 0 else { throw OutputPipes.failure() }
    if monitor == 0 {
      for descriptor in [master, request.write, report.read] { close(descriptor) }
      pipes.closeReadEnds()
      TerminalMonitor(
        terminal: slave, userTerminal: terminal, streams: streams.isTerminal, pipes: pipes, requests: request.read,
        reports: report.write, signals: signals
      ).run(command, inForeground: isForeground)
    }
    for descriptor in [slave, request.read, report.write] { close(descriptor) }
    pipes.closeWriteEnds()
    command.closeDescriptors()
    (requests, reports) = (request.write, report.read)
    if isForeground { terminal.makeRaw() }
  }

  var events: [pollfd] {
    let readsKeys = isForeground && terminal.isRaw && keys.count == 0
    return [
      pollfd(fd: reports, events: Int16(POLLIN), revents: 0),
      pollfd(fd: readsKeys ? terminal.descriptor : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: keys.count > 0 ? master : -1, events: Int16(POLLOUT), revents: 0),
    ]
  }

  func proceed(_ events: [pollfd], flush: () -> Void) {
    if events[1].revents != 0 { readKeys() }
    if keys.count > 0 { writeKeys() }
    if events[0].revents != 0 { receiveReport(flush) }
  }

  func receive(_ signal: ReceivedSignals.Signal, flush: () -> Void) {
    switch signal.number {
    case SIGWINCH:
      terminal.copyWindowSize(to: master, fallback: output)
      if !isForeground { send(.groupSignal, SIGWINCH) }
    case SIGCONT: resume(inForeground: !streams.isPipeline || isForeground)
    case SIGINT where signal.isFromKernel && isForeground, SIGQUIT where signal.isFromKernel && isForeground,
      SIGTSTP where signal.isFromKernel && isForeground:
      if lockwise_signal_foreground(master, signal.number) != 0 { send(.groupSignal, signal.number) }
    case _ where signal.isRelayed, SIGTSTP:
      send(signal.isFromKernel ? .groupSignal : .signal, signal.number)
    default: break
    }
  }

  func finish() {
    terminal.restore()
    close(requests)
    _ = ChildProcess.wait(monitor)
  }

  private func send(_ kind: MonitorMessage.Kind, _ value: Int32 = 0) { MonitorMessage(kind, value).send(to: requests) }

  private func readKeys() {
    // Another process took the terminal while this one was stopped.
    if terminal.isOfOthers { return resume(inForeground: false) }
    let count = FileDescriptor.retrying { read(terminal.descriptor, input.elements.baseAddress, input.count) }
    if count > 0 {
      keys.append(UnsafeRawBufferPointer(rebasing: input.bytes[..<count]))
      return input.wipe(count)
    }
    guard count == 0 || errno != EAGAIN else { return }
    // The terminal is gone, and so is the command's.
    terminal.disconnect()
    send(.groupSignal, SIGHUP)
  }

  private func writeKeys() {
    let count = write(master, keys.bytes.baseAddress, keys.count)
    if count > 0 { keys.removeFirst(count) } else if errno != EAGAIN, errno != EINTR { keys.removeAll() }
  }

  private func receiveReport(_ flush: () -> Void) {
    guard let report = MonitorMessage.receive(from: reports) else {
      // The monitor was killed; the kernel sends SIGHUP to the command.
      if ending == nil { ending = .signalled(SIGHUP) }
      return
    }
    switch report.kind {
    case .ended: ending = ChildProcess.Ending(waitStatus: report.value)
    case .failed:
      startFailure = report.value
      if monitor > 0, ending == nil { ending = .exited(CommandStartFailure.ownStatus) }
    case .stopped: commandStopped(report.value, flush)
    case .foreground, .background, .signal, .groupSignal: break
    }
  }

  /// Gives the command the terminal if that is why it stopped, else stops as it did.
  private func commandStopped(_ number: Int32, _ flush: () -> Void) {
    let needsTerminal = number == SIGTTIN || number == SIGTTOU
    if needsTerminal, !isForeground, terminal.isForeground { return enterForeground() }
    flush()
    let wasForeground = isForeground
    terminal.restore()
    isForeground = false
    let isContinued = signals.stop(by: number, group: number != SIGSTOP)
    if needsTerminal, !isContinued, !terminal.isForeground { return endInput() }
    resume(inForeground: needsTerminal || wasForeground || !streams.isPipeline)
  }

  /// Continues the command, in the foreground if it wants to and this process is there.
  private func resume(inForeground: Bool) {
    terminal.copyWindowSize(to: master, fallback: output)
    if inForeground, terminal.isForeground { return enterForeground() }
    if isForeground, terminal.descriptor >= 0 {
      terminal.forget()
      isForeground = false
    }
    send(isForeground ? .foreground : .background)
  }

  private func enterForeground() {
    if !hasSettings { terminal.copySettings(to: master, fallback: output, isEdited: false) }
    hasSettings = true
    isForeground = true
    terminal.makeRaw()
    send(.foreground)
  }

  /// Ends the input of a command that nothing can bring to the foreground: no shell controls this process.
  private func endInput() {
    var settings = termios()
    guard tcgetattr(master, &settings) == 0 else { return }
    // VEOF is the fifth control character (asm-generic/termbits.h).
    keys.append(settings.c_cc.4)
    isForeground = true
    send(.foreground)
  }
}
