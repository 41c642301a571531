import LockwiseCore

/// The command `otp code`: prints a one-time code.
struct OTPCodeCommand: PassCommand {
  private static let options: [GetoptArguments.Option] = [
    .init("c", "clip"), .init("q", "quiet"), .own("qrcode"), .own("window"), .own("next"), .own("at", .required),
  ]

  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, Self.options, operands: 1...1, syntax: OTPUsage.code)
    guard !parsed.has("clip") || !parsed.has("qrcode"), !parsed.has("next") || !parsed.has("at") else {
      throw context.usage(OTPUsage.code, parsed)
    }
    let now = Seconds(context.helper.clock())
    let time = try parsed.value("at").map { try CodeTime.parse($0, now: now) }
    let entry = try OTPEntry(parsed.operands[0], .secret, context) { "\($0): passfile not found." }
    let generator = try entry.generator(of: entry.line(of: EntryBody(of: entry.login)).uri)
    if generator.period == nil {
      guard time == nil, !parsed.has("next") else { throw counts(entry) }
      try show(entry.nextCode(), of: entry, parsed)
    } else {
      let left = generator.timeLeft(at: now) ?? 0
      try show(generator.code(at: time ?? (parsed.has("next") ? now + left : now)), of: entry, parsed)
      if time == nil { reportValidity(left, generator, parsed) }
    }
    return .success
  }

  private func show(_ code: SecretBytes, of entry: OTPEntry, _ parsed: GetoptArguments) throws {
    if parsed.has("clip") {
      try Clipboard(context).copy(code, called: "OTP code for \(entry.name)")
    } else if parsed.has("qrcode") {
      try QRCode(context).show(code, called: "OTP code for \(entry.name)", window: parsed.has("window"))
    } else {
      try context.out(.concatenating([code, SecretBytes(utf8: "\n")]))
    }
  }

  /// Prints for how long the code is valid, for a user who types it.
  private func reportValidity(_ left: Seconds, _ generator: OneTimeCode, _ parsed: GetoptArguments) {
    guard context.isErrorTerminal, context.isOutputTerminal, !parsed.has("quiet") else { return }
    let span = Self.text(left)
    context.err(
      parsed.has("next") ? "Valid in \(span), for \(Self.text(generator.period ?? 0))." : "Valid for \(span).")
  }

  private static func text(_ span: Seconds) -> String { "\(span) second\(span == 1 ? "" : "s")" }

  private func counts(_ entry: OTPEntry) -> UserFacingError {
    UserFacingError("the codes of \(entry.name) depend on a counter, not on the time", exitCode: .usage)
  }
}
