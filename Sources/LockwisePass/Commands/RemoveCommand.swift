import LockwiseCore

/// The command `rm`: deletes an entry, or with `--recursive` a folder.
struct RemoveCommand: PassCommand {
  private static let options: [GetoptArguments.Option] = [.init("r", "recursive"), .init("f", "force")]

  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, Self.options, operands: 1...1)
    let name = parsed.operands[0]
    try TypedName.checkSneaky(name)
    try TypedName.checkNotEmpty(name)
    let store = try PassStore(context, for: name)
    let doomed = try find(name, in: store)
    guard !doomed.isFolder || parsed.has("recursive") else {
      throw UserFacingError("cannot delete \(name): it is a folder", hint: "use --recursive", exitCode: .failure)
    }
    if !parsed.has("force") {
      try PassInput(context).confirm("Are you sure you would like to delete \(name)?")
    }
    try store.change { editor in
      try editor.transaction { editor in
        for entry in doomed.entries {
          // It may have been deleted elsewhere meanwhile.
          do { try editor.delete(guid: entry.guid) } catch LoginEditor.Failure.noSuchLogin {}
        }
      }
    }
    for entry in doomed.entries { try context.out("removed \(ShellQuoting.quote(entry.name))\n") }
    return .success
  }

  /// Finds what a name refers to: an entry, unless a slash ends the name, else a folder.
  private func find(_ name: String, in store: PassStore) throws -> (
    entries: [(name: String, guid: String)], isFolder: Bool
  ) {
    if let login = try store.login(name) {
      return ([(EntryList.Source(login).name, login.guid)], false)
    }
    let entries = try store.folder(name).entries
    guard !entries.isEmpty else { throw try store.missing(name) }
    return (entries.map { ($0.name, $0.guid) }, true)
  }
}
