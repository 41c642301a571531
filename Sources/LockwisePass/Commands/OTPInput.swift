import LockwiseCore

/// The URI that `otp insert` and `otp append` save: one that is typed, or one that a typed secret makes.
struct OTPInput {
  /// The options of both commands.
  static let options: [GetoptArguments.Option] = [
    .init("f", "force"), .init("e", "echo"), .init("s", "secret"), .init("i", "issuer", .required),
    .init("a", "account", .required),
  ]

  private let context: PassContext
  private let isEchoed: Bool
  private let isSecret: Bool
  private let issuer: String
  private let account: String

  /// Reads the options.
  ///
  /// - Throws: `PassFailure` with pass-otp's text if a secret has neither an issuer nor an account.
  init(_ parsed: GetoptArguments, _ context: PassContext) throws {
    self.context = context
    isEchoed = parsed.has("echo")
    isSecret = parsed.has("secret")
    issuer = parsed.value("issuer") ?? ""
    account = parsed.value("account") ?? ""
    guard !isSecret || !issuer.isEmpty || !account.isEmpty else {
      throw PassFailure("Missing one of either '--issuer' or '--account'")
    }
  }

  /// Reads the URI. At a terminal it is typed twice, unless it is echoed.
  ///
  /// - Parameter name: what the prompt calls the entry.
  /// - Throws: `PassFailure` with pass-otp's text if it is not valid; `UserFacingError` if it cannot be read.
  func uri(for name: String) throws -> OTPAuthURI {
    let line = try typed(isSecret ? "secret" : "otpauth:// URI", for: name)
    let quoted = OTPAuthURI.encodingQuotes(isSecret ? uri(ofSecret: line.trimmed) : line)
    do throws(OTPAuthURI.Failure) {
      let uri = try OTPAuthURI(quoted)
      warnIfUnusable(uri)
      return uri
    } catch {
      throw OTPFailure.invalid(error, OTPAuthURI.masked(quoted))
    }
  }

  /// Reports that a URI, although valid, gives no codes.
  private func warnIfUnusable(_ uri: OTPAuthURI) {
    do throws(OneTimeCode.Failure) {
      _ = try OneTimeCode(line: uri.text)
    } catch {
      context.helper.diagnostics.notice("no codes can be generated from this URI: \(error.reason)")
    }
  }

  private func typed(_ what: String, for name: String) throws -> SecretBytes {
    let input = PassInput(context)
    let prompt = "Enter \(what) for \(name): "
    guard context.isInputTerminal, !isEchoed else { return try input.line(prompt).text }
    let lines = try input.hiddenLines([prompt, "Retype \(what) for \(name): "])
    guard lines.count == 2 else { throw PassFailure.silent }
    guard lines[0] == lines[1] else {
      throw PassFailure("Error: the entered \(isSecret ? "secrets" : "URIs") do not match.")
    }
    return lines[0]
  }

  /// Returns the URI of a secret for SHA-1, 30 seconds and 6 digits.
  private func uri(ofSecret secret: SecretBytes) -> SecretBytes {
    let (issuer, account) = (Self.encoded(issuer), Self.encoded(account))
    var builder = SecretBuilder()
    builder.append("otpauth://totp/\(issuer)\(issuer.isEmpty || account.isEmpty ? "" : ":")\(account)?secret=")
    secret.withUnsafeBytes { bytes in
      for byte in bytes {
        // These would end the parameter or change it.
        let isSpecial = "&#%+".utf8.contains(byte)
        for unit in isSpecial ? PercentEncoding.sequence(for: byte) : [byte] { builder.append(unit) }
      }
    }
    if !issuer.isEmpty { builder.append("&issuer=\(issuer)") }
    return builder.finish()
  }

  /// Returns a part in percent-encoding, with `+` for a space.
  private static func encoded(_ text: String) -> String {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    return parts.map { PercentEncoding.encode(String($0)) }.joined(separator: "+")
  }
}
