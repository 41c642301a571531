import ArgumentParser
import Glibc
import LockwiseCLI
import LockwiseCore
import LockwiseSync
import LockwiseTransfer

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write all logins with their passwords to a file.",
    discussion: """
      The file is clear text: whoever can read it has all passwords. Only you can read the new file (mode 0600), and it \
      appears when it is complete. Delete it after use, or write to a program that encrypts it: -o - for a pipe.

      With --changed, the file has only the logins that were added or changed on this machine and not uploaded. After \
      login --local, import it in Firefox: about:logins, Import from a File.
      """)

  @Option(help: ArgumentHelp("Write this format: csv (of Firefox), json or netrc.", valueName: "format"))
  var format = ExportFormat.csv

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write to this file; - is a pipe.", valueName: "file"), completion: .file())
  var output: String

  @Flag(help: "Write only the logins added or changed on this machine.")
  var changed = false

  @Flag(help: "Replace an existing file.")
  var force = false

  @OptionGroup var confirmation: YesOption

  func run() throws {
    let context = try SyncContext()
    let target = try ExportTarget(output, replaces: force)
    let vault = try context.unlockedVault(.reading)
    let changes = changed ? try vault.localChanges() : []
    let written = Set(changes.filter { $0.kind != .deleted }.map(\.guid))
    if changed, written.isEmpty { throw UserFacingError("no login was added or changed here", exitCode: .failure) }
    let count = changed ? written.count : try vault.loginCount()
    try confirmation.confirm(
      "Write \(Quantity.of(count, "password")) as clear text?", undone: "nothing was written", reviewing: nil
    ) { terminal in
      terminal?.show(
        "The file is not encrypted. Every program that you run, and whoever gets your disk or its backups, can read it."
      )
    }
    let export = try LoginExporter(format: format, target: target).write(vault) {
      !changed || written.contains($0.guid)
    }
    LoginExporter.report(export, format, to: context.diagnostics)
    let deleted = changes.filter { $0.kind == .deleted }
    if !deleted.isEmpty {
      context.diagnostics.notice(
        "the file cannot say that \(Quantity.of(deleted.count, "login was", "logins were")) deleted here")
      context.diagnostics.hint(
        "delete them in Firefox: " + deleted.map { PrintableText.of($0.name) }.joined(separator: ", "))
    }
  }
}

extension ExportFormat: ExpressibleByArgument {}
