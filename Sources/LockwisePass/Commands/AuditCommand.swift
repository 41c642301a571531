import LockwiseCLI
import LockwiseCore

/// The command `audit`: reports passwords that are reused, weak, old or public. It prints no password and needs no
/// network.
struct AuditCommand: PassCommand {
  private static let options: [GetoptArguments.Option] = [
    .own("older", .required), .own("breached", .required), .own("json"),
  ]
  private static let syntax: PassUsage.Syntax = "[--older days] [--breached file] [--json] [subfolder]"

  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, Self.options, operands: 0...1, syntax: Self.syntax)
    var rules = PasswordAudit.Rules(now: context.helper.clock())
    rules.oldAfter = try parsed.value("older").map(days)
    rules.breaches = try parsed.value("breached").map { try BreachList(path: $0) }
    let rows = try audit(rules, parsed.operands.first)
    try show(rows, asJSON: parsed.has("json"))
    return rows.isEmpty ? .success : .failure
  }

  private func days(_ text: String) throws -> Int {
    guard let days = Int(text), days >= 0, text.utf8.first != UInt8(ascii: "+") else {
      throw UserFacingError("\(text) is not a number of days", exitCode: .usage)
    }
    return days
  }

  /// Checks all entries, because a password can be reused outside a folder, and returns the problems of those below it.
  private func audit(_ rules: PasswordAudit.Rules, _ folder: String?) throws -> [PasswordAudit.Row] {
    let store = try PassStore(context)
    let wanted = try folder.map { try Set(entries(below: $0, store).map(\.guid)) }
    var places: [String: (place: Int, name: String)] = [:]
    for (place, entry) in try store.list().entries.enumerated() { places[entry.guid] = (place, entry.name) }
    var audit = try PasswordAudit(rules, random: SystemRandom())
    try store.vault.forEachLogin { login in
      guard let (place, name) = places[login.guid], !Self.isExempt(login) else { return }
      try audit.add(login, named: name, at: place, isReported: wanted?.contains(login.guid) ?? true)
    }
    let rows = audit.rows()
    if rows.isEmpty {
      context.helper.diagnostics.notice("\(Quantity.of(audit.reportedCount, "password")) checked, nothing found")
    }
    return rows
  }

  /// Returns the entries that a name refers to: one entry, or those below a folder.
  private func entries(below name: String, _ store: PassStore) throws -> [EntryList.Entry] {
    switch try store.resolve(name, .listing) {
    case .login(let login): try store.list().entries.filter { $0.guid == login.guid }
    case .folder(_, let entries): Array(entries)
    }
  }

  /// Returns whether an entry has no password that a user or a generator chose.
  private static func isExempt(_ login: LoginRecord) -> Bool {
    login.hasPlaceholderPassword || OTPAuthURI.isURI(login.password)
  }

  private func show(_ rows: [PasswordAudit.Row], asJSON: Bool) throws {
    guard asJSON || !rows.isEmpty else { return }
    let format: OutputFormat = asJSON ? .json : context.isOutputTerminal ? .table : .tsv
    var encoder = RowEncoder(format: format, columns: ["entry", "finding"])
    try context.out(.concatenating([encoder.begin(), encoder.rows(rows.map(\.output)), encoder.end()]))
  }
}

extension PasswordAudit.Row {
  /// The row as a table and as JSON have it.
  fileprivate var output: OutputRow {
    var writer = JSONObjectWriter()
    writer.member("entry", name)
    writer.member("finding", finding.name)
    if let number = finding.number { writer.member(number.name, Int64(number.value)) }
    return OutputRow(cells: [SecretBytes(utf8: name), SecretBytes(utf8: finding.text)], json: writer.finish())
  }
}
