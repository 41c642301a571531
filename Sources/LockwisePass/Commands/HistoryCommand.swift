import LockwiseCore

/// Lists the former passwords of an entry.
struct HistoryCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    throw UserFacingError("\(context.command) does not work yet", exitCode: .failure)
  }
}
