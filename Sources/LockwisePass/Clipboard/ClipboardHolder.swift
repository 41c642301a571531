import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The process that waits while a secret is in the clipboard, and then empties it.
///
/// It is a new run of this program, so that it has neither the vault nor its keys, in a session of its own. The secret
/// goes through a pipe from the run that read it straight to the clipboard's program; this process never sees it.
struct ClipboardHolder {
  /// What the process reports to the run that copies, one byte on standard output. Its end without a report means that
  /// nothing was copied.
  static let copied = UInt8(ascii: "c")

  /// The time that a program has to show that it works after it has read the secret.
  private static let trial: Milliseconds = 100
  /// The longest time for it to read the secret, and then to end.
  private static let longestStart: Milliseconds = 10_000
  private static let longestEnd: Milliseconds = 1000
  /// The longest time from then on for which an unknown program may run and have set the clipboard only.
  private static let longestSetting: Milliseconds = 3000

  private let order: ClipboardOrder
  private let environment: Environment
  private let interruption = Interruption()

  /// Runs the process if the command line asks for it.
  ///
  /// - Parameter arguments: the arguments with the program's name in front.
  /// - Returns: the exit status; `nil` if this is an ordinary run.
  static func run(_ arguments: [String], _ environment: Environment) -> ExitCode? {
    guard arguments.first == ClipboardOrder.processName else { return nil }
    guard let order = ClipboardOrder(arguments) else { return .usage }
    // Whoever started the run that copied may wait for the end of a pipe that it handed on.
    lockwise_close_from(3)
    return ClipboardHolder(order: order, environment: environment).run() ? .success : .failure
  }

  private init(order: ClipboardOrder, environment: Environment) {
    self.order = order
    self.environment = environment
  }

  private func run() -> Bool {
    interruption.begin()
    switch order.way {
    case .program(let program): return hold(program)
    // The run that copied has filled the clipboard itself.
    case .later(let program): return awaitTurn() ? empty(with: program) : true
    case .terminal(let terminal):
      return awaitTurn() ? terminal.clearing.withUnsafeBytes { FileDescriptor.writeAll(1, $0) } : true
    }
  }

  private func hold(_ program: ClipboardProgram) -> Bool {
    let files = program.kind == .filingHolder ? ClipboardFiles(environment) : nil
    var wasEnded = false
    defer { files?.remove(wasEnded: wasEnded) }
    guard
      let pid = try? ChildProcess.start(
        program.name, program.arguments, environment: files?.environment ?? environment,
        streams: .init(input: .inherited, error: .null))
    else { return false }
    let start = awaitStart(of: pid)
    files?.recordNew()
    switch start {
    case .failed:
      wasEnded = true
      return false
    case .running:
      report()
      let began = Milliseconds.monotonic()
      wasEnded = wait(for: pid)
      // A slow program that only sets the clipboard, also one that the time ended. One that holds the clipboard longer was
      // replaced by another copy.
      let isSetter =
        program.kind == .setter
        || program.kind == .unknown && (wasEnded || Milliseconds.monotonic() - began < Self.longestSetting)
      guard isSetter else { return true }
    case .ended:
      report()
      guard program.kind == .setter || program.kind == .unknown else { return true }
    }
    return awaitTurn() ? empty(with: program) : true
  }

  /// The state of a program after its trial.
  private enum Start {
    case running
    case ended
    case failed
  }

  /// Waits until the program has read the secret and has had time to fail.
  private func awaitStart(of pid: pid_t) -> Start {
    let began = Milliseconds.monotonic()
    var deadline: Milliseconds?
    while true {
      if let ending = ChildProcess.wait(pid, until: 0) {
        return ending.isSuccess ? .ended : .failed
      }
      let now = Milliseconds.monotonic()
      if deadline == nil, Self.isRead { deadline = now + Self.trial }
      if let deadline, now >= deadline { return .running }
      guard now - began < Self.longestStart, !interruption.consume() else {
        kill(pid, SIGKILL)
        _ = ChildProcess.wait(pid)
        return .failed
      }
      usleep(2000)
    }
  }

  /// Whether everything that will come through the pipe at standard input was read by the program, which shares it.
  private static var isRead: Bool {
    var event = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return poll(&event, 1, 0) == 1 && event.revents & Int16(POLLHUP) != 0 && event.revents & Int16(POLLIN) == 0
  }

  /// Lets the run that copied go on. Nothing of it stays open here.
  private func report() {
    var byte = Self.copied
    _ = write(1, &byte, 1)
    let null = lockwise_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
    for descriptor in Int32(0)...1 { dup2(null, descriptor) }
    close(null)
  }

  /// Waits for the end of a program, which another copy causes, and ends it when the time is over.
  ///
  /// - Returns: whether it was ended.
  private func wait(for pid: pid_t) -> Bool {
    let process = lockwise_open_process(pid)
    defer { if process >= 0 { close(process) } }
    let deadline = Milliseconds.monotonic() + order.time
    while true {
      if ChildProcess.wait(pid, until: 0) != nil { return false }
      let left = deadline - Milliseconds.monotonic()
      guard left > 0 else { break }
      let step = process >= 0 ? left : min(left, 200)
      guard (try? interruption.wait(milliseconds: Int32(clamping: step.rawValue), input: process)) != nil else { break }
    }
    kill(pid, SIGTERM)
    ChildProcess.end(pid, by: Milliseconds.monotonic() + Self.longestEnd)
    return true
  }

  /// Waits for the time of the copy, less if a signal comes.
  ///
  /// - Returns: whether this process is to empty the clipboard: no other waits since a later copy.
  private func awaitTurn() -> Bool {
    let deadline = order.start + order.time
    while true {
      let left = deadline - Milliseconds.monotonic()
      guard left > 0, (try? interruption.wait(milliseconds: Int32(clamping: left.rawValue))) != nil else { break }
    }
    return !ClipboardRivals.exists(for: order)
  }

  private func empty(with program: ClipboardProgram) -> Bool {
    guard
      let pid = try? ChildProcess.start(
        program.name, program.arguments, environment: environment, streams: .init(error: .null))
    else { return false }
    // A program that stays has emptied the clipboard as well, and its end empties it again.
    return ChildProcess.end(pid, by: Milliseconds.monotonic() + Self.longestEnd)?.isSuccess ?? true
  }
}
