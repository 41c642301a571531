import ArgumentParser
import LockwiseCLI
import LockwiseCore

struct UnlockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock", abstract: "Unlock the vault for a limited time.",
    discussion: """
      The vault stays unlocked for LOCKWISE_UNLOCK_TIME seconds (default: 3600) after the last use at a terminal, and for \
      LOCKWISE_UNLOCK_MAX seconds (default: 28800) at most. The kernel keyring holds the keys. pinentry asks for the \
      passphrase if it is available, otherwise the terminal does.
      """)

  func run() throws {
    let context = try SyncContext()
    let vault = try context.unlockedVault(.reading)
    let session = context.session(of: vault.file)
    guard session.keepsKeys else {
      throw UserFacingError(
        "cannot keep the vault unlocked: LOCKWISE_UNLOCK_TIME or LOCKWISE_UNLOCK_MAX is 0",
        exitCode: .locked)
    }
    guard !session.isOpen else { return }
    do {
      try session.save(vault)
    } catch {
      throw UserFacingError("cannot keep the vault unlocked: \(error.reason)", hints: [error.hint], exitCode: .locked)
    }
  }
}

struct LockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Lock the vault now.",
    discussion: """
      A vault with a key file or an unlock command unlocks itself again when it is needed.
      """)

  func run() throws {
    let context = try SyncContext()
    let file = try VaultFile(in: context.directory, access: .reading)
    context.session(of: file).clear()
  }
}
