import CLinux
import Glibc

/// A program that a unit test runs. Foundation's Process, used by several threads, can wait forever for a child that has
/// already ended.
public final class TestProcess {
  /// The process's id.
  public private(set) var pid: pid_t = 0
  private var ended: Int32?

  /// A failure to start the program.
  public struct SpawnError: Error {}

  /// A program that has run to its end.
  public struct Ended: Sendable {
    /// The exit status, or the negative number of the signal that ended it.
    public let status: Int32
    /// What it wrote to standard output.
    public let output: [UInt8]
    /// What it wrote to standard error.
    public let errors: [UInt8]
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - arguments: the program's path, or its name in `PATH`, and its arguments.
  ///   - environment: the program's variables; `nil` for this process's.
  ///   - descriptors: standard input, output and error; `nil` for `/dev/null`.
  /// - Throws: `SpawnError`.
  public init(
    _ arguments: [String], environment: [String: String]? = nil, descriptors: [Int32?] = [nil, nil, nil]
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in zip(Int32(0)..., descriptors) {
      if let descriptor {
        posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      } else {
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      }
    }
    let strings = arguments.map { strdup($0) }
    let variables = environment.map { $0.map { strdup("\($0.key)=\($0.value)") } }
    defer { (strings + (variables ?? [])).forEach { free($0) } }
    let code =
      if let variables {
        posix_spawnp(&pid, arguments[0], &actions, nil, strings + [nil], variables + [nil])
      } else {
        posix_spawnp(&pid, arguments[0], &actions, nil, strings + [nil], lockwise_environment())
      }
    guard code == 0 else { throw SpawnError() }
  }

  /// Runs a program to its end. Its streams are files in memory, so that neither side waits for the other.
  ///
  /// - Throws: `SpawnError`.
  public static func run(
    _ arguments: [String], environment: [String: String]? = nil, input: [UInt8] = []
  ) throws -> Ended {
    let files = (0..<3).map { _ in lockwise_open_in_memory() }
    defer { files.forEach { close($0) } }
    guard !files.contains(-1), write(files[0], input, input.count) == input.count, lseek(files[0], 0, SEEK_SET) == 0
    else { throw SpawnError() }
    let status = try TestProcess(arguments, environment: environment, descriptors: files).wait()
    func content(_ file: Int32) -> [UInt8] {
      let size = Int(lseek(file, 0, SEEK_END))
      return [UInt8](unsafeUninitializedCapacity: size) { $1 = pread(file, $0.baseAddress, size, 0) }
    }
    return Ended(status: status, output: content(files[1]), errors: content(files[2]))
  }

  /// Waits for the end.
  ///
  /// - Returns: the exit status, or the negative number of the signal that ended the program.
  @discardableResult
  public func wait() -> Int32 {
    if let ended { return ended }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let result = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    ended = result
    return result
  }

  deinit {
    guard pid > 0, ended == nil else { return }
    kill(pid, SIGKILL)
    wait()
  }
}
