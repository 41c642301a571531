import Glibc

/// A program that a test runs, without output. Foundation's Process, used by several threads, can wait forever for a
/// child that has already ended.
public final class TestProcess {
  private var pid: pid_t = 0
  private var hasEnded = false

  /// A failure to start the program.
  public struct SpawnError: Error {}

  /// Starts `arguments[0]`, a path.
  ///
  /// - Throws: `SpawnError`.
  public init(_ arguments: [String]) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0...2 as ClosedRange<Int32> {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    let strings = arguments.map { strdup($0) }
    defer { strings.forEach { free($0) } }
    guard posix_spawn(&pid, arguments[0], &actions, nil, strings + [nil], environ) == 0 else {
      throw SpawnError()
    }
  }

  /// Waits for the end, and returns whether the program succeeded.
  public func wait() -> Bool {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    hasEnded = true
    return status == 0
  }

  deinit {
    guard !hasEnded else { return }
    kill(pid, SIGKILL)
    _ = wait()
  }
}
