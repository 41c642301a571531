import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete records of a collection on all devices.",
    discussion: """
      Replaces each record with a tombstone, which tells the account's other clients to delete it. A record that another \
      client changed meanwhile is not deleted. Logins are deleted in the vault and uploaded, like push.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Remove the records from the server only, without tombstones.")
  var hard = false

  @OptionGroup var force: ForceOption
  @OptionGroup var name: CollectionArgument

  @Argument(help: ArgumentHelp("The records' ids.", valueName: "id"))
  var ids: [RecordID]

  func validate() throws {
    if hard, name.collection == "passwords" {
      throw ValidationError("--hard cannot be used for passwords: devices that have the login would keep it")
    }
    if !hard, force.force, RawCipher.foundations.contains(name.collection) {
      throw ValidationError("records of meta and crypto cannot have tombstones: use --hard")
    }
  }

  func run() throws {
    try force.check(name.collection)
    let context = try SyncContext(common)
    let ids = ids.map(\.text)
    if name.collection == "passwords" {
      try LoginWriter(context: context).delete(ids)
      return
    }
    let session = try StorageSession(context)
    let cipher = try session.cipher(for: name.collection, session.times())
    let writer = RawWriter(
      client: session.client, collection: name.collection, cipher: cipher, random: session.environment.random)
    var isComplete = true
    for id in ids {
      do {
        if hard { try writer.remove(id) } else { try writer.putTombstone(id) }
      } catch RawWriter.Refusal.missing {
        context.diagnostics.error("there is no record \(id) in \(name.collection)")
        isComplete = false
      }
    }
    if !isComplete { throw ArgumentParser.ExitCode(LockwiseCore.ExitCode.failure.rawValue) }
  }
}
