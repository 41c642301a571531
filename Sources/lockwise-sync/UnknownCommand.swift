import ArgumentParser
import LockwiseCLI
import LockwiseCore

/// Refuses an unknown command and suggests a similar one.
enum UnknownCommand {
  /// Checks the commands of a command line.
  ///
  /// - Parameter arguments: without the program's name.
  /// - Throws: `UserFacingError`.
  static func check(_ arguments: [String]) throws {
    try check(arguments[...], of: LockwiseSyncCommand.self, path: Program.name)
  }

  private static func check(
    _ arguments: ArraySlice<String>, of command: any ParsableCommand.Type, path: String
  ) throws {
    let subcommands = command.configuration.subcommands
    guard let typed = arguments.first, !typed.hasPrefix("-"), !subcommands.isEmpty, typed != "help" else { return }
    if let known = subcommands.first(where: { $0._commandName == typed }) {
      return try check(arguments.dropFirst(), of: known, path: "\(path) \(typed)")
    }
    let nearest = NearestName.of(typed, among: subcommands.map { $0._commandName } + ["help"])
    throw UserFacingError(
      "unknown command \(typed)",
      hints: (nearest.map { ["did you mean: \(path) \($0)"] } ?? []) + ["see \(path) --help"], exitCode: .usage)
  }
}
