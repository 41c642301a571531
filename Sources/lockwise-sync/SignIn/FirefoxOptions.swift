import ArgumentParser

/// The options for the Firefox on this machine.
struct FirefoxOptions: ParsableArguments {
  @Flag(help: "Use the logins of a Firefox on this machine; the argument names the profile.")
  var local = false

  @Flag(help: "Sign in with Firefox; the argument names the profile.")
  var fromFirefox = false

  @Flag(help: "With --local or --from-firefox: list the profiles.")
  var list = false

  @Option(
    help: ArgumentHelp(
      "With --local: read the primary password from the first line this command prints.", valueName: "command"))
  var passwordCommand: String?

  @Flag(help: "With --local: keep the profile's key in the vault, so that pull needs no primary password.")
  var remember = false

  /// Whether the command's argument names a profile.
  var namesProfile: Bool { local || fromFirefox }

  func validate() throws {
    if list, !namesProfile { throw ValidationError("--list requires --local or --from-firefox") }
    if remember, !local { throw ValidationError("--remember requires --local") }
    if passwordCommand != nil, !local { throw ValidationError("--password-command requires --local") }
  }
}
