import LockwiseCore

/// A sub-command of the program.
protocol PassCommand {
  /// Makes the command.
  ///
  /// - Parameter context: the run; `PassContext.command` is the command as it was typed.
  init(_ context: PassContext)

  /// Runs the command.
  ///
  /// - Parameter arguments: the arguments after the command's name.
  /// - Throws: `PassFailure`; any error that converts to `UserFacingError`.
  func run(_ arguments: [String]) throws -> ExitCode
}
