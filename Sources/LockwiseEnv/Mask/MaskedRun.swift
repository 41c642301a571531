import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// A command whose output passes through this process, which hides the secrets in it.
struct MaskedRun {
  private let command: PreparedCommand
  private let secrets: [(name: String, value: SecretBytes)]
  private let context: EnvContext

  /// Makes a run.
  ///
  /// - Parameters:
  ///   - command: the command.
  ///   - secrets: what is hidden, with the names of the variables.
  ///   - context: for messages.
  init(_ command: PreparedCommand, secrets: [(name: String, value: SecretBytes)], _ context: EnvContext) {
    self.command = command
    self.secrets = secrets
    self.context = context
  }

  /// Runs the command to its end. Then this process ends in the same way: with its status, or by its signal.
  ///
  /// If the command has left a process that can still write to a pipe, a child of this process continues to hide secrets
  /// in what it writes.
  ///
  /// - Throws: `CommandStartFailure` or `UserFacingError` if the command could not be started.
  func perform() throws -> Never {
    let streams = StandardStreams(input: command.input)
    let signals = try ReceivedSignals()
    let session: any MaskedSession =
      streams.hasTerminalOutput
      ? try TerminalSession(command, streams, signals) : try PipeSession(command, streams, signals)
    let patterns = MaskPatterns(secrets)
    for secret in secrets { secret.value.wipe() }
    command.wipe()
    for name in patterns.shortNames {
      context.diagnostics.notice("the value of \(name) is too short to be hidden: it has fewer than 4 bytes")
    }
    let loop = MaskLoop(session, signals, patterns)
    loop.run()
    session.finish()
    for failure in loop.failures {
      context.diagnostics.error("cannot write the output: \(String(cString: strerror(failure)))")
    }
    if let number = session.startFailure {
      throw CommandStartFailure(command.arguments.first ?? [], errno: number)
    }
    if loop.isUnfinished { continueInBackground(loop, signals) }
    end(session.ending ?? .exited(CommandStartFailure.ownStatus))
  }

  /// Hides secrets in the output of processes that the command has left. Keys of the terminal do not end it.
  private func continueInBackground(_ loop: MaskLoop, _ signals: ReceivedSignals) {
    guard lockwise_fork() == 0 else { return }
    close(0)
    lockwise_release_signal(SIGTERM)
    loop.runToEnd()
    _exit(0)
  }

  /// Ends this process as the command ended. No core file is written.
  private func end(_ ending: ChildProcess.Ending) -> Never {
    if case .signalled(let number) = ending {
      _ = lockwise_no_core_dumps()
      // An ignored signal would be discarded.
      signal(number, SIG_DFL)
      kill(getpid(), number)
      lockwise_take_default_action(number)
    }
    exit(ending.shellStatus)
  }
}
