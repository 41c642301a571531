import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The process between the masking process and a command at a pseudo-terminal. It leads the session of that terminal, and
/// is the parent of the command, which is a process group of its own: the kernel stops only groups that have a parent in
/// their session (setpgid(2), "orphaned process group").
struct TerminalMonitor {
  /// The pseudo-terminal.
  let terminal: Int32
  /// The user's terminal.
  let userTerminal: UserTerminal
  /// The streams that are terminals.
  let streams: [Bool]
  /// The pipes of the other outputs.
  let pipes: OutputPipes
  /// Where messages come from.
  let requests: Int32
  /// Where messages go to.
  let reports: Int32
  /// The signals, all of which the monitor only reads.
  let signals: ReceivedSignals

  /// Runs the command, in a child of the masking process, until the command has ended and the masking process closes its
  /// end of the pipe, or was killed.
  func run(_ command: PreparedCommand, inForeground: Bool) -> Never {
    setsid()
    _ = lockwise_set_controlling_terminal(terminal)
    let report: (read: Int32, write: Int32)
    do { report = try OutputPipes.makePipe() } catch {
      MonitorMessage(.failed, EMFILE).send(to: reports)
      _exit(CommandStartFailure.ownStatus)
    }
    let process = lockwise_fork()
    if process < 0 { MonitorMessage(.failed, errno).send(to: reports) }
    if process == 0 {
      enterGroup(getpid(), inForeground: inForeground)
      for (stream, isTerminal) in zip(Int32(0)..., streams) where isTerminal { dup2(terminal, stream) }
      pipes.install()
      CommandChild.become(command, signals, report: report.write)
    }
    enterGroup(process, inForeground: inForeground)
    close(report.write)
    pipes.closeWriteEnds()
    command.closeDescriptors()
    command.wipe()
    // The outer terminal and pipes must not stay open because of the monitor.
    for stream in [Int32(0), 1, 2] { dup2(terminal, stream) }
    if process > 0, let number = CommandChild.readFailure(report.read) {
      MonitorMessage(.failed, number).send(to: reports)
    }
    close(report.read)
    supervise(process)
    // The masking process has restored the terminal unless it was killed.
    userTerminal.restoreAfterKill()
    _exit(0)
  }

  /// Makes a process the leader of a group, in the foreground of the terminal if it starts there. Both the monitor and the
  /// command do so, because either may run first. SIGTTOU is blocked in both.
  private func enterGroup(_ process: pid_t, inForeground: Bool) {
    setpgid(process, process)
    if inForeground { tcsetpgrp(terminal, process) }
  }

  /// Reports stops and the end of the command, and does what the masking process asks for.
  private func supervise(_ process: pid_t) {
    var isRunning = process > 0
    while true {
      isRunning = isRunning && !reap(process)
      var events = [requests, signals.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = FileDescriptor.retrying { poll(&events, 2, -1) }
      while let _ = signals.next() {}
      guard events[0].revents != 0 else { continue }
      guard let request = MonitorMessage.receive(from: requests) else { return }
      guard isRunning else { continue }
      switch request.kind {
      case .foreground:
        tcsetpgrp(terminal, process)
        kill(-process, SIGCONT)
      case .background:
        tcsetpgrp(terminal, getpgrp())
        kill(-process, SIGCONT)
      case .signal: kill(process, request.value)
      case .groupSignal: kill(-process, request.value)
      case .stopped, .ended, .failed: break
      }
    }
  }

  /// Reports what happened to the command.
  ///
  /// - Returns: whether it has ended.
  private func reap(_ process: pid_t) -> Bool {
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG | WUNTRACED) == process {
      guard lockwise_wait_stopped(status) != 0 else {
        MonitorMessage(.ended, status).send(to: reports)
        return true
      }
      MonitorMessage(.stopped, lockwise_wait_stop_signal(status)).send(to: reports)
    }
    return false
  }
}
