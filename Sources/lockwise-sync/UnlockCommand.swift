import ArgumentParser
import LockwiseCore

struct UnlockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock", abstract: "Unlock the vault for a while.",
    discussion: """
      The keys are kept in the kernel's keyring until LOCKWISE_UNLOCK_TIME seconds (3600 if not set) after their last use. \
      Asks through pinentry where it can, else at the terminal.
      """)

  func run() throws {
    let context = try SyncContext()
    let vault = try context.unlockedVault(.reading)
    let session = context.session(of: vault.file)
    guard context.configuration.seconds("LOCKWISE_UNLOCK_TIME", fallback: 1) > 0 else {
      throw Explained(
        "LOCKWISE_UNLOCK_TIME is 0: the keys are kept for no time at all", exit: .locked)
    }
    guard session.isOpen else {
      throw Explained(
        "this system has no kernel keyring to keep the keys in",
        hints: ["use a key file or a passphrase command: lockwise-sync login --key-file"], exit: .locked)
    }
  }
}

struct LockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Forget the vault's keys now.",
    discussion: """
      A vault that unlocks with a key file or a command unlocks itself again when it is needed.
      """)

  func run() throws {
    let context = try SyncContext()
    let file = try VaultFile(in: context.directory, access: .reading)
    context.session(of: file).clear()
  }
}
