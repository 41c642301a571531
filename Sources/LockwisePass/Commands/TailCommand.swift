import LockwiseCore

/// Prints an entry without its password.
struct TailCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, [], operands: 1...1, syntax: "pass-name")
    let name = parsed.operands[0]
    guard case .login(let login) = try PassStore(context, for: name).resolve(name, .entry) else {
      throw PassFailure.missing(name)
    }
    let notes = EntryBody(of: login).notes
    try context.out(context.isOutputTerminal ? TerminalText.of(notes) : notes)
    return .success
  }
}
