import LockwiseCore

/// Saves an entry.
struct InsertCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    throw UserFacingError("\(context.command) does not work yet", exitCode: .failure)
  }
}
