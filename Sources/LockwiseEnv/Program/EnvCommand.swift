import LockwiseCore

/// A sub-command of `lockwise-env`.
protocol EnvCommand {
  /// Its command line.
  static var syntax: CommandSyntax { get }
  /// Returns what standard output gets if the command fails; `nil` for nothing.
  ///
  /// - Parameter arguments: those after the name of the sub-command, which need not be valid.
  static func failureText(_ arguments: [[UInt8]]) -> String?
  /// Returns the exit status for a failure.
  ///
  /// - Parameters:
  ///   - error: the failure.
  ///   - code: the status that it has in the suite.
  static func status(of error: any Error, _ code: ExitCode) -> Int32
  /// Makes the command.
  init(_ context: EnvContext)
  /// Runs the command.
  ///
  /// - Returns: the exit status.
  /// - Throws: any error with a text for the user, after which nothing was written.
  func run(_ arguments: ParsedArguments) throws -> ExitCode
}

extension EnvCommand {
  /// Nothing.
  static func failureText(_ arguments: [[UInt8]]) -> String? { nil }
  /// The status of the suite.
  static func status(of error: any Error, _ code: ExitCode) -> Int32 { code.rawValue }
}
