import ArgumentParser
import LockwiseCore

/// The command line of `lockwise-sync`.
struct LockwiseSyncCommand: ParsableCommand {
  static let name = "lockwise-sync"

  static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Keep an encrypted copy of the logins saved in Firefox.",
    discussion: """
      The copy is the vault; git-credential-lockwise answers from it. It is in LOCKWISE_HOME, else in lockwise under \
      XDG_STATE_HOME, else in ~/.local/state/lockwise.
      """,
    version: "\(name) \(Version.current)",
    subcommands: [
      LoginCommand.self, PullCommand.self, PushCommand.self, StatusCommand.self, UnlockCommand.self, LockCommand.self,
      PassphraseCommand.self,
      SlotsCommand.self,
      DevicesCommand.self, DoctorCommand.self, CollectionsCommand.self, QuotaCommand.self, ConfigurationCommand.self,
      GetCommand.self, PutCommand.self, DeleteCommand.self, DeletedCommand.self, DeleteCollectionCommand.self,
      WipeCommand.self,
      InitStorageCommand.self, LogoutCommand.self,
    ])
}

/// Options that every subcommand has.
struct CommonOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Show each request on standard error: method, address, status, time.")
  var verbose = false
}
