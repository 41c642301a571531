import CLinux
import Glibc
import LockwiseCore

extension ChildProcess {
  /// Runs a program to its end and returns its standard output.
  ///
  /// - Parameters:
  ///   - input: its standard input, which no other process sees; `nil` means `/dev/null`.
  ///   - folder: the folder in which it runs.
  ///   - limit: the maximum length of its output in bytes.
  ///   - timeout: the time after which it is killed, milliseconds; `nil` waits without limit.
  /// - Returns: its output.
  /// - Throws: `Failure`. It is `Failure.failed` without a status after a timeout.
  public static func output(
    of program: String, _ arguments: [String], environment: Environment, input: SecretBytes? = nil,
    in folder: Folder = .root, limit: Int = 65536, timeout: Int? = nil
  ) throws -> SecretBytes {
    let (ending, output) = try exchange(
      with: program, arguments, environment: environment, input: input, in: folder, limit: limit, timeout: timeout)
    guard ending == .exited(0) else { throw Failure.failed(program: program, status: ending?.status) }
    return output
  }

  /// Runs a program to its end, whatever its status, and returns its end and its standard output.
  ///
  /// - Parameters: as for `output`.
  /// - Returns: its end, `nil` if it was killed because the time was over; and its output.
  /// - Throws: `Failure.notFound`, `Failure.notStarted`, `Failure.tooMuchOutput`; `Failure.failed` if the time was over
  ///   before the output was complete.
  public static func exchange(
    with program: String, _ arguments: [String], environment: Environment, input: SecretBytes? = nil,
    in folder: Folder = .root, limit: Int = 65536, timeout: Int? = nil
  ) throws -> (ending: Ending?, output: SecretBytes) {
    var transfer = try PipeTransfer(program, input: input, limit: limit)
    let pid: pid_t
    do {
      pid = try start(program, arguments, environment: environment, streams: transfer.streams, in: folder)
    } catch {
      transfer.close()
      throw error
    }
    let deadline = timeout.map { MonotonicClock.milliseconds + Int64($0) }
    let output = transfer.run(until: deadline)
    transfer.close()
    let ending = if let deadline { end(pid, by: deadline) } else { wait(pid) }
    guard let output else {
      if let deadline, MonotonicClock.milliseconds >= deadline { throw Failure.failed(program: program, status: nil) }
      throw Failure.tooMuchOutput(program: program)
    }
    return (ending, output)
  }

  /// Runs a program to its end with this program's own streams.
  ///
  /// - Parameters:
  ///   - input: its standard input; `nil` means this program's.
  ///   - streams: the other streams.
  ///   - folder: the folder in which it runs.
  /// - Returns: its end.
  /// - Throws: `Failure.notFound` or `Failure.notStarted`.
  public static func run(
    _ program: String, _ arguments: [String], environment: Environment, input: SecretBytes? = nil,
    streams: Streams = .inherited, in folder: Folder = .root
  ) throws -> Ending {
    guard let input else {
      let pid = try start(program, arguments, environment: environment, streams: streams, in: folder)
      return wait(pid) ?? .exited(0)
    }
    let pipe = try makePipe(program)
    var streams = streams
    streams.input = .descriptor(pipe.read)
    let pid: pid_t
    do {
      pid = try start(program, arguments, environment: environment, streams: streams, in: folder)
    } catch {
      for end in [pipe.read, pipe.write] { close(end) }
      throw error
    }
    close(pipe.read)
    // A program may end before it has read everything. Writing then fails (`ProcessHardening`).
    input.withUnsafeBytes { _ = FileDescriptor.writeAll(pipe.write, $0) }
    close(pipe.write)
    return wait(pid) ?? .exited(0)
  }
}
