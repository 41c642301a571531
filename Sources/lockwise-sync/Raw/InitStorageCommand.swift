import ArgumentParser
import LockwiseCore
import LockwiseSync

struct InitStorageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init-storage", abstract: "Set up the Sync storage of an account that never synced.",
    discussion: """
      Writes the records that all clients of the account need, with new keys, and only if the server has nothing of the \
      account. If it is interrupted, run it again.
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    let context = try SyncContext(common)
    let session = try StorageSession(context)
    let found = try session.times()
    try StorageSetup(
      client: session.client, syncKey: session.syncKey, random: session.environment.random, documents: session.vault
    ).run(found: found)
    context.diagnostics.notice("the storage is set up; switch Sync on in Firefox, or fetch: lockwise-sync pull")
  }
}
