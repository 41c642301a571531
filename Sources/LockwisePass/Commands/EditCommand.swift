import LockwiseCLI
import LockwiseCore

/// The command `edit`: opens an entry in the user's editor.
struct EditCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, [], operands: 1...1)
    let name = TypedName.withoutTrailingSlash(parsed.operands[0])
    try TypedName.checkSneaky(name)
    try TypedName.checkNotEmpty(name)
    let store = try PassStore(context, for: name)
    let known = try store.login(name)
    let shown = known.map { EntryBody(of: $0) }
    guard shown?.hasMultilinePassword != true else {
      throw UserFacingError(
        "cannot edit \(name): its password has several lines", hint: "show it with --json", exitCode: .failure)
    }
    let isThere = try BodyEditor(context).edit(shown?.text, called: name) { text in
      guard text != shown?.text else { throw PassFailure("Password unchanged.") }
      let edited = try EntryBody(parsing: text)
      guard edited != shown else { throw PassFailure("Password unchanged.") }
      try save(edited, over: known, called: name, in: store)
    }
    guard isThere else { throw PassFailure("New password not saved.") }
    return .success
  }

  /// Saves an edited body. What changed elsewhere since it was shown is merged.
  private func save(
    _ edited: EntryBody, over known: LoginRecord?, called name: String, in store: PassStore
  ) throws {
    let shown = known.map { EntryBody(of: $0) } ?? EntryBody(password: SecretBytes(copying: []))
    // An entry that was deleted, or did not exist, may have been made under this name meanwhile.
    for guid in [known?.guid, try store.login(name)?.guid] {
      guard let guid, let isMerged = try merge(edited, from: shown, into: guid, in: store) else { continue }
      if isMerged { context.helper.diagnostics.notice("\(name) was changed meanwhile; both changes are saved") }
      return
    }
    if known != nil {
      context.helper.diagnostics.notice("\(name) was deleted meanwhile; the edited text is a new entry")
    }
    try EntryWriter(store: store).add(edited, as: name, isFree: false)
  }

  /// Changes an entry in one transaction.
  ///
  /// - Returns: whether it was changed since it was shown; `nil` if it does not exist.
  private func merge(
    _ edited: EntryBody, from shown: EntryBody, into guid: String, in store: PassStore
  ) throws -> Bool? {
    try store.change { editor in
      try editor.transaction { editor in
        guard let present = try editor.login(guid: guid) else { return nil }
        let merged = try edited.merged(editedFrom: shown, into: present)
        try editor.change(guid: guid, merged.changes(to: present, now: context.helper.clock()))
        return EntryBody(of: present) != shown
      }
    }
  }
}
