import Foundation

/// The end of a process.
enum Ending: Equatable, CustomStringConvertible {
  case exited(Int32)
  case killed(signal: Int32)

  /// Decodes a status of wait(2).
  init(waitStatus status: Int32) {
    self = status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: status & 0x7F)
  }

  var description: String {
    switch self {
    case .exited(let status): "exit status \(status)"
    case .killed(let signal): "killed by signal \(signal)"
    }
  }
}

/// An event that did not occur in time.
struct TimedOut: Error, CustomStringConvertible {
  let description: String
}

/// Starts processes with exactly the given arguments, environment and descriptors (posix_spawn(3)).
enum Spawn {
  /// The source or target of a standard stream of a process.
  enum Stream {
    case null
    case closed
    case descriptor(Int32)
    /// A terminal, which becomes the controlling terminal of the process's new session.
    case terminal(String)
  }

  struct Failure: Error, CustomStringConvertible {
    let program: String
    let number: Int32
    var description: String { "\(program) cannot be started: \(String(cString: strerror(number)))" }
  }

  // Held from the creation of a pipe to the start of its process, so that no other process inherits it.
  private static let lock = NSLock()

  /// Runs `body`, which creates pipes and calls `start`, exclusively.
  static func alone<Result>(_ body: () throws -> Result) rethrows -> Result {
    try lock.withLock(body)
  }

  /// Starts a process in a new session.
  static func start(
    _ program: String, _ arguments: [String], environment: [String: String],
    streams: [Stream]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in zip(Int32(0)..., streams) {
      switch stream {
      case .null: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      case .closed: posix_spawn_file_actions_addclose(&actions, number)
      case .descriptor(let source): posix_spawn_file_actions_adddup2(&actions, source, number)
      case .terminal(let path): posix_spawn_file_actions_addopen(&actions, number, path, O_RDWR, 0)
      }
    }
    // Foundation opens files without O_CLOEXEC, and a test that runs at the same time may be reading one.
    for number in Int32(streams.count)..<512 { posix_spawn_file_actions_addclose(&actions, number) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // 0x80 is POSIX_SPAWN_SETSID.
    let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | 0x80
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var pid: pid_t = 0
    var code = posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
    // A process that another thread is starting may still have a descriptor for writing to a program that was just copied.
    for _ in 0..<500 where code == ETXTBSY {
      usleep(10_000)
      code = posix_spawn(&pid, program, &actions, &attributes, &argv, &envp)
    }
    guard code == 0 else { throw Failure(program: program, number: code) }
    return pid
  }

  /// Creates a pipe that no other process inherits.
  static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { throw Failure(program: "pipe", number: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}

/// A time by which an event must occur.
struct Deadline {
  private let end: ContinuousClock.Instant

  init(seconds: Double) { end = .now + .milliseconds(Int(seconds * 1000)) }

  var isOver: Bool { ContinuousClock.now >= end }

  /// Returns the remaining time for poll(2), at most `limit`.
  func milliseconds(limit: Int32 = 50) -> Int32 {
    let left = (end - .now) / .milliseconds(1)
    return max(0, min(limit, Int32(clamping: Int(left.rounded(.up)))))
  }

  /// Checks `condition` every millisecond until it holds; returns false if it does not in time.
  func await(_ condition: () throws -> Bool) rethrows -> Bool {
    while true {
      if try condition() { return true }
      if isOver { return false }
      usleep(1000)
    }
  }
}
