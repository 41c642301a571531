import ArgumentParser
import LockwiseCore
import LockwiseSync

struct InitStorageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init-storage", abstract: "Set up the Sync storage of an account that never synced.",
    discussion: """
      Writes what the account's clients rest on, with new keys, and only if the server has nothing at all of the account.
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    let context = try SyncContext(common)
    let session = try StorageSession(context)
    let found = try session.times()
    try StorageSetup(client: session.client, syncKey: session.syncKey, random: session.environment.random)
      .run(found: found)
    context.diagnostics.notice("the storage is set up; switch Sync on in Firefox, or fetch: lockwise-sync pull")
  }
}
