import ArgumentParser
import LockwiseCLI
import LockwiseCore

struct PassphraseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passphrase", abstract: "Change the vault's passphrase.",
    discussion: """
      Asks for the present passphrase, unless a key file or the unlock command opens the vault, and then twice for the new \
      one. An unlocked vault is not enough. Earlier copies of the vault still open with the old passphrase.
      """)

  func run() throws {
    let context = try SyncContext()
    guard let terminal = TerminalPrompt() else {
      throw UserFacingError(
        "cannot ask for a new passphrase without a terminal", hints: ["run this at a terminal"], exitCode: .usage)
    }
    defer { terminal.finish() }
    let (vault, slot) = try context.authenticatedVault()
    let old = try target(slot, vault.slots().filter { $0.source == .passphrase })
    let passphrase = try PassphraseChoice(terminal, context.configuration).choose()
    try vault.replaceSlot(id: old.id, with: NewKeySlot(source: .passphrase, credential: passphrase))
    context.diagnostics.notice("changed the passphrase")
  }

  /// Returns the slot to replace: the one that the user opened, else the only one with a passphrase.
  private func target(_ slot: KeySlot, _ candidates: [KeySlot]) throws -> KeySlot {
    if slot.source == .passphrase { return slot }
    guard let first = candidates.first else {
      throw UserFacingError(
        "the vault has no passphrase", hints: ["add one: lockwise-sync slots add --passphrase"], exitCode: .failure)
    }
    guard candidates.count == 1 else {
      throw UserFacingError(
        "the vault has several passphrases",
        hints: ["add the new one, then remove the old one: lockwise-sync slots --help"], exitCode: .failure)
    }
    return first
  }
}
