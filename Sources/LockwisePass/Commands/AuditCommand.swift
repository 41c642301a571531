import LockwiseCore

/// Reports weak, reused and old passwords.
struct AuditCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    throw UserFacingError("\(context.command) does not work yet", exitCode: .failure)
  }
}
