import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseSync

struct DeletedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deleted", abstract: "List logins deleted on other devices, or restore one.",
    discussion: """
      The vault keeps such a login for 30 days. A restored login is uploaded like any other change. Passwords are not \
      shown.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Restore this login: its GUID or entry name.", valueName: "name"))
  var restore: String?

  @Flag(help: "Print a JSON array.")
  var json = false

  func validate() throws {
    if restore != nil, json { throw ValidationError("--restore and --json cannot be combined") }
  }

  func run() throws {
    let context = try SyncContext(common)
    if let restore {
      try LoginWriter(context: context).restore(restore)
      return
    }
    let now = context.clock.now()
    let deleted = try context.unlockedVault(.reading).deletedLogins().filter { $0.isKept(at: now) }
    if json {
      print("[" + deleted.map { Self.json($0).exposedText() ?? "{}" }.joined(separator: ",") + "]")
      return
    }
    let rows = deleted.map { entry in
      [
        PrintableText.of(entry.login.guid), PrintableText.of(entry.login.origin),
        PrintableText.of(entry.login.username), Age.text(now - entry.time), entry.reason,
      ]
    }
    for line in TextTable.lines(rows) { print(line) }
  }

  private static func json(_ entry: DeletedLogin) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("id", entry.login.guid)
    writer.member("hostname", entry.login.origin)
    writer.member("username", entry.login.username)
    writer.member("deleted", entry.time.rawValue)
    writer.member("reason", entry.reason)
    return writer.finish()
  }
}

extension LoginWriter {
  /// Restores a login that another client deleted, and uploads it.
  ///
  /// - Parameter name: its GUID or entry name.
  /// - Throws: `UserFacingError` if no deleted login, or several, have the name, or a login like it exists; the errors
  ///   of a push, throws, then the login is in the vault.
  func restore(_ name: String) throws {
    try change { editor in
      let now = context.clock.now()
      let deleted = try editor.deletedLogins().filter { $0.isKept(at: now) }.map(\.login)
      // A GUID is never another login's name.
      let exact = deleted.filter { $0.guid.isSameText(as: name) }
      let found = exact.isEmpty ? deleted.filter { EntryName(name).matches($0) } : exact
      guard let login = found.first else {
        throw UserFacingError(
          "no deleted login has the name \(PrintableText.of(name))", hints: ["list them: lockwise-sync deleted"],
          exitCode: .failure)
      }
      guard found.count == 1 else {
        throw UserFacingError(
          "\(found.count) deleted logins have the name \(PrintableText.of(name))",
          hints: ["name one by its GUID: " + found.map { PrintableText.of($0.guid) }.joined(separator: ", ")],
          exitCode: .failure)
      }
      do {
        try editor.restore(guid: login.guid)
      } catch LoginEditor.Failure.duplicate(let other) {
        throw UserFacingError(
          "there is a login for the same site and user name: \(PrintableText.of(other)); nothing was restored",
          hints: ["delete it first: lockwise-sync delete passwords \(PrintableText.of(other))"], exitCode: .failure
        )
      }
      try StandardOutput.write(SecretBytes(utf8: login.guid + "\n"))
      return [login.guid]
    }
  }
}

extension DeletedLogin {
  /// Whether the login can still be restored.
  fileprivate func isKept(at now: Milliseconds) -> Bool { time >= now - Self.lifetime }
}
