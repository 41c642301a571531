import LockwiseCore

/// The command `grep`: searches all entries.
struct GrepCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    guard let parsed = GrepArguments(arguments, stopsAtOperand: context.environment.value("POSIXLY_CORRECT") != nil)
    else { throw context.usage() }
    guard parsed.errors.isEmpty else { throw context.usage(errors: parsed.errors) }
    let store = try PassStore(context)
    var bodies: [(guid: String, text: SecretBytes)] = []
    try store.vault.forEachLogin { login in
      let text = EntryBody(of: login).text
      bodies.append((login.guid, context.isOutputTerminal ? TerminalText.of(text) : text))
    }
    let list = try store.list()
    let search = GrepSearch(parsed, environment: context.environment, hasColours: context.hasColours && !parsed.isJSON)
    let names = Dictionary(list.entries.map { ($0.guid, $0.name) }) { first, _ in first }
    let matches = try search.matches(in: bodies) { names[$0] ?? $0 }
    let results = Dictionary(matches.map { ($0.guid, $0.lines) }) { first, _ in first }
    if parsed.isJSON {
      let found = zip(list.entries, list.rows).filter { results[$0.0.guid] != nil }.map(\.1)
      try context.out(NameListing.json(found[...], of: list))
    } else {
      for entry in list.entries {
        if let lines = results[entry.guid] { try show(entry.name, lines) }
      }
    }
    return .success
  }

  /// Prints the name of an entry and what grep printed, without its last line feeds, as a shell's `$()` has it.
  private func show(_ name: String, _ lines: SecretBytes) throws {
    var text = SecretBuilder()
    text.append(header(name))
    let end = lines.withUnsafeBytes { $0.lastIndex { $0 != 0x0A }.map { $0 + 1 } ?? 0 }
    text.append(lines[0..<end])
    text.append(UInt8(ascii: "\n"))
    try context.out(text.finish())
  }

  private func header(_ name: String) -> String {
    guard context.hasColours else { return "\(name):\n" }
    let start = name.utf8.lastIndex(of: UInt8(ascii: "/")).map { name.utf8.index(after: $0) } ?? name.startIndex
    return "\u{1B}[94m\(name[..<start])\u{1B}[1m\(name[start...])\u{1B}[0m:\n"
  }
}
