import LockwiseCore

/// The command `ref`: prints references.
struct RefCommand: EnvCommand {
  static let syntax = CommandSyntax(
    name: "ref", operandText: "[NAME [FIELD]]",
    summary: "Print the reference of a login, or all references", options: [])

  private let context: EnvContext

  init(_ context: EnvContext) { self.context = context }

  func run(_ arguments: ParsedArguments) throws -> ExitCode {
    guard arguments.operands.count <= 2 else {
      throw UserFacingError("ref has at most two operands", hint: "see lockwise-env ref --help", exitCode: .usage)
    }
    let texts = arguments.operands.map { String(decoding: $0, as: UTF8.self) }
    guard let name = texts.first else { return try list() }
    guard !name.isEmpty, texts.last?.isEmpty == false else {
      throw UserFacingError("the name or field is empty", exitCode: .usage)
    }
    let resolver = Resolver(context)
    let vault = try resolver.vault()
    var login = try find(name, in: vault)
    if login == nil, resolver.pull() { login = try find(name, in: vault) }
    guard let login else {
      throw UserFacingError(
        "there is no login \(name)", hint: "list the references of all logins: lockwise-env ref", exitCode: .failure)
    }
    let field = texts.count > 1 ? ReferenceField(texts[1]) : .password
    do {
      _ = try field.value(of: login, at: Seconds(context.helper.clock()))
    } catch let failure as ResolutionFailure {
      throw UserFacingError("cannot find \(texts[1]) of \(name): \(failure.reason)", exitCode: .failure)
    }
    try context.write(LoginFinder(vault: vault).reference(to: login, field: field).text + "\n")
    return .success
  }

  private func find(_ name: String, in vault: Vault) throws -> LoginRecord? {
    switch try EntryLookup(name).find(in: VaultIndex(vault: vault)) {
    case .none: return nil
    case .login(let login): return login
    case .ambiguous(let names):
      throw UserFacingError(
        "several logins are called \(name)", hints: names.map { "use \($0)" }, exitCode: .failure)
    }
  }

  private func list() throws -> ExitCode {
    let vault = try Resolver(context).vault()
    let references = try vault.reading {
      let (names, isOutdated) = try vault.entryList()
      context.activity.hasOutdatedNames = isOutdated
      return try ReferenceList(names, login: vault.login(guid:))
    }
    try references.bytes.withUnsafeBytes(context.write)
    return .success
  }

  /// The logins of a vault, by their names.
  private struct VaultIndex: EntryIndex {
    let vault: Vault

    func logins(named name: String) throws -> [LoginRecord] { try vault.logins(named: name) }
    func logins(at origin: Origin) throws -> [LoginRecord] { try vault.logins(at: origin) }
    func login(guid: String) throws -> LoginRecord? { try vault.login(guid: guid) }
    func entryList() throws -> EntryList { try vault.entryList().list }
  }
}
