import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct QuotaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quota", abstract: "Show the used and the allowed storage.",
    discussion: """
      Prints both in kilobytes. Most servers have no limit; the second value is then empty, or null in JSON.
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
