import LockwiseCore

/// The command `otp append`: saves a URI in an entry that exists.
struct OTPAppendCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, OTPInput.options, operands: 1...1, syntax: OTPUsage.append)
    let entry = try OTPEntry(parsed.operands[0], .entry, context) { _ in "Passfile not found" }
    if EntryBody(of: entry.login).otpauthLine != nil, !parsed.has("force") {
      try PassInput(context).confirm("An OTP secret already exists for \(entry.name). Overwrite it?")
    }
    let uri = try OTPInput(parsed, context).uri(for: entry.name)
    try EntryWriter(store: entry.store).change(entry.login) { $0.replacingCode(with: uri) }
    return .success
  }
}
