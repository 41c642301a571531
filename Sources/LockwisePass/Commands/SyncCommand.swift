import LockwiseCLI
import LockwiseCore

/// The command `sync`: pulls, then pushes.
struct SyncCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    _ = try context.parse(arguments, [], operands: 0...0, syntax: "")
    let status = try SyncProgram.run(["pull"], context)
    return status == .success ? try SyncProgram.run(["push"], context) : status
  }
}

/// Runs of `lockwise-sync` that the user waits for.
enum SyncProgram {
  /// Runs `lockwise-sync` with the streams of this program.
  ///
  /// - Returns: its exit status.
  /// - Throws: `UserFacingError` if it cannot be run.
  static func run(_ arguments: [String], _ context: PassContext) throws -> ExitCode {
    // The upload is what was asked for, or starts a pull itself.
    context.activity.hasChanged = true
    return try context.helper.sync.runInForeground(arguments)
  }
}
