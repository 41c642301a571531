import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct DeleteCollectionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete-collection", abstract: "Delete a whole collection from the Sync server.",
    discussion: """
      Asks for the collection's name first. Devices that have its records keep them and may upload them again. The \
      vault's logins stay.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var confirm: ConfirmOption
  @OptionGroup var force: ForceOption
  @OptionGroup var name: CollectionArgument

  func run() throws {
    try force.check(name.collection)
    let context = try SyncContext(common)
    let session = try StorageSession(context)
    let collection = name.collection
    guard let time = try session.times().collections[collection] else {
      throw UserFacingError(
        "the server has no collection \(collection)", hints: ["see what it has: lockwise-sync collections"],
        exitCode: .failure)
    }
    let count = Quantity.of(try session.client.collectionCounts()[collection] ?? 0, "record")
    let confirmation = try confirm.confirmation(
      of: collection, warning: "\(collection) of \(session.account.name), \(count), will be deleted for good.")
    try session.client.deleteCollection(collection, confirmation, unmodifiedSince: time)
    context.diagnostics.notice("deleted \(collection), \(count)")
  }
}
