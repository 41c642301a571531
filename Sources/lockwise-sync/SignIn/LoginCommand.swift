import ArgumentParser
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

struct LoginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Sign in to a Mozilla account and create the vault.",
    discussion: """
      Asks for the account's password and, unless --key-file or --passphrase-command is given, for a new passphrase \
      for the vault. The vault stores a token limited to Sync and the Sync key, never the password or the session. If \
      the account already has a vault here, the sign-in is renewed and the logins are kept.

      With --from-firefox, lockwise-sync uses the session and the Sync key of Firefox once; Firefox stays signed in and \
      asks at most for its primary password. The argument is then the profile's name or directory. With --browser, you \
      type the password on the server's own page only.

      --passphrase-command writes the command to the configuration file. A redirect to 127.0.0.1 with --redirect-uri \
      receives the last page's address by itself. --browserid is for servers that support only BrowserID; the vault \
      then stores the session.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "Servers") var servers: ServerOptions
  @OptionGroup(title: "Password and codes") var password: PasswordOptions
  @OptionGroup(title: "Firefox") var firefox: FirefoxOptions
  @OptionGroup(title: "Browser") var browser: BrowserOptions
  @OptionGroup(title: "Old servers") var browserID: BrowserIDOptions
  @OptionGroup(title: "Vault") var vault: VaultOptions

  @Option(
    help: ArgumentHelp(
      "Use only this OAuth client id (default: Mozilla's).",
      valueName: "id"))
  var clientID: String?

  @Option(
    help: ArgumentHelp(
      "Name this device in the account (default: lockwise on HOST).", valueName: "name"))
  var deviceName: String?

  @Argument(help: "The account's e-mail address; with --from-firefox, the profile.")
  var email: String?

  func validate() throws {
    if [browser.browser, firefox.fromFirefox, browserID.isUsed].count(where: \.self) > 1 {
      throw ValidationError("--browser, --from-firefox and --browserid cannot be combined")
    }
    if browser.browser, password.isUsed {
      throw ValidationError("--browser cannot be combined with options for the password and codes")
    }
    if firefox.fromFirefox, password.isUsed {
      throw ValidationError("--from-firefox cannot be combined with options for the password and codes")
    }
    if password.passwordStdin, email == nil { throw ValidationError("--password-stdin requires the e-mail address") }
    if let email, !firefox.fromFirefox, !EmailAddress.isValid(email) {
      throw ValidationError("not an e-mail address")
    }
    if let deviceName, !DeviceName.isValid(deviceName) {
      throw ValidationError("--device-name must have 1 to 255 bytes and no control characters")
    }
    if browserID.isUsed, clientID != nil {
      throw ValidationError("--browserid and --client-id cannot be combined: BrowserID has no clients")
    }
    if let clientID, !OAuthClientID.isValid(clientID) {
      throw ValidationError("--client-id must have 16 hexadecimal digits")
    }
  }

  func run() throws {
    let context = try SyncContext(common)
    if firefox.list {
      for line in try FirefoxList.lines(context) { print(line) }
      return
    }
    try servers.check()
    let terminal = TerminalPrompt()
    defer { terminal?.finish() }
    let vault = try SignInTarget(vault, terminal: terminal, context)
    let outcome = try way(terminal, vault, context).signIn()
    report(outcome, context)
    let account = try keep(outcome, in: vault, context)
    context.diagnostics.notice("signed in as \(account.name)")
    if let app = account.appName {
      context.diagnostics.hint("expect an e-mail from Mozilla about a new sign-in to \(app): it means this one")
    }
    context.diagnostics.hint("fetch the logins: lockwise-sync pull")
  }

  private func way(_ terminal: TerminalPrompt?, _ vault: SignInTarget, _ context: SyncContext) -> any SignInMethod {
    if browser.browser {
      return BrowserSignInMethod(
        servers: servers, options: browser, clientIDs: clientIDs(.inBrowser, vault), email: email,
        terminal: terminal, context: context)
    }
    let clientIDs = clientIDs(.withSession, vault)
    if firefox.fromFirefox {
      return FirefoxSignInMethod(servers: servers, clientIDs: clientIDs, profile: email, context: context)
    }
    return PasswordSignInMethod(
      servers: servers, options: password, clientIDs: clientIDs, browserIDKey: browserID.key, email: email,
      terminal: terminal, context: context)
  }

  /// The id that the user chose, else all, beginning with the one of the earlier sign-in.
  private func clientIDs(_ all: OAuthClientIDs, _ vault: SignInTarget) -> OAuthClientIDs {
    clientID.map { OAuthClientIDs(only: $0) } ?? all.startingWith(vault.previousClientID)
  }

  /// Stores a sign-in in the vault. If that fails, signs out, so that no sign-in stays on the servers unrecorded.
  private func keep(
    _ outcome: SignInOutcome, in vault: SignInTarget, _ context: SyncContext
  ) throws -> SignedInAccount {
    var account = outcome.account
    do {
      try vault.check(account)
      let completed = try SignInCompletion(transport: context.transport, clock: context.clock)
        .complete(outcome, deviceName: deviceName ?? DeviceName.ofThisMachine)
      account = completed.account
      context.interruption.consume()
      if context.interruption.wasReceived { throw PromptError.cancelled }
      let kept = try vault.keep(completed)
      report(completed, context)
      return kept
    } catch {
      // A signal that ended a prompt must not end this.
      context.interruption.consume()
      _ = SignOut(transport: context.transport).signOut(account)
      throw error
    }
  }

  private func report(_ outcome: SignInOutcome, _ context: SyncContext) {
    if let problem = outcome.sessionLeftOver {
      context.diagnostics.notice(
        "cannot end the session on the server: \(UserFacingError(problem).message)")
      context.diagnostics.hint("it is no longer stored here; to end it too: lockwise-sync logout")
    }
    if let problem = outcome.addressProblem {
      context.diagnostics.notice(
        "cannot fetch the account's e-mail address: \(UserFacingError(problem).message)")
      context.diagnostics.hint("give the address as an argument to check it")
    }
  }

  private func report(_ completed: SignInCompletion.Completed, _ context: SyncContext) {
    if let problem = completed.deviceProblem {
      context.diagnostics.notice(
        "the server did not register a device: \(UserFacingError(problem).message)")
      context.diagnostics.hint("to disconnect this sign-in, look for one without a name under connected services")
    }
    let seconds = abs(completed.credentials.clockOffset) / 1000
    if seconds > 60 {
      context.diagnostics.notice(
        "this machine's clock and the server's differ by \(Quantity.duration(seconds: seconds))")
      context.diagnostics.hint("set this machine's clock if it is wrong; Sync works anyway")
    }
  }
}
