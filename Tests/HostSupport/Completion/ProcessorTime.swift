import Foundation

/// The processor time of a program, which other work on the machine hardly changes.
enum ProcessorTime {
  /// Runs a program several times without output.
  ///
  /// - Returns: the least time that a run spent in the program and in the kernel (getrusage(2)).
  /// - Throws: `Spawn.Failure`; `TimedOut` if a run does not succeed.
  static func least(
    of count: Int, _ path: String, _ arguments: [String], environment: [String: String]
  ) throws -> Duration {
    var least = Duration.seconds(3600)
    for _ in 0..<count {
      let pid = try Spawn.alone {
        try Spawn.start(path, arguments, environment: environment, streams: [.null, .null, .null])
      }
      var status: Int32 = 0
      var usage = rusage()
      guard wait4(pid, &status, 0, &usage) == pid, status == 0 else {
        throw TimedOut(description: "\(path) ended with \(Ending(waitStatus: status))")
      }
      least = min(least, duration(usage.ru_utime) + duration(usage.ru_stime))
    }
    return least
  }

  private static func duration(_ time: timeval) -> Duration {
    .seconds(time.tv_sec) + .microseconds(Int(time.tv_usec))
  }
}
