import CLinux
import Glibc
import LockwiseCore

extension ChildProcess {
  /// What becomes of the standard error of a program.
  public enum Errors: Sendable {
    /// It is this program's.
    case shown
    /// It is `/dev/null`.
    case discarded
    /// It is part of the output.
    case collected
  }

  /// Runs a program to its end and returns its standard output.
  ///
  /// - Parameters:
  ///   - input: its standard input, which no other process sees; `nil` means `/dev/null`.
  ///   - folder: the folder in which it runs.
  ///   - limit: the maximum length of its output in bytes.
  ///   - timeout: the time after which it is killed; `nil` waits without limit.
  /// - Returns: its output.
  /// - Throws: `Failure`. It is `Failure.failed` without a status after a timeout.
  public static func output(
    of program: String, _ arguments: [String], environment: Environment, input: SecretBytes? = nil,
    in folder: Folder = .root, limit: Int = 65536, timeout: Milliseconds? = nil
  ) throws -> SecretBytes {
    let (ending, output) = try exchange(
      with: program, arguments, environment: environment, input: input, in: folder, limit: limit, timeout: timeout)
    guard ending == .exited(0) else { throw Failure.failed(program: program, status: ending?.status) }
    return output
  }

  /// Runs a program to its end, whatever its status, and returns its end and its standard output.
  ///
  /// - Parameters:
  ///   - program, arguments, environment, input, folder, limit, timeout: as for `output`.
  ///   - errors: what becomes of its standard error.
  ///   - detached: whether it gets its own session, so that it has no terminal.
  /// - Returns: its end, `nil` if it was killed because the time was over; and its output.
  /// - Throws: `Failure.notFound`, `Failure.notStarted`, `Failure.tooMuchOutput`; `Failure.failed` if the time was over
  ///   before the output was complete.
  public static func exchange(
    with program: String, _ arguments: [String], environment: Environment,
    input: SecretBytes? = nil, errors: Errors = .shown, in folder: Folder = .root, detached: Bool = false,
    limit: Int = 65536, timeout: Milliseconds? = nil
  ) throws -> (ending: Ending?, output: SecretBytes) {
    var transfer = try PipeTransfer(program, input: input, limit: limit)
    var streams = transfer.streams
    switch errors {
    case .shown: break
    case .discarded: streams.error = .null
    case .collected: streams.error = streams.output
    }
    let pid: pid_t
    do {
      pid = try start(
        program, arguments, environment: environment, streams: streams, in: folder, detached: detached)
    } catch {
      transfer.close()
      throw error
    }
    let deadline = timeout.map { .monotonic() + $0 }
    let output = transfer.run(until: deadline)
    transfer.close()
    let ending = if let deadline { end(pid, by: deadline) } else { wait(pid) }
    guard let output else {
      if let deadline, .monotonic() >= deadline { throw Failure.failed(program: program, status: nil) }
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
  /// - Throws: `Failure.notFound` or `Failure.notStarted`; `Failure.failed` if its end is not known.
  public static func run(
    _ program: String, _ arguments: [String], environment: Environment, input: SecretBytes? = nil,
    streams: Streams = .inherited, in folder: Folder = .root
  ) throws -> Ending {
    guard let input else {
      let pid = try start(program, arguments, environment: environment, streams: streams, in: folder)
      return try ending(of: pid, program)
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
    return try ending(of: pid, program)
  }

  private static func ending(of pid: pid_t, _ program: String) throws -> Ending {
    guard let ending = wait(pid) else { throw Failure.failed(program: program, status: nil) }
    return ending
  }
}
