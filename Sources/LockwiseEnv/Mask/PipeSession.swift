import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// A command without a terminal for its output. It is a child in our process group, so that a shell's keys and signals
/// reach it as they would without us.
final class PipeSession: MaskedSession {
  private(set) var ending: ChildProcess.Ending?
  private(set) var startFailure: Int32?
  private(set) var channels: [MaskChannel] = []
  private let signals: ReceivedSignals
  private var process: pid_t = 0

  /// Starts a command.
  ///
  /// - Throws: `UserFacingError`.
  init(_ command: PreparedCommand, _ streams: StandardStreams, _ signals: ReceivedSignals) throws {
    self.signals = signals
    let pipes = try OutputPipes(streams)
    channels = pipes.channels
    let report = try OutputPipes.makePipe()
    process = lockwise_fork()
    guard process >= 0 else { throw OutputPipes.failure() }
    if process == 0 {
      pipes.install()
      CommandChild.become(command, signals, report: report.write)
    }
    pipes.closeWriteEnds()
    close(report.write)
    command.closeDescriptors()
    startFailure = CommandChild.readFailure(report.read)
    close(report.read)
  }

  var events: [pollfd] { [] }

  func proceed(_ events: [pollfd], flush: () -> Void) {}

  func receive(_ signal: ReceivedSignals.Signal, flush: () -> Void) {
    switch signal.number {
    case SIGCHLD: observe(flush)
    // Those of the kernel reach the command without us.
    case _ where signal.isRelayed && !signal.isFromKernel, SIGTSTP where !signal.isFromKernel:
      if ending == nil { kill(process, signal.number) }
    default: break
    }
  }

  func finish() {}

  /// Records the end of the command, and stops with it.
  private func observe(_ flush: () -> Void) {
    var status: Int32 = 0
    while ending == nil, waitpid(process, &status, WNOHANG | WUNTRACED) == process {
      guard lockwise_wait_stopped(status) != 0 else {
        ending = ChildProcess.Ending(waitStatus: status)
        return
      }
      flush()
      _ = signals.stop(by: lockwise_wait_stop_signal(status), group: false)
      // A shell continues the whole group, but another process may have continued this one only.
      kill(process, SIGCONT)
    }
  }
}
