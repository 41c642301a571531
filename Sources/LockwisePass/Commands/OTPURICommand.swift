import LockwiseCore

/// The command `otp uri`: prints the URI of an entry.
struct OTPURICommand: PassCommand {
  private static let options: [GetoptArguments.Option] = [.init("c", "clip"), .init("q", "qrcode"), .own("window")]

  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, Self.options, operands: 1...1, syntax: OTPUsage.uri)
    guard !parsed.has("clip") || !parsed.has("qrcode") else { throw context.usage(OTPUsage.uri) }
    let entry = try OTPEntry(parsed.operands[0], .secret, context) { _ in "Passfile not found" }
    let line = try entry.line(of: EntryBody(of: entry.login)).uri
    let uri: SecretBytes
    do throws(OTPAuthURI.Failure) {
      uri = try OTPAuthURI(line).text
    } catch {
      throw OTPFailure.invalid(error, OTPAuthURI.masked(line))
    }
    let title = "OTP key URI for \(entry.name)"
    if parsed.has("clip") {
      try Clipboard(context).copy(uri, called: title)
    } else if parsed.has("qrcode") {
      try QRCode(context).show(uri, called: title, window: parsed.has("window"))
    } else {
      try context.show(.concatenating([uri, SecretBytes(utf8: "\n")]))
    }
    return .success
  }
}
