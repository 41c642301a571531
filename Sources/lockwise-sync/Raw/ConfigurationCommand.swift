import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct ConfigurationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "configuration", abstract: "Show the limits of the Sync server.",
    discussion: """
      Prints the limits under the server's own names. Prints nothing for an old server that reports none.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var output: FormatOption

  func run() throws {
    let limits = try StorageSession(SyncContext(common)).ask { try $0.configuration().json }
    let members = try JSONValue(parsing: limits).object?.members ?? []
    try output.print(
      columns: ["name", "value"],
      members.map { member in
        let value = member.value.raw.exposedText() ?? ""
        return OutputRow([("name", member.name, nil), ("value", value, value)])
      })
  }
}
