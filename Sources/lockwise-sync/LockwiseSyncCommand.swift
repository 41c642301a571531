import ArgumentParser
import LockwiseCLI
import LockwiseCore

/// The command line of `lockwise-sync`.
struct LockwiseSyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Program.name,
    abstract: "Keep the logins saved in Firefox in an encrypted vault.",
    discussion: """
      The vault is the encrypted copy on this machine that git-credential-lockwise reads. Its directory is \
      LOCKWISE_HOME, else lockwise under XDG_STATE_HOME, else ~/.local/state/lockwise.
      """,
    version: "\(Program.name) \(Version.current)",
    subcommands: [
      SetupCommand.self, UnsetupCommand.self, LoginCommand.self, PullCommand.self, PushCommand.self, StatusCommand.self,
      UnlockCommand.self, LockCommand.self,
      PassphraseCommand.self,
      SlotsCommand.self,
      DevicesCommand.self, DoctorCommand.self, CollectionsCommand.self, QuotaCommand.self, ConfigurationCommand.self,
      ImportCommand.self, ExportCommand.self, GetCommand.self, PutCommand.self, DeleteCommand.self, DeletedCommand.self,
      DeleteCollectionCommand.self,
      WipeCommand.self,
      InitStorageCommand.self, LogoutCommand.self,
    ])
}
