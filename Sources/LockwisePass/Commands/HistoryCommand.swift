import LockwiseCLI
import LockwiseCore

/// Lists the former passwords of an entry, newest first: a line for each, with the time since when it was in use and,
/// with `--show`, the password.
struct HistoryCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let options = [GetoptArguments.Option.own("show", short: "s")]
    let parsed = try context.parse(arguments, options, operands: 1...1, syntax: "[--show,-s] pass-name")
    let name = parsed.operands[0]
    guard case .login(let login) = try PassStore(context, for: name).resolve(name, .secret) else {
      throw PassFailure.missing(name)
    }
    let history = login.formerPasswords
    if history.isEmpty, context.isErrorTerminal {
      context.helper.diagnostics.notice("\(EntryName(of: login).shown) has no former passwords")
    }
    try context.out(text(history, withPasswords: parsed.has("show")))
    return .success
  }

  private func text(_ history: [LockwiseMember.FormerPassword], withPasswords: Bool) -> SecretBytes {
    var text = SecretBuilder()
    for former in history {
      text.append(former.time > 0 ? Seconds(former.time).localTimeWithSeconds : "unknown            ")
      if withPasswords {
        text.append("  ")
        text.append(context.isOutputTerminal ? TerminalText.of(former.password) : former.password)
      }
      text.append(0x0A)
    }
    return text.finish()
  }
}
