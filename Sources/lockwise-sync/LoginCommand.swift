import ArgumentParser
import LockwiseAccounts
import LockwiseCore

struct LoginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Sign in to a Mozilla account and make the vault.",
    discussion: """
      Asks for the account's password and, unless --key-file or --passphrase-command is given, for a new passphrase \
      for the vault. What stays afterwards is a token limited to Sync and the Sync key, sealed in the vault; the \
      password and the session are forgotten. Where there is a vault of the same account already, its sign-in is \
      renewed and its logins are kept. With --from-firefox there is nothing to type but a primary password: the \
      session and the Sync key of a Firefox on this machine are used once. With --browser the password is typed on the \
      server's own page, never here.
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
      "Sign in with this OAuth client id alone (default: several of Mozilla's, the next one where one is refused).",
      valueName: "id"))
  var clientID: String?

  @Option(
    help: ArgumentHelp(
      "The name in the account's list of devices (default: lockwise on HOST).", valueName: "name"))
  var deviceName: String?

  @Argument(help: "The account's e-mail address, asked for if not given; with --from-firefox the profile.")
  var email: String?

  func validate() throws {
    if [browser.browser, firefox.fromFirefox, browserID.isUsed].count(where: \.self) > 1 {
      throw ValidationError("--browser, --from-firefox and --browserid cannot go together")
    }
    if browser.browser, password.isUsed {
      throw ValidationError("with --browser the password and codes are typed in the browser")
    }
    if firefox.fromFirefox, password.isUsed {
      throw ValidationError("--from-firefox asks for no password and no code of the account")
    }
    if password.passwordStdin, email == nil { throw ValidationError("--password-stdin needs the e-mail address") }
    if let email, !firefox.fromFirefox, !EmailAddress.isValid(email) {
      throw ValidationError("this is not an e-mail address")
    }
    if let deviceName, !DeviceName.isValid(deviceName) {
      throw ValidationError("a device's name has 1 to 255 bytes and no control characters")
    }
    if browserID.isUsed, clientID != nil {
      throw ValidationError("--browserid and --client-id cannot go together: BrowserID has no clients")
    }
    if let clientID, !OAuthClientID.isValid(clientID) {
      throw ValidationError("a client id has 16 hexadecimal digits")
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
      context.diagnostics.hint("if Mozilla mails you about a new sign-in of \(app), it means this one")
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

  /// The id that the user chose, else all, the one first that worked at the earlier sign-in.
  private func clientIDs(_ all: OAuthClientIDs, _ vault: SignInTarget) -> OAuthClientIDs {
    clientID.map { OAuthClientIDs(only: $0) } ?? all.startingWith(vault.previousClientID)
  }

  /// Keeps a sign-in, or gives it back: nothing may stay on the servers that nobody here knows of.
  private func keep(
    _ outcome: SignInOutcome, in vault: SignInTarget, _ context: SyncContext
  ) throws -> SignedInAccount {
    var account = outcome.account
    do {
      try vault.check(account)
      let completed = try SignInCompletion(transport: context.transport, clock: context.clock)
        .complete(outcome, deviceName: deviceName ?? DeviceName.ofThisMachine)
      account = completed.account
      context.interruption.take()
      if context.interruption.wasAsked { throw PromptError.cancelled }
      let kept = try vault.keep(completed)
      report(completed, context)
      return kept
    } catch {
      // What ended a prompt must not end this.
      context.interruption.take()
      _ = SignOut(transport: context.transport).signOut(account)
      throw error
    }
  }

  private func report(_ outcome: SignInOutcome, _ context: SyncContext) {
    if let problem = outcome.sessionLeftOver {
      context.diagnostics.notice(
        "cannot end the session on the server: \(UserFacingError(problem).message)")
      context.diagnostics.hint("it was forgotten here, and ends with this sign-in: lockwise-sync logout")
    }
    if let problem = outcome.addressProblem {
      context.diagnostics.notice(
        "the account's e-mail address could not be fetched: \(UserFacingError(problem).message)")
      context.diagnostics.hint("give the address as an argument to have it checked")
    }
  }

  private func report(_ completed: SignInCompletion.Completed, _ context: SyncContext) {
    if let problem = completed.deviceProblem {
      context.diagnostics.notice(
        "the server did not create a device record: \(UserFacingError(problem).message)")
      context.diagnostics.hint("the account's settings list this sign-in under connected services without a name")
    }
    let seconds = abs(completed.credentials.clockOffset) / 1000
    if seconds > 60 {
      context.diagnostics.notice(
        "this machine's clock and the server's differ by \(Quantity.duration(seconds: seconds))")
      context.diagnostics.hint("Sync works anyway; if this machine's clock is wrong, set it")
    }
  }
}
