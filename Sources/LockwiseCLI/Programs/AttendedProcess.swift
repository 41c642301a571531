import CLinux
import Glibc
import LockwiseCore

/// A program at this program's terminal, such as an editor, after which something must be cleaned up.
///
/// The program is in the foreground and reads the terminal. A signal of the terminal, such as Ctrl-C, reaches it as
/// well, and it decides what follows. Any other signal that would end this process is passed on to the program.
public struct AttendedProcess {
  /// The result of a run.
  public struct Outcome: Equatable, Sendable {
    /// The program's end; `nil` if it still runs after a signal that was passed on.
    public let ending: ChildProcess.Ending?
    /// The signal that was passed on. This process ends by it after it has cleaned up.
    public let signal: Interruption.Signal?
  }

  /// The time that a program has to end after a signal.
  private static let grace: Milliseconds = 1000
  /// The time between two checks where the kernel cannot report the end of a process, milliseconds.
  private static let pause: Int32 = 20

  private let pid: pid_t
  private let interruption: Interruption

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - program: the program's name or absolute path.
  ///   - arguments: the arguments without the program's name.
  ///   - environment: the program's whole environment.
  ///   - folder: the folder in which it runs.
  ///   - interruption: blocks the signals. It has begun before whatever is cleaned up was made.
  /// - Throws: `ChildProcess.Failure.notFound` or `ChildProcess.Failure.notStarted`.
  public static func run(
    _ program: String, _ arguments: [String], environment: Environment, in folder: ChildProcess.Folder,
    interruption: Interruption
  ) throws -> Outcome {
    let pid = try ChildProcess.start(
      program, arguments, environment: environment, streams: .inherited, in: folder)
    return AttendedProcess(pid: pid, interruption: interruption).attend()
  }

  private func attend() -> Outcome {
    let process = lockwise_open_process(pid)
    defer { if process >= 0 { close(process) } }
    while true {
      if let ending = ChildProcess.wait(pid, until: 0) { return Outcome(ending: ending, signal: nil) }
      // poll(2) ignores negative descriptors.
      var events = [interruption.descriptor, process].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = FileDescriptor.retrying { poll(&events, 2, process >= 0 ? -1 : Self.pause) }
      guard interruption.consume(), let signal = interruption.last else { continue }
      guard !signal.isKey else { continue }
      // A shell that waits for an editor does not pass the signal on.
      for process in Self.descendants(of: pid) + [pid] { kill(process, signal.number) }
      let ending = ChildProcess.wait(pid, until: .monotonic() + Self.grace)
      return Outcome(ending: ending, signal: signal)
    }
  }

  /// Returns the processes that a process has started, and those that they have started (proc(5),
  /// `/proc/pid/task/tid/children`); none if the kernel does not list them.
  private static func descendants(of pid: pid_t) -> [pid_t] {
    let list = lockwise_open("/proc/\(pid)/task/\(pid)/children", O_RDONLY | O_CLOEXEC, 0)
    guard list >= 0 else { return [] }
    defer { close(list) }
    let text = FileDescriptor.readAll(list, limit: 65536)?.exposedText() ?? ""
    let children = text.split(separator: " ").compactMap { pid_t($0) }
    return children.flatMap { descendants(of: $0) } + children
  }
}
