import LockwiseCLI
import LockwiseCore

/// The command `version`. Scripts take a text with pass's title for the real pass, which has files.
struct VersionCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let libraries = "\(CryptoLibrary.version), \(VaultFile.libraryVersion)"
    try context.out("lockwise-pass \(Version.current) (\(libraries))\n")
    return .success
  }
}
