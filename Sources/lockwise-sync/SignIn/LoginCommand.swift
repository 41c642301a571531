import ArgumentParser
import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

struct LoginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Create the vault for a Mozilla account or a local Firefox.",
    discussion: """
      Asks for the account's password and, unless --key-file or --passphrase-command is given, for a new passphrase \
      for the vault. The vault stores a token limited to Sync and the Sync key, never the password or the session. Then \
      fetches the logins. If the account already has a vault here, the sign-in is renewed and the logins are kept.

      With --local, the vault has the logins of a Firefox on this machine, without an account. The argument is the \
      profile's name or directory. lockwise-sync never writes to the profile. The profile's logins are fetched at once, \
      and again by pull after Firefox changed them.

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

  @Flag(help: "Sign in without fetching the logins.")
  var noPull = false

  @Argument(help: "The account's e-mail address; with --local or --from-firefox, the profile.")
  var email: String?

  func validate() throws {
    if [browser.browser, firefox.fromFirefox, firefox.local, browserID.isUsed].count(where: \.self) > 1 {
      throw ValidationError("--browser, --from-firefox, --local and --browserid cannot be combined")
    }
    if firefox.local {
      if password.isUsed || servers.isUsed || clientID != nil || deviceName != nil || noPull {
        throw ValidationError("--local cannot be combined with options for an account")
      }
    }
    if browser.browser, password.isUsed {
      throw ValidationError("--browser cannot be combined with options for the password and codes")
    }
    if firefox.fromFirefox, password.isUsed {
      throw ValidationError("--from-firefox cannot be combined with options for the password and codes")
    }
    if password.passwordStdin, email == nil { throw ValidationError("--password-stdin requires the e-mail address") }
    if let email, !firefox.namesProfile, !EmailAddress.isValid(email) {
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

  func run() throws { try run(showsNextSteps: true) }

  /// Runs the command.
  ///
  /// - Parameter showsNextSteps: whether a hint says how to let git use the vault.
  func run(showsNextSteps: Bool) throws {
    let context = try SyncContext(common)
    if firefox.list {
      for line in try FirefoxList.lines(context) { print(line) }
      return
    }
    try servers.check()
    let terminal = TerminalPrompt()
    defer { terminal?.finish() }
    let vault = try SignInTarget(vault, terminal: terminal, context)
    let firstPull = FirstPull(showsNextSteps: showsNextSteps, context: context)
    if firefox.local {
      try LocalLogin(options: firefox, profile: email, firstPull: firstPull, context: context).run(vault)
      return
    }
    let outcome = try way(terminal, vault, context).signIn()
    report(outcome, context)
    let (unlocked, account) = try keep(outcome, in: vault, context)
    context.diagnostics.notice("signed in as \(account.name)")
    if let app = account.appName {
      context.diagnostics.hint("expect an e-mail from Mozilla about a new sign-in to \(app): it means this one")
    }
    guard !noPull else {
      context.diagnostics.hint("fetch the logins: lockwise-sync pull")
      return
    }
    firstPull.run(unlocked, account: account.name)
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
  ) throws -> (vault: Vault, account: SignedInAccount) {
    var account = outcome.account
    do {
      try vault.check(.account(account))
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
    let difference = Seconds(completed.credentials.clockOffset.magnitude)
    if difference > 60 {
      context.diagnostics.notice(
        "this machine's clock and the server's differ by \(Quantity.duration(difference))")
      context.diagnostics.hint("set this machine's clock if it is wrong; Sync works anyway")
    }
  }
}

/// The options of the sign-in with BrowserID, for servers without OAuth.
struct BrowserIDOptions: ParsableArguments {
  @Flag(
    name: .customLong("browserid"),
    help: "Sign in to your own server from before 2024.")
  var isUsed = false

  @Option(
    name: .customLong("browserid-key"),
    help: ArgumentHelp(
      "The kind of key: \(BrowserIDKeyKind.allCases.map(\.rawValue).joined(separator: ", ")) (default: rsa).",
      valueName: "kind"))
  var kind: BrowserIDKeyKind?

  /// The keys to sign with; `nil` for the sign-in with OAuth.
  var key: BrowserIDKeyKind? { isUsed ? kind ?? .rsa : nil }

  func validate() throws {
    if kind != nil, !isUsed { throw ValidationError("--browserid-key requires --browserid") }
  }
}

extension BrowserIDKeyKind: ExpressibleByArgument {}

/// OAuth client ids of Mozilla accounts.
enum OAuthClientID {
  /// Whether the text has the form of one: 16 hexadecimal digits in lower case.
  static func isValid(_ text: String) -> Bool {
    text.utf8.count == 16 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

/// The name that a sign-in gets in the account's list of devices.
enum DeviceName {
  /// Whether the accounts server accepts a name: 1 to 255 characters, none of them a control character.
  static func isValid(_ name: String) -> Bool {
    (1...255).contains(name.utf8.count)
      && !name.unicodeScalars.contains {
        switch $0.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
      }
  }

  /// The name for a sign-in on this machine.
  static var ofThisMachine: String {
    // HOST_NAME_MAX is 64 on Linux (gethostname(2)).
    var buffer = [CChar](repeating: 0, count: 65)
    guard gethostname(&buffer, 64) == 0 else { return "lockwise" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    return isValid(name) ? "lockwise on \(name)" : "lockwise"
  }
}
