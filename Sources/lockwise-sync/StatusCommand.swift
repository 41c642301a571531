import ArgumentParser
import LockwiseAccounts
import LockwiseCore
import LockwiseSync

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show who is signed in and how old the copy is.",
    discussion: """
      Asks nobody and sends nothing. Of a locked vault only what is not secret is shown.
      """)

  @Flag(help: "Print a JSON object.")
  var json = false

  func run() throws {
    let context = try SyncContext()
    let file = try VaultFile(in: context.directory, access: .reading)
    let status = try VaultStatus(file: file, keys: keys(file, context), context.configuration, now: context.clock.now())
    let text = json ? status.json : status.text(now: context.clock.now())
    print(text)
  }

  /// The keys without asking anybody: of the session, or by a key file. Commands are not run, for they may ask.
  private func keys(_ file: VaultFile, _ context: SyncContext) throws -> Vault? {
    let session = context.session(of: file)
    // Looking at the status must not keep the vault unlocked.
    if let keys = session.load(renewing: false) { return try file.unlock(with: keys) }
    for slot in try file.slots() {
      guard case .keyFile(let path) = slot.source, let content = try? Unlocker.readKeyFile(path) else { continue }
      do {
        return try file.unlock(slot, with: content)
      } catch VaultError.wrongKey {
        continue
      }
    }
    return nil
  }
}
