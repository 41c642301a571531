import LockwiseCore

/// The command `otp insert`: saves a URI as an entry.
///
/// An entry that exists keeps its password and its notes: only the line with its URI is replaced, or added. pass-otp
/// discards them.
///
/// A new login of a site has an empty password, because Firefox would fill in the URI. In other new entries the URI is
/// line 1, as pass-otp saves it.
struct OTPInsertCommand: PassCommand {
  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, OTPInput.options, operands: 0...1, syntax: OTPUsage.insert)
    let input = try OTPInput(parsed, context)
    guard let operand = parsed.operands.first else {
      let uri = try input.uri(for: "this token")
      try insert(uri, as: Self.name(of: uri), parsed, isNamed: false)
      return .success
    }
    let name = TypedName.withoutTrailingSlash(operand)
    try check(name)
    try insert(input.uri(for: name), as: name, parsed, isNamed: true)
    return .success
  }

  private func check(_ name: String) throws {
    try TypedName.checkSneaky(name)
    try TypedName.checkNotEmpty(name)
  }

  /// Returns the name that a URI gives to its entry.
  private static func name(of uri: OTPAuthURI) throws -> String {
    guard !uri.account.isEmpty else {
      throw UserFacingError("the URI does not name an account", hint: "type a name for the entry", exitCode: .usage)
    }
    return uri.issuer.flatMap { $0.isEmpty ? nil : "\($0)/\(uri.account)" } ?? uri.account
  }

  /// Saves the URI.
  ///
  /// - Parameter isNamed: whether the user typed the name. If a URI chose it, an entry that exists is changed only after
  ///   a question or by `--force`.
  private func insert(_ uri: OTPAuthURI, as name: String, _ parsed: GetoptArguments, isNamed: Bool) throws {
    let input = PassInput(context)
    if !isNamed {
      try check(name)
      try input.confirm("Insert into \(name)?")
    }
    let store = try PassStore(context, for: name)
    let writer = EntryWriter(store: store)
    guard let login = try store.login(name) else {
      let nothing = SecretBytes(utf8: "")
      let body =
        EntryPlacement.isWebLike(name)
        ? EntryBody(password: nothing).appendingLine(uri.text) : EntryBody(password: uri.text)
      return try writer.add(body, as: name, isFree: false)
    }
    if !parsed.has("force") {
      guard isNamed || context.isInputTerminal else {
        throw UserFacingError(
          "the URI names \(name), an entry that exists", hint: "type the name, or use --force", exitCode: .failure)
      }
      try input.confirm("An entry already exists for \(name). Overwrite it?")
    }
    try writer.change(login) { $0.replacingCode(with: uri) }
  }
}

extension EntryBody {
  /// Returns the body with another URI in the line with its one-time code, or in one more line at its end.
  func replacingCode(with uri: OTPAuthURI) -> EntryBody {
    otpauthLine.map { replacingLine($0.index, with: uri.text) } ?? appendingLine(uri.text)
  }
}
