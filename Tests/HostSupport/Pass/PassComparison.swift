import Testing

/// Debian's pass(1) and lockwise-pass with the same entries. A command is run in both, and what they print is compared.
///
/// The differences that are left out are those that lockwise-pass makes on purpose: status 64 for a wrong command line,
/// names instead of paths of files, no colours in a pipe, and no reports about folders that are made.
struct PassComparison {
  /// The store of Debian's pass.
  let store: PasswordStore
  /// The home of lockwise-pass.
  let home: PassHome

  /// Makes empty stores.
  init() throws {
    store = try PasswordStore()
    home = try PassHome()
  }

  /// What a user does at a prompt: the keys that are typed when it is shown.
  typealias Exchange = (prompt: String, keys: String)

  /// Runs a command without a terminal in both, and compares.
  ///
  /// - Parameter isLineOneOnly: whether only the first line of the output is compared, since `insert` and `generate`
  ///   keep the notes.
  func run(
    _ arguments: [String], _ input: Input = .none, isLineOneOnly: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (theirs, ours) = (try store.pass(arguments, input: input), try home.pass(arguments, input: input))
    let isUsage = theirs.error.contains("Usage: pass ")
    #expect(
      ours.status == (isUsage ? 64 : theirs.status), "\(arguments): \(ours.error)", sourceLocation: sourceLocation)
    #expect(plain(ours.error) == plain(theirs.error), "\(arguments)", sourceLocation: sourceLocation)
    guard isLineOneOnly else {
      #expect(plain(ours.output) == plain(theirs.output), "\(arguments)", sourceLocation: sourceLocation)
      return
    }
    #expect(ours.lines.first == theirs.lines.first, "\(arguments)", sourceLocation: sourceLocation)
  }

  /// Runs a command at a terminal in both, and compares what is shown and the status.
  ///
  /// - Parameters:
  ///   - exchanges: the prompts and what is typed at each.
  ///   - variables: the environment in addition to that of the stores.
  func converse(
    _ arguments: [String], _ exchanges: [Exchange], with variables: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let starts = [store.terminal, home.terminal] as [([String], [String: String]) throws -> PseudoTerminal]
    let outcomes = try starts.map { try Self.converse(at: $0(arguments, variables), exchanges) }
    let what = "\(arguments) \(exchanges.map(\.keys))"
    #expect(outcomes[1].status == outcomes[0].status, "\(what)", sourceLocation: sourceLocation)
    #expect(plain(outcomes[1].shown) == plain(outcomes[0].shown), "\(what)", sourceLocation: sourceLocation)
    #expect(outcomes[1].isRestored, "\(what)", sourceLocation: sourceLocation)
  }

  /// Types keys at prompts, and waits for the end of the program.
  ///
  /// - Throws: `TimedOut` if a prompt is not shown.
  static func converse(at terminal: PseudoTerminal, _ exchanges: [Exchange]) throws -> PseudoTerminal.Outcome {
    for (prompt, keys) in exchanges {
      try terminal.expect(prompt)
      terminal.send(keys)
    }
    return try terminal.finish()
  }

  /// The lines without paths, colours, reports about folders and what a terminal adds. rm(1) and cp(1) print the files
  /// of a folder in no order, so their lines are sorted.
  private func plain(_ text: String) -> [String] {
    // By scalars: a carriage return and a line feed are one character.
    let text = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" }))
    let lines: [String] = text.replacing("\(store.folder)/", with: "")
      .replacing(store.folder, with: "").replacing(/\u{1B}\[[0-9;?]*[a-zA-Z]/, with: "").replacing(".gpg", with: "")
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).replacing(/\/('|$)/) { String($0.output.1) } }
      .filter { !$0.hasPrefix("mkdir: created directory") && !$0.hasPrefix("removed directory") }
    func isUnordered(_ line: String) -> Bool { line.hasPrefix("removed ") || line.hasPrefix("'") }
    return lines.filter { !isUnordered($0) } + lines.filter(isUnordered).sorted()
  }
}
