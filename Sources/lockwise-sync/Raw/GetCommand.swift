import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct GetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print decrypted records of a collection.",
    discussion: """
      Prints all records, or those with the given ids. Reads page by page, so a collection may have any size. A record \
      that cannot be decrypted is reported on standard error; the others are printed and the exit status is 6.

      Times are seconds with two decimals, as the server writes them, or dates such as 2026-11-22T18:47:34Z.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var output: FormatOption

  @Flag(help: "Print encrypted records and unchanged CSV and TSV cells.")
  var raw = false

  @Flag(help: "Print only the ids.")
  var ids = false

  @Option(
    help: ArgumentHelp(
      "Print only records written after this time.",
      valueName: "time"))
  var newer: Timestamp?

  @Option(help: ArgumentHelp("Print only records written before this time.", valueName: "time"))
  var older: Timestamp?

  @Option(help: ArgumentHelp("Sort by newest, oldest or index.", valueName: "order"))
  var sort: StorageQuery.Order?

  @Option(help: ArgumentHelp("Print at most this many records.", valueName: "number"))
  var limit: Int?

  @OptionGroup var name: CollectionArgument

  @Argument(help: ArgumentHelp("The records' ids.", valueName: "id"))
  var wanted: [RecordID] = []

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
    if raw, ids { throw ValidationError("--raw and --ids cannot be combined") }
    guard wanted.isEmpty || (!ids && newer == nil && older == nil && sort == nil && limit == nil) else {
      throw ValidationError("--ids, --newer, --older, --sort and --limit cannot be combined with ids")
    }
  }

  func run() throws {
    let context = try SyncContext(common)
    let session = try StorageSession(context)
    let collection = name.collection
    let times = try session.times()
    guard times.collections[collection] != nil else {
      throw UserFacingError(
        "the server has no collection \(collection)", hints: ["see what it has: lockwise-sync collections"],
        exitCode: .failure)
    }
    let reader = RawReader(client: session.client, collection: collection)
    if ids {
      try output.print(columns: ["id"], mayHoldFormulas: raw) { rows in
        try reader.ids(query) { try rows($0.map { RecordRow.id($0) }) }
      }
      return
    }
    let cipher = raw ? nil : try session.cipher(for: collection, times)
    let row = RecordRow(cipher: cipher, isForPeople: output.isForPeople)
    var exit = LockwiseCore.ExitCode.success
    try output.print(columns: row.columns, mayHoldFormulas: raw) { rows in
      guard !wanted.isEmpty else {
        return try reader.records(query) { try rows($0.compactMap { try row.row($0) { report(&exit, context, $0) } }) }
      }
      try reader.records(ids: wanted.map(\.text)) { found, missing in
        try rows(found.compactMap { try row.row($0) { report(&exit, context, $0) } })
        for id in missing {
          context.diagnostics.error("there is no record \(id) in \(collection)")
          if exit == .success { exit = .failure }
        }
      }
    }
    if exit != .success { throw ArgumentParser.ExitCode(exit.rawValue) }
  }

  private func report(_ exit: inout LockwiseCore.ExitCode, _ context: SyncContext, _ problem: String) {
    context.diagnostics.error("\(name.collection) \(problem)")
    exit = .serverState
  }

  private var query: StorageQuery {
    var query = StorageQuery()
    query.newer = newer
    query.older = older
    query.order = sort
    query.limit = limit
    return query
  }
}

/// Turns records into rows.
struct RecordRow {
  /// The cipher; `nil` to print records as the server stores them.
  let cipher: RawCipher?
  let isForPeople: Bool

  var columns: [String] { ["id", "modified", "sortindex", cipher == nil ? "payload" : "record"] }

  /// Returns a record's row; `nil` if there is none, which is reported.
  ///
  /// - Throws: `CryptoError.unavailable` if libcrypto fails.
  func row(_ record: BSO, report: (String) -> Void) throws -> OutputRow? {
    let content: SecretBytes
    do {
      guard let opened = try cipher?.open(record) ?? record.payload else { throw RawRecordError.noPayload }
      content = opened
    } catch let error as RawRecordError {
      report("\(record.id): \(error)")
      return nil
    }
    let time = record.modified.map { isForPeople ? $0.date : $0.description } ?? ""
    let texts = [record.id, time, record.sortIndex.map { String($0) } ?? ""]
    return OutputRow(
      cells: texts.map { SecretBytes(utf8: $0) } + [content], json: cipher == nil ? record.json : content)
  }

  /// Returns the row of an id alone.
  static func id(_ id: String) -> OutputRow {
    let text = SecretBytes(utf8: id)
    return OutputRow(cells: [text], json: JSONText.string(text))
  }
}

extension Timestamp: ExpressibleByArgument {}
extension StorageQuery.Order: ExpressibleByArgument {}
