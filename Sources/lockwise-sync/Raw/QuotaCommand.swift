import ArgumentParser
import LockwiseCore
import LockwiseSync

struct QuotaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quota", abstract: "Show how much is stored on the Sync server, and how much may be.",
    discussion: """
      Both in kilobytes. Most servers have no limit; then the second is missing, in JSON null.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var output: FormatOption

  func run() throws {
    let quota = try StorageSession(SyncContext(common)).ask { try $0.quota() }
    try output.print(
      columns: ["used", "allowed"],
      [
        OutputRow([
          ("used", quota.used, quota.used), ("allowed", quota.allowed ?? "", quota.allowed ?? "null"),
        ])
      ])
  }
}
