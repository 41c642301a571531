import LockwiseCore

/// The entry that a command of `otp` is about, and the errors of pass-otp.
struct OTPEntry {
  /// The vault.
  let store: PassStore
  /// The name as it was typed, without a slash at its end.
  let name: String
  /// The login; it may have no code yet.
  let login: LoginRecord

  /// Finds an entry.
  ///
  /// - Parameters:
  ///   - name: the name as it was typed.
  ///   - use: whether the only entry below a folder is found too.
  ///   - missing: makes pass-otp's text for an entry that does not exist.
  /// - Throws: `PassFailure` if there is no such entry; `UserFacingError` if there are several; `VaultError`.
  init(_ name: String, _ use: Resolution.Use, _ context: PassContext, missing: (String) -> String) throws {
    let typed = TypedName.withoutTrailingSlash(name)
    try TypedName.checkSneaky(typed)
    try TypedName.checkNotEmpty(typed)
    self.name = typed
    store = try PassStore(context, for: typed)
    guard case .login(let login) = try store.resolve(typed, use, missing: missing(PrintableText.of(typed))) else {
      throw PassFailure.missing(typed)
    }
    self.login = login
  }

  /// Makes the entry of a login that was found otherwise.
  init(_ name: String, _ login: LoginRecord, in store: PassStore) {
    self.store = store
    self.name = name
    self.login = login
  }

  /// Returns the code of a time, or that of the next counter.
  ///
  /// - Parameter time: the time since 1970.
  /// - Throws: `PassFailure` with pass-otp's text if there is none; `VaultError`.
  func code(at time: Seconds) throws -> SecretBytes {
    let generator = try generator(of: line(of: EntryBody(of: login)).uri)
    return try generator.period == nil ? nextCode() : generator.code(at: time)
  }

  /// Returns the code of the next counter. The counter is durable before the code is returned, so that no code is used
  /// twice.
  ///
  /// - Throws: `PassFailure` with pass-otp's text if there is none; `VaultError`.
  func nextCode() throws -> SecretBytes {
    var code: SecretBytes?
    try EntryWriter(store: store).change(login) { body in
      let line = try line(of: body)
      guard let next = try generator(of: line.uri).next else { throw failure("the counter is at its end") }
      code = try next.code(at: 0)
      return body.replacingLine(line.index, with: next.uri.text)
    }
    guard let code else { throw failure("the entry was not changed") }
    return code
  }

  /// Returns the line with the code of a body.
  ///
  /// - Throws: `PassFailure` with pass-otp's text if there is none.
  func line(of body: EntryBody) throws -> (index: Int, uri: SecretBytes) {
    guard let line = body.otpauthLine else {
      throw PassFailure("\(PrintableText.of(name)): OTP secret not found.")
    }
    return line
  }

  /// Returns the generator that a line describes.
  ///
  /// - Throws: `PassFailure` with pass-otp's text if there is none.
  func generator(of line: SecretBytes) throws -> OneTimeCode {
    do throws(OneTimeCode.Failure) {
      return try OneTimeCode(line: line)
    } catch {
      if case .invalid(let failure) = error { throw OTPFailure.invalid(failure, OTPAuthURI.masked(line)) }
      throw failure(error.reason)
    }
  }

  /// Makes the failure for a code that cannot be generated.
  ///
  /// - Parameter reason: the reason in a few words.
  func failure(_ reason: String) -> PassFailure {
    PassFailure("\(PrintableText.of(name)): failed to generate OTP code.\nThe reason: \(reason).")
  }
}

/// pass-otp's errors about URIs.
enum OTPFailure {
  /// Makes the failure for a URI that is not valid.
  ///
  /// - Parameter shown: the URI as it may be shown.
  static func invalid(_ failure: OTPAuthURI.Failure, _ shown: String) -> PassFailure {
    let shown = PrintableText.of(shown)
    return switch failure {
    case .malformed: PassFailure("Cannot parse OTP key URI: \(shown)")
    case .noAccountName: PassFailure("Invalid key URI (missing accountname): \(shown)")
    case .noSecret: PassFailure("Invalid key URI (missing secret): \(shown)")
    case .noCounter: PassFailure("Invalid key URI (missing counter): \(shown)")
    }
  }
}

extension OneTimeCode.Failure {
  /// Why there are no codes, in a few words.
  var reason: String {
    switch self {
    case .invalid: "the URI is not valid"
    case .invalidSecret: "the secret is not Base32"
    case .unsupportedAlgorithm: "the algorithm is not SHA1, SHA256 or SHA512"
    case .unsupportedDigits: "the number of digits is not from 6 to 10"
    case .invalidPeriod: "the period is not a positive number of seconds"
    case .invalidCounter: "the counter is too large"
    }
  }
}
