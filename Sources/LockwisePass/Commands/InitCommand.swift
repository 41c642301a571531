import LockwiseCore

/// The command `init`: reports whether there is a vault, which needs no gpg key.
struct InitCommand: PassCommand {
  private static let options: [GetoptArguments.Option] = [.init("p", "path", .required)]

  let context: PassContext

  init(_ context: PassContext) { self.context = context }

  /// The error if there is no vault.
  static let notSignedIn = UserFacingError(
    "there is no vault", hint: "create it with lockwise-sync login", exitCode: .notSignedIn)

  func run(_ arguments: [String]) throws -> ExitCode {
    let parsed = try context.parse(arguments, Self.options, operands: 1...)
    if let path = parsed.value("path") { try TypedName.checkSneaky(path) }
    guard context.helper.directory.hasVault else { throw Self.notSignedIn }
    let keys = parsed.operands.filter { !$0.isEmpty }.map { PrintableText.of($0) }.joined(separator: ", ")
    try context.out(
      "The password store is the vault of Firefox Sync."
        + (keys.isEmpty ? "\n" : " It needs no gpg-id, so these are ignored: \(keys)\n"))
    return .success
  }
}
