import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct WipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wipe", abstract: "Delete all data of the account on the Sync server.",
    discussion: """
      Asks for the account's e-mail address first. Devices keep their data, and the next one that syncs uploads it again. \
      The vault's logins stay.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var confirm: ConfirmOption

  func run() throws {
    let context = try SyncContext(common)
    let session = try StorageSession(context)
    let times = try session.times()
    let count = Quantity.of(try session.client.collectionCounts().values.reduce(0, +), "record")
    let collections = Quantity.of(times.collections.count, "collection")
    let email = session.account.name
    let confirmation = try confirm.confirmation(
      of: email,
      warning: "All data of \(email) on the Sync server, \(collections) with \(count), will be deleted for good.")
    // A server that does not report the storage's time reports those of its collections.
    let time = times.lastModified ?? times.collections.values.max() ?? Timestamp(hundredths: 0)
    try session.client.deleteEverything(of: email, confirmation, unmodifiedSince: time)
    context.diagnostics.notice("deleted \(collections), \(count)")
  }
}
