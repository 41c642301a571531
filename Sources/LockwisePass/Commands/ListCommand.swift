import LockwiseCore

/// The part of `show` that lists a folder or all entries.
struct ListCommand {
  /// The form of a list.
  enum Form {
    /// A tree of folders.
    case tree
    /// The full names, one in a line.
    case flat
    /// A JSON array with the full names and the GUIDs.
    case json
  }

  private let context: PassContext

  /// Makes the command.
  init(_ context: PassContext) { self.context = context }

  /// Writes a list.
  ///
  /// - Parameters:
  ///   - typed: the folder as it was typed, which is the heading of a tree; `nil` or empty for all entries.
  ///   - folder: the folder without slashes at its ends; empty for all entries.
  ///   - entries: the entries below it.
  /// - Throws: as `PassContext.out`.
  func run(_ typed: String?, folder: String, _ entries: EntryList.Entries, as form: Form) throws {
    let list = entries.list
    let rows = list.rows[entries.indices]
    switch form {
    case .flat: try context.out(NameListing.lines(rows, of: list))
    case .json: try context.out(NameListing.json(rows, of: list))
    case .tree:
      let depth = folder.isEmpty ? 0 : EntryName(folder).shown.utf8.count + 1
      try context.out(context.tree.tree(heading(typed ?? ""), rows, of: list, below: depth))
    }
  }

  private func heading(_ typed: String) -> String {
    guard !typed.isEmpty else { return "Password Store" }
    let end = typed.utf8.last == UInt8(ascii: "/") ? typed.utf8.index(before: typed.endIndex) : typed.endIndex
    return context.printable(String(typed[..<end]))
  }
}

extension PassContext {
  /// Draws trees on standard output.
  var tree: TreeRenderer { TreeRenderer(charset: TreeCharset(environment), hasColours: hasColours) }

  /// Returns a text that the user typed, without control characters if standard output is a terminal.
  func printable(_ typed: String) -> String {
    isOutputTerminal ? TerminalText.of(SecretBytes(utf8: typed)).exposedText() ?? "" : typed
  }
}
