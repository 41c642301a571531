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
