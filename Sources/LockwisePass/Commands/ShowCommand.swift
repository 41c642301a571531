import LockwiseCore

/// The command `show`, also `ls`, and the one that runs if no command is named: prints an entry or a folder.
struct ShowCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, ShowRequest.options, operands: 0...)
    guard let request = ShowRequest(parsed) else { throw context.usage(nil, parsed) }
    // pass ignores further names.
    guard let name = parsed.operands.first else { return try listAll(request, parsed) }
    try TypedName.checkSneaky(name)
    let store = try PassStore(context, for: name)
    let isListing = context.command == "ls" || context.command == "list"
    let mayBeFolder = request.part == .body || request.part == .json && isListing
    switch try store.resolve(name, mayBeFolder ? .listing : .secret) {
    case .folder(let folder, let entries):
      try ListCommand(context).run(name, folder: folder, entries, as: request.form)
    // The names of `ls --json` come without secrets.
    case .login(let login) where request.part == .json && isListing:
      let entries = try store.list().entries
      let index = entries.firstIndex { $0.guid == login.guid } ?? entries.endIndex
      try ListCommand(context).run(name, folder: "", entries[index..<min(index + 1, entries.endIndex)], as: .json)
    case .login(let login):
      try EntryOutput(store, login, name).show(request)
    }
    return .success
  }

  /// Lists the whole store. pass does so even with `-c`.
  private func listAll(_ request: ShowRequest, _ parsed: GetoptArguments) throws -> ExitCode {
    switch request.part {
    case .body, .line, .json: break
    case .password, .field: throw context.usage(nil, parsed)
    }
    do {
      try ListCommand(context).run(nil, folder: "", PassStore(context).list().entries, as: request.form)
    } catch VaultError.missing {
      throw PassFailure("Error: password store is empty. Try \"\(context.program) init\".")
    }
    return .success
  }
}
