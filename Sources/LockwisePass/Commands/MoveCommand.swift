import LockwiseCore

/// Renames an entry or a folder.
struct MoveCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    throw UserFacingError("\(context.command) does not work yet", exitCode: .failure)
  }
}
