import ArgumentParser
import LockwiseCore

struct UnlockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock", abstract: "Unlock the vault for a while.",
    discussion: """
      The kernel keyring keeps the keys for LOCKWISE_UNLOCK_TIME seconds (3600 if not set) after their last use by a person, \
      and for LOCKWISE_UNLOCK_MAX seconds (28800) at most. The passphrase is asked for through pinentry, else at the terminal.
      """)

  func run() throws {
    let context = try SyncContext()
    let vault = try context.unlockedVault(.reading)
    let session = context.session(of: vault.file)
    guard session.keepsKeys else {
      throw UserFacingError("LOCKWISE_UNLOCK_TIME or LOCKWISE_UNLOCK_MAX is 0: no keys are kept", exitCode: .locked)
    }
    guard !session.isOpen else { return }
    do {
      try session.save(vault)
    } catch {
      throw UserFacingError("cannot keep the keys: \(error.reason)", hints: [error.hint], exitCode: .locked)
    }
  }
}

struct LockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Lock the vault now.",
    discussion: """
      A vault that unlocks with a key file or a command unlocks itself again when it is needed.
      """)

  func run() throws {
    let context = try SyncContext()
    let file = try VaultFile(in: context.directory, access: .reading)
    context.session(of: file).clear()
  }
}
