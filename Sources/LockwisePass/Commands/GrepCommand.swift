import LockwiseCore

/// The command `grep`: searches all entries.
struct GrepCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    guard let parsed = GrepArguments(arguments, stopsAtOperand: context.environment.value("POSIXLY_CORRECT") != nil)
    else { throw context.usage(nil, GetoptArguments(arguments, [.own("json")])) }
    guard parsed.errors.isEmpty else { throw context.usage(errors: parsed.errors) }
    let (list, raw) = try PassStore(context).listWithBodies()
    let bodies = context.isOutputTerminal ? TerminalText.of(raw) : raw
    let search = GrepSearch(parsed, environment: context.environment, hasColours: context.hasColours && !parsed.isJSON)
    let matches = try search.matches(in: bodies) { list.entries[$0].name }
    if parsed.isJSON {
      try context.out(NameListing.json(matches.map { list.rows[$0.body] }[...], of: list))
    } else {
      for match in matches { try show(list.entries[match.body].name, match.lines) }
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
