import ArgumentParser
import LockwiseCore

/// How the vault that a sign-in makes is unlocked, and what becomes of one that is there.
struct VaultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Unlock the vault with this file instead of a passphrase; made if it does not exist.", valueName: "path"
    ))
  var keyFile: String?

  @Option(
    help: ArgumentHelp(
      "Unlock the vault with the first line that this shell command prints. It is written to the configuration file.",
      valueName: "command"))
  var passphraseCommand: String?

  @Flag(help: "If the vault belongs to another account, delete that one's logins from it.")
  var replace = false

  func validate() throws {
    if keyFile != nil, passphraseCommand != nil {
      throw ValidationError("--key-file and --passphrase-command cannot go together")
    }
  }
}
