import LockwiseCLI
import LockwiseCore

/// The command `git`: Firefox Sync does what a git repository does for pass.
struct GitCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    switch arguments.first {
    case "pull", "push", "status":
      // Remotes, branches and options of git have no meaning here.
      return try SyncProgram.run([arguments[0]], context)
    case "init":
      guard context.helper.directory.hasVault else { throw InitCommand.notSignedIn }
      try context.out("Firefox Sync is on. The store needs no git repository.\n")
      return .success
    default:
      throw PassFailure("Error: the password store is not a git repository. Try \"\(context.program) git init\".")
    }
  }
}
