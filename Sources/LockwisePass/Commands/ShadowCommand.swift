import LockwiseCore

/// Runs a program with a folder of empty files named as the entries.
struct ShadowCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    throw UserFacingError("\(context.command) does not work yet", exitCode: .failure)
  }
}
