import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct CollectionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collections", abstract: "List the collections on the Sync server.",
    discussion: """
      Prints each collection's name, number of records, size in kilobytes, and time of the last change.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var output: FormatOption

  func run() throws {
    let session = try StorageSession(SyncContext(common))
    let times = try session.times().collections
    let counts = try session.client.collectionCounts()
    let usage = try session.client.collectionUsage()
    let names = Set(times.keys).union(counts.keys).union(usage.keys).sorted()
    try output.print(
      columns: ["name", "records", "kilobytes", "modified"],
      names.map { name in
        let count = String(counts[name] ?? 0)
        let size = usage[name]
        let time = times[name]
        return OutputRow([
          ("name", name, nil), ("records", count, count), ("kilobytes", size ?? "", size ?? "null"),
          ("modified", time.map { output.isForPeople ? $0.date : $0.description } ?? "", time?.description ?? "null"),
        ])
      })
  }
}
