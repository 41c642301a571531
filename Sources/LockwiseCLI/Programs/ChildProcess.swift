import CLinux
import Glibc
import LockwiseCore

/// Runs other programs.
public enum ChildProcess {
  /// The reason why a program gave no usable output.
  public enum Failure: Error, Equatable, Sendable {
    /// The program is not in the folders of `PATH` (`ProgramSearch`).
    case notFound(program: String)
    /// The program could not be started.
    case notStarted(program: String, errno: Int32)
    /// The program ended with this status; `nil` if a signal ended it.
    case failed(program: String, status: Int32?)
    /// The program printed more than the limit.
    case tooMuchOutput(program: String)
  }

  /// The descriptors of a program's standard streams.
  struct Streams {
    var input: Int32?
    var output: Int32?
    var error: Int32?
  }

  /// The folder in which a program runs.
  public enum Folder: Sendable {
    /// `/`, for most programs. They must not find files of an untrusted repository by relative names.
    case root
    /// The current folder, which git needs to find the repository's settings.
    case current
  }

  /// Starts a program that `ProgramSearch` finds.
  ///
  /// - Parameters:
  ///   - program: the program's name or absolute path.
  ///   - arguments: the arguments without the program's name.
  ///   - environment: the program's whole environment.
  ///   - streams: descriptors for its standard streams. `nil` means `/dev/null` for input and output, and this
  ///     program's own for errors.
  ///   - folder: the folder in which it runs.
  ///   - detached: whether it gets its own session.
  /// - Returns: its process id.
  /// - Throws: `Failure.notFound` or `Failure.notStarted`.
  static func start(
    _ program: String, _ arguments: [String], environment: Environment, streams: Streams = Streams(),
    in folder: Folder = .root, detached: Bool = false
  ) throws -> pid_t {
    let search = ProgramSearch(environment)
    guard let path = search.find(program) else { throw Failure.notFound(program: program) }
    // The programs that it starts must not be found in the current folder either.
    let environment =
      environment.value("PATH") == search.path ? environment : environment.setting("PATH", to: search.path)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, source) in [(Int32(0), streams.input), (1, streams.output), (2, streams.error)] {
      if let source {
        posix_spawn_file_actions_adddup2(&actions, source, target)
      } else if target < 2 || detached {
        posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
      }
    }
    // This comes last, because it affects all actions after it.
    if case .root = folder { _ = lockwise_spawn_in_folder(&actions, "/") }
    var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.entries.map(copy) + [nil]
    defer { for text in argv + envp { free(text) } }
    var pid: pid_t = 0
    let code = lockwise_spawn(&pid, path, &actions, &argv, &envp, detached ? 1 : 0)
    guard code == 0 else { throw Failure.notStarted(program: program, errno: code) }
    return pid
  }

  /// Starts a program that continues after this one and is detached from its terminal.
  ///
  /// - Throws: `Failure.notFound` or `Failure.notStarted`.
  public static func launch(_ program: String, _ arguments: [String], environment: Environment) throws {
    _ = try start(program, arguments, environment: environment, detached: true)
  }

  /// Waits for a program to end.
  ///
  /// - Parameter milliseconds: the longest time to wait; `nil` waits without limit.
  /// - Returns: its exit status; `nil` if a signal ended it or the time is over.
  static func wait(_ pid: pid_t, milliseconds: Int? = nil) -> Int32? {
    var status: Int32 = 0
    var waited = 0
    while true {
      let result = waitpid(pid, &status, milliseconds == nil ? 0 : WNOHANG)
      if result == pid {
        return lockwise_wait_exited(status) != 0 ? lockwise_wait_exit_status(status) : nil
      }
      if result < 0, errno != EINTR { return nil }
      if let milliseconds {
        guard waited < milliseconds else { return nil }
        usleep(5000)
        waited += 5
      }
    }
  }

  /// Waits for a program that should end now and kills it after a timeout.
  ///
  /// - Parameter timeout: the time to wait, milliseconds.
  static func end(_ pid: pid_t, timeout: Int) {
    var status: Int32 = 0
    for _ in 0..<timeout / 5 {
      let result = waitpid(pid, &status, WNOHANG)
      if result == pid || (result < 0 && errno != EINTR) { return }
      usleep(5000)
    }
    kill(pid, SIGKILL)
    _ = FileDescriptor.retrying { waitpid(pid, &status, 0) }
  }

  /// Runs a program to its end and returns its standard output.
  ///
  /// - Parameters:
  ///   - folder: the folder in which it runs.
  ///   - limit: the maximum length of its output in bytes.
  ///   - timeout: the time after which it is killed, milliseconds; `nil` waits without limit.
  /// - Returns: its output.
  /// - Throws: `Failure`. It is `Failure.failed` without a status after a timeout.
  public static func output(
    of program: String, _ arguments: [String], environment: Environment, in folder: Folder = .root, limit: Int = 65536,
    timeout: Int? = nil
  ) throws -> SecretBytes {
    let pipe = try makePipe(program)
    let pid: pid_t
    do {
      defer { close(pipe.write) }
      pid = try start(program, arguments, environment: environment, streams: Streams(output: pipe.write), in: folder)
    } catch {
      close(pipe.read)
      throw error
    }
    let deadline = timeout.map { MonotonicClock.milliseconds + Int64($0) }
    let output = FileDescriptor.readAll(pipe.read, limit: limit, deadline: deadline)
    close(pipe.read)
    let status = if let deadline { finish(pid, deadline: deadline) } else { wait(pid) }
    guard let output else {
      if let deadline, MonotonicClock.milliseconds >= deadline { throw Failure.failed(program: program, status: nil) }
      throw Failure.tooMuchOutput(program: program)
    }
    guard status == 0 else { throw Failure.failed(program: program, status: status) }
    return output
  }

  /// Waits for a program to end, and kills it at the deadline.
  ///
  /// - Returns: its exit status; `nil` if a signal ended it.
  private static func finish(_ pid: pid_t, deadline: Int64) -> Int32? {
    var status: Int32 = 0
    while true {
      let result = waitpid(pid, &status, WNOHANG)
      if result == pid { return lockwise_wait_exited(status) != 0 ? lockwise_wait_exit_status(status) : nil }
      if result < 0, errno != EINTR { return nil }
      guard MonotonicClock.milliseconds < deadline else { break }
      usleep(100)
    }
    kill(pid, SIGKILL)
    _ = FileDescriptor.retrying { waitpid(pid, &status, 0) }
    return nil
  }

  /// A pipe whose ends are not handed on to programs that are started later (pipe2(2)).
  static func makePipe(_ program: String) throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure.notStarted(program: program, errno: errno) }
    for end in ends { _ = lockwise_set_cloexec(end, 1) }
    return (ends[0], ends[1])
  }

  private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
    let text = bytes.map(CChar.init(bitPattern:)) + [0]
    return text.withUnsafeBufferPointer { $0.baseAddress.flatMap { strdup($0) } }
  }
}
