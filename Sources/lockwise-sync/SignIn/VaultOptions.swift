import ArgumentParser
import LockwiseCLI
import LockwiseCore

/// The options for the vault of a sign-in: its first slot, and whether an existing vault may be replaced.
struct VaultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Unlock the vault with this file, created if missing.", valueName: "path"
    ), completion: .file())
  var keyFile: String?

  @Option(
    help: ArgumentHelp(
      "Unlock the vault with the first line this command prints.",
      valueName: "command"))
  var passphraseCommand: String?

  @Flag(help: "Replace the logins of another account in the vault.")
  var replace = false

  func validate() throws {
    if keyFile != nil, passphraseCommand != nil {
      throw ValidationError("--key-file and --passphrase-command cannot be combined")
    }
  }
}
