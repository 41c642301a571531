import LockwiseCore

/// What `mv` and `cp` do: which entries get which names. It is complete before the first change.
struct MovePlan {
  /// An entry and its new name.
  struct Step {
    let login: LoginRecord
    /// The present name, without `#` and digits.
    let from: String
    let to: String
    /// The entry that has the new name now.
    let replaced: LoginRecord?
  }

  private static let options: [GetoptArguments.Option] = [.init("f", "force")]

  /// The vault.
  let store: PassStore
  /// The name of the entry or folder.
  private(set) var from = ""
  /// Its new name.
  private(set) var to = ""
  /// Whether it is a folder.
  private(set) var isFolder = false
  /// The entries.
  private(set) var steps: [Step] = []
  private let isForced: Bool

  /// Parses the arguments and finds the entries.
  ///
  /// - Throws: `PassFailure` for a wrong command line or if there is no such entry or folder; `UserFacingError` if the
  ///   entries cannot have the names; `VaultError`.
  init(_ arguments: [String], _ context: PassContext, isCopy: Bool) throws {
    let parsed = try context.parse(arguments, Self.options, operands: 2...2)
    let (old, new) = (parsed.operands[0], parsed.operands[1])
    try TypedName.checkSneaky(old, new)
    try TypedName.checkNotEmpty(old)
    guard !new.isEmpty else { throw UserFacingError("the name is empty", exitCode: .failure) }
    isForced = parsed.has("force")
    store = try PassStore(context, for: old)
    let (target, present) = try store.folder(new)
    let isInto = !present.isEmpty || new.utf8.last == UInt8(ascii: "/")
    if let login = try store.login(old) {
      from = EntryList.Source(login).name
      to = isInto ? Self.join(target, Self.lastPart(from)) : TypedName.withoutLeadingSlashes(new)
      try add(login, from, to, isCopy: isCopy)
    } else {
      try planFolder(old, into: isInto, target, isCopy: isCopy)
    }
    let sources = Set(steps.map(\.login.guid))
    // A login of its own site's name that moves as well would be deleted before it moves.
    for step in steps {
      guard let replaced = step.replaced, sources.contains(replaced.guid) else { continue }
      throw UserFacingError("cannot replace \(step.to): it is moved too", exitCode: .failure)
    }
  }

  /// Asks for each entry that would be replaced.
  ///
  /// - Throws: `PassFailure.silent` if the user declines.
  func confirmReplacing() throws {
    guard !isForced else { return }
    for step in steps where step.replaced != nil {
      try PassInput(store.context).confirm("An entry already exists for \(step.to). Overwrite it?")
    }
  }

  /// The error if an entry vanished after the plan was made.
  static func deletedMeanwhile(_ name: String) -> UserFacingError {
    UserFacingError("\(name) was deleted meanwhile; nothing was changed", exitCode: .failure)
  }

  /// The error for a name that no entry can have.
  static func impossible(_ name: String) -> UserFacingError {
    UserFacingError("\(name) is not a possible name", exitCode: .failure)
  }

  private mutating func planFolder(_ old: String, into isInto: Bool, _ target: String, isCopy: Bool) throws {
    let (folder, entries) = try store.folder(old)
    guard !entries.isEmpty else { throw try store.missing(old) }
    from = folder
    isFolder = true
    to = isInto ? Self.join(target, Self.lastPart(folder)) : target
    guard !(to + "/").utf8.starts(with: (from + "/").utf8) else {
      throw UserFacingError("cannot put \(from) into itself", exitCode: .failure)
    }
    // mv(1) does not merge folders either.
    guard try isCopy || !isInto || store.folder(to).entries.isEmpty else {
      throw UserFacingError("cannot rename \(from): \(to) is not empty", exitCode: .failure)
    }
    for entry in entries {
      guard let login = try store.vault.login(guid: entry.guid) else { continue }
      let name = EntryList.Source(login).name
      try add(login, name, to + String(Substring(name.utf8.dropFirst(from.utf8.count))), isCopy: isCopy)
    }
  }

  private mutating func add(_ login: LoginRecord, _ from: String, _ to: String, isCopy: Bool) throws {
    // Two copies at one place would be one login.
    guard !isCopy || !steps.contains(where: { $0.to.isSameText(as: to) }) else {
      throw UserFacingError("cannot copy \(from): several entries are called so", exitCode: .failure)
    }
    guard !from.isSameText(as: to) else {
      throw UserFacingError("\(from) and \(to) are the same entry", exitCode: .failure)
    }
    guard EntryPlacement(name: to) != nil else { throw Self.impossible(to) }
    let known = try store.login(to)
    steps.append(Step(login: login, from: from, to: to, replaced: known?.guid == login.guid ? nil : known))
  }

  private static func join(_ folder: String, _ name: String) -> String { folder.isEmpty ? name : folder + "/" + name }

  private static func lastPart(_ name: String) -> String {
    name.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(name[name.utf8.index(after: $0)...]) } ?? name
  }
}
