import LockwiseCore

/// The command `insert`: saves a password that is typed, or a whole entry from standard input.
struct InsertCommand: PassCommand {
  private static let options: [GetoptArguments.Option] = [
    .init("m", "multiline"), .init("e", "echo"), .init("f", "force"), .own("free"), .own("json"),
  ]

  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, Self.options, operands: 1...1)
    let isMultiline = parsed.has("multiline")
    guard [isMultiline, parsed.has("echo"), parsed.has("json")].count(where: \.self) < 2 else {
      throw context.usage(nil, parsed)
    }
    let name = TypedName.withoutTrailingSlash(parsed.operands[0])
    try TypedName.checkSneaky(name)
    try TypedName.checkNotEmpty(name)
    let store = try PassStore(context, for: name)
    let known = try store.login(name)
    if known != nil, !parsed.has("force") {
      try PassInput(context).confirm("An entry already exists for \(name). Overwrite it?")
    }
    let writer = EntryWriter(store: store)
    if parsed.has("json") {
      let json = try PassInput(context).all()
      if let known {
        // Only JSON can store a password with line feeds.
        try writer.change(known, keepsName: true, acceptsSeveralLines: true) {
          try EntryJSON.body(parsing: json, over: $0)
        }
      } else {
        let body = try EntryJSON.body(parsing: json, over: EntryBody(password: SecretBytes(utf8: "")))
        try writer.add(body, as: name, isFree: parsed.has("free"))
      }
      return .success
    }
    let body = try EntryBody(parsing: isMultiline ? readBody(name) : readPassword(name, echo: parsed.has("echo")))
    if let known {
      // The name was typed, the lines may be of any origin: a password must not move to another site by them.
      try writer.change(known, keepsName: isMultiline) { isMultiline ? body : $0.replacingPassword(body.password) }
    } else {
      try writer.add(body, as: name, isFree: parsed.has("free"))
    }
    return .success
  }

  private func readBody(_ name: String) throws -> SecretBytes {
    // pass prints this in a pipe too.
    try context.out("Enter contents of \(PrintableText.of(name)) and press Ctrl+D when finished:\n\n")
    return try PassInput(context).all()
  }

  /// Reads one line, or two equal lines that are not echoed.
  private func readPassword(_ name: String, echo: Bool) throws -> SecretBytes {
    let input = PassInput(context)
    if echo { return try input.line("Enter password for \(name): ").text }
    let lines = try input.hiddenLines(["Enter password for \(name): ", "Retype password for \(name): "])
    // At the end of the input pass stores nothing and prints nothing.
    guard lines.count == 2 else { throw PassFailure.silent }
    guard lines[0] == lines[1] else { throw PassFailure("Error: the entered passwords do not match.") }
    return lines[0]
  }
}
