import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct InitStorageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init-storage", abstract: "Set up Sync for an account that never synced.",
    discussion: """
      Writes the records that all clients need, with new keys, if the server has no data of the account. If the command \
      is interrupted, run it again.
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    let context = try SyncContext(common)
    let session = try StorageSession(context)
    let found = try session.times()
    try StorageSetup(
      client: session.client, syncKey: session.syncKey, random: session.environment.random, documents: session.vault
    ).run(found: found)
    context.diagnostics.notice("the storage is set up; turn on Sync in Firefox, or fetch: lockwise-sync pull")
  }
}
