import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct PutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "put", abstract: "Encrypt records and write them to a collection.",
    discussion: """
      Reads JSON from standard input: one object, an array of objects, or one object a line. A record replaces the whole \
      record with the same id; a record without an id gets a new one. Prints the ids of the written records, one a line. \
      A record that another client changed meanwhile is not overwritten. Logins are stored in the vault and uploaded, \
      like push.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Fail if a record already exists.")
  var create = false

  @Flag(help: "Fail if a record does not exist.")
  var replace = false

  @OptionGroup var force: ForceOption
  @OptionGroup var name: CollectionArgument

  @Argument(help: ArgumentHelp("The record's id, if there is only one.", valueName: "id"))
  var id: RecordID?

  func validate() throws {
    if create, replace { throw ValidationError("--create and --replace cannot be combined") }
  }

  private static let inputLimit = 1 << 30

  private var mode: RawWriter.Mode { create ? .create : replace ? .replace : .either }

  func run() throws {
    try force.check(name.collection)
    let context = try SyncContext(common)
    let records: [RawRecord]
    do {
      // Read completely before the vault is opened: the program that writes it may need the vault too.
      guard let input = FileDescriptor.readAll(0, limit: Self.inputLimit) else {
        throw UserFacingError("cannot read standard input, or it is larger than 1 GiB", exitCode: .usage)
      }
      records = try RawInput.records(input, id: id?.text)
    } catch let error as RawInputError {
      throw UserFacingError("\(error); nothing was written", exitCode: .usage)
    }
    if name.collection == "passwords" {
      try LoginWriter(context: context).put(records, mode)
      return
    }
    let session = try StorageSession(context)
    let cipher = try session.cipher(for: name.collection, session.times())
    let writer = RawWriter(
      client: session.client, collection: name.collection, cipher: cipher, random: session.environment.random)
    let refused: [String: String]
    do {
      refused = try writer.put(records, mode) { ids in
        for id in ids { try StandardOutput.write(SecretBytes(utf8: id + "\n")) }
      }
    } catch let refusal as RawWriter.Refusal {
      throw UserFacingError(refusal, in: name.collection)
    }
    for (id, reason) in refused.sorted(by: { $0.key < $1.key }) {
      context.diagnostics.error("the server did not accept \(name.collection) \(id): \(reason)")
    }
    if !refused.isEmpty { throw ArgumentParser.ExitCode(LockwiseCore.ExitCode.serverState.rawValue) }
  }
}
