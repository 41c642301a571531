import LockwiseCLI
import LockwiseCore

/// The command `pick`: lets the user select an entry in a menu, and copies, types or prints its password or one-time
/// code.
struct PickCommand: PassCommand {
  private static let options: [GetoptArguments.Option] = [
    .init("c", "clip"), .own("type"), .own("print"), .own("otp"),
  ]
  private static let syntax: PassUsage.Syntax = "[--clip,-c | --type | --print] [--otp]"

  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, Self.options, operands: 0...0, syntax: Self.syntax)
    let (isTyping, isPrinting) = (parsed.has("type"), parsed.has("print"))
    guard [isTyping, isPrinting, parsed.has("clip")].filter(\.self).count <= 1 else {
      throw context.usage(Self.syntax)
    }
    // Before the menu is shown, so that nobody selects in vain.
    let search = ProgramSearch(context.environment)
    let isInstalled = { search.find($0) != nil }
    let typing = isTyping ? try TypingProgram.choose(context.environment, isInstalled: isInstalled) : nil
    let menu = try MenuProgram.choose(
      context.configuration, isAtTerminal: context.isInputTerminal && context.isErrorTerminal && !isTyping,
      isInstalled: isInstalled)
    let store = try PassStore(context)
    let entries = try store.list().entries
    guard !entries.isEmpty else {
      throw PassFailure("Error: password store is empty. Try \"\(context.program) init\".")
    }
    guard let name = try menu.select(from: entries.map(\.name), environment: context.environment),
      let entry = entries.first(where: { $0.name.isSameText(as: name) })
    else { return .cancelled }
    let secret = try secret(of: entry, in: store, isCode: parsed.has("otp"))
    if let typing {
      try typing.type(secret, environment: context.environment)
    } else if isPrinting {
      try context.show(.concatenating([secret, SecretBytes(utf8: "\n")]))
    } else {
      try Clipboard(context).copy(secret, called: name)
    }
    return .success
  }

  private func secret(of entry: EntryList.Entry, in store: PassStore, isCode: Bool) throws -> SecretBytes {
    guard let login = try store.vault.login(guid: entry.guid) else {
      throw PassFailure.missing(entry.name)
    }
    if isCode { return try OTPEntry(entry.name, login, in: store).code(at: Seconds(context.helper.clock())) }
    let password = EntryBody(of: login).password
    guard !password.isEmpty else {
      throw UserFacingError("\(entry.name) has no password", exitCode: .failure)
    }
    return password
  }
}
