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

  /// The source or target of a standard stream.
  public enum Stream: Equatable, Sendable {
    /// `/dev/null`.
    case null
    /// The same stream of this program.
    case inherited
    /// An open descriptor.
    case descriptor(Int32)
  }

  /// The standard streams of a program.
  public struct Streams: Sendable {
    /// Standard input.
    var input: Stream
    /// Standard output.
    public var output: Stream
    /// Standard error.
    public var error: Stream

    /// Makes streams. By default only errors are shown.
    public init(input: Stream = .null, output: Stream = .null, error: Stream = .inherited) {
      self.input = input
      self.output = output
      self.error = error
    }

    /// All streams of this program, for a program that uses the terminal.
    public static var inherited: Streams { Streams(input: .inherited, output: .inherited) }
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
  ///   - name: the name by which the program is called (`argv[0]`); `program` if `nil`.
  ///   - environment: the program's whole environment.
  ///   - streams: its standard streams.
  ///   - folder: the folder in which it runs.
  ///   - detached: whether it gets its own session.
  /// - Returns: its process id.
  /// - Throws: `Failure.notFound` or `Failure.notStarted`.
  package static func start(
    _ program: String, _ arguments: [String], as name: String? = nil, environment: Environment,
    streams: Streams = Streams(), in folder: Folder = .root, detached: Bool = false
  ) throws -> pid_t {
    var pid: pid_t = 0
    try spawn(program, arguments, as: name, environment: environment, streams: streams, in: folder) {
      lockwise_spawn(&pid, $0, $1, $2, $3, detached ? 1 : 0)
    }
    return pid
  }

  /// Starts a program that is not a child of this process, in its own session and in `/`. It gets no other descriptor
  /// than its standard streams.
  ///
  /// - Parameters:
  ///   - program, arguments, environment, streams: as for `start`.
  /// - Throws: `Failure.notFound` or `Failure.notStarted`.
  static func startOrphan(
    _ program: String, _ arguments: [String], environment: Environment, streams: Streams = Streams()
  ) throws {
    try spawn(program, arguments, as: nil, environment: environment, streams: streams, in: .root) {
      lockwise_spawn_orphan($0, $1, $2, $3)
    }
  }

  /// A list of C strings that ends with `nil`.
  private typealias Texts = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  /// Calls `body` with the path, the actions, the arguments and the environment of a program.
  ///
  /// - Parameter body: starts the program and returns 0 or an error number.
  private static func spawn(
    _ program: String, _ arguments: [String], as name: String?, environment: Environment, streams: Streams,
    in folder: Folder, _ body: (String, UnsafeMutablePointer<posix_spawn_file_actions_t>, Texts, Texts) -> Int32
  ) throws {
    let search = ProgramSearch(environment)
    guard let path = search.find(program) else { throw Failure.notFound(program: program) }
    // The programs that it starts must not be found in the current folder either.
    let environment =
      environment.value("PATH") == search.path ? environment : environment.setting("PATH", to: search.path)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, stream) in [(Int32(0), streams.input), (1, streams.output), (2, streams.error)] {
      switch stream {
      case .null: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
      case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, target)
      case .inherited: break
      }
    }
    // This comes last, because it affects all actions after it.
    if case .root = folder { _ = lockwise_spawn_in_folder(&actions, "/") }
    var argv: [UnsafeMutablePointer<CChar>?] = ([name ?? program] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.entries.map(copy) + [nil]
    defer { for text in argv + envp { free(text) } }
    let code = body(path, &actions, &argv, &envp)
    guard code == 0 else { throw Failure.notStarted(program: program, errno: code) }
  }

  /// Starts a program that continues after this one and is detached from its terminal.
  ///
  /// - Throws: `Failure.notFound` or `Failure.notStarted`.
  public static func launch(_ program: String, _ arguments: [String], environment: Environment) throws {
    _ = try start(program, arguments, environment: environment, streams: Streams(error: .null), detached: true)
  }

  /// A pipe whose ends are not handed on to programs that are started later (pipe(2)). Neither end has the number of a
  /// standard stream, even if this program was started without them.
  package static func makePipe(_ program: String) throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure.notStarted(program: program, errno: errno) }
    for index in ends.indices {
      if ends[index] > 2 {
        _ = lockwise_set_cloexec(ends[index], 1)
      } else {
        let copy = lockwise_duplicate(ends[index])
        close(ends[index])
        ends[index] = copy
      }
    }
    guard ends[0] >= 0, ends[1] >= 0 else {
      for end in ends { close(end) }
      throw Failure.notStarted(program: program, errno: EMFILE)
    }
    return (ends[0], ends[1])
  }

  /// Returns a C string, which the caller frees.
  package static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
    let text = bytes.map(CChar.init(truncatingIfNeeded:)) + [0]
    return text.withUnsafeBufferPointer { $0.baseAddress.flatMap { strdup($0) } }
  }
}
