import CLinux
import Glibc
import LockwiseCore

/// A running pinentry and the pipes to and from it. It ends with the object.
final class PinentrySession {
  private let pid: pid_t
  private let input: Int32
  private let output: Int32

  /// Starts a pinentry and waits for its greeting; `nil` if it does not work.
  ///
  /// - Parameters:
  ///   - program: the name or path.
  ///   - isWindow: whether it uses a window only. It then has neither the terminal nor standard error.
  init?(_ program: String, environment: Environment, isWindow: Bool) {
    guard let input = try? ChildProcess.makePipe(program) else { return nil }
    guard let output = try? ChildProcess.makePipe(program) else {
      for end in [input.read, input.write] { close(end) }
      return nil
    }
    let pid = try? ChildProcess.start(
      program, [], environment: environment,
      streams: .init(
        input: .descriptor(input.read), output: .descriptor(output.write), error: isWindow ? .null : .inherited),
      detached: isWindow)
    close(input.read)
    close(output.write)
    // A failing initializer of a class runs `deinit` only after every member is set.
    self.pid = pid ?? 0
    self.input = input.write
    self.output = output.read
    guard pid != nil, case .ok = Assuan.readAnswer(from: output.read) else { return nil }
  }

  deinit {
    if pid > 0 { send("BYE") }
    close(input)
    close(output)
    if pid > 0 { ChildProcess.end(pid, by: .monotonic() + 1000) }
  }

  /// Sends a command and returns the response; `nil` if pinentry ended.
  func perform(_ command: String) -> Assuan.Answer? {
    send(command)
    return Assuan.readAnswer(from: output)
  }

  /// Sends a command whose response comes when the user closes the window, and waits for it.
  ///
  /// - Parameter interruption: ends the wait, and pinentry.
  /// - Throws: `PromptError.cancelled` if a signal was received.
  func perform(_ command: String, until interruption: Interruption) throws {
    send(command)
    do {
      try interruption.wait(milliseconds: -1, input: output)
    } catch {
      // Pinentry reads no command while its window is open.
      kill(pid, SIGTERM)
      throw error
    }
  }

  private func send(_ command: String) {
    var line = command.filter { !$0.isNewline } + "\n"
    line.withUTF8 { _ = write(input, $0.baseAddress, $0.count) }
  }
}
