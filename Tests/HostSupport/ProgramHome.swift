import Foundation

/// A home in which programs run with one environment.
protocol ProgramHome {
  /// The environment of every process.
  var environment: [String: String] { get }
}

extension ProgramHome {
  /// Runs a program without a terminal.
  ///
  /// - Parameter variables: changes to the environment.
  func program(
    _ path: String, _ arguments: [String], input: Input = .none, with variables: [String: String] = [:],
    timeout: Double = 60
  ) throws -> Run {
    try Run.program(
      path, arguments, input: input, environment: environment.merging(variables) { $1 }, timeout: timeout)
  }
}

extension Scratch {
  /// Makes the folder `bin` with a copy of a program and a `lockwise-sync` that does nothing, so that no test reaches a
  /// server.
  ///
  /// - Returns: the folder, and an environment in which it is the first of `PATH`.
  func makeBin(_ program: String) throws -> (path: String, environment: [String: String]) {
    let bin = root + "/bin"
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: false)
    // A program next to it would be the real lockwise-sync, hence a copy.
    try Spawn.alone {
      try FileManager.default.copyItem(atPath: Executables.path(program), toPath: bin + "/" + program)
    }
    try write("#!/bin/sh\n", to: bin + "/lockwise-sync")
    let variables = ["PATH": bin + ":/usr/bin:/bin", "LOCKWISE_PULL_INTERVAL": "0", "TERM": "dumb"]
    return (bin, environment.merging(variables) { $1 })
  }
}
