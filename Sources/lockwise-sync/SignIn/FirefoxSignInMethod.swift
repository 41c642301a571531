import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The sign-in with the Firefox on this machine.
struct FirefoxSignInMethod: SignInMethod {
  private static let tries = 3

  let servers: ServerOptions
  let clientIDs: OAuthClientIDs
  /// A profile's name or directory; `nil` for the one that is signed in.
  let profile: String?
  let context: SyncContext

  func signIn() throws -> SignInOutcome {
    let profile = try FirefoxProfiles(environment: context.environment).choose(profile) {
      (try? FirefoxAccount(of: $0)) != nil
    }
    guard let account = try FirefoxAccount(of: profile) else { throw FirefoxError.notSignedIn(profile: profile.name) }
    let keys = try FirefoxKeys(of: profile, account: account, copyIn: Self.places(context))
    let key = try syncKey(keys, of: profile)
    let own = try FirefoxServers(of: profile)
    let configuration = try configuration(own)
    // The session must be sent only to Firefox's own servers.
    try own.check(configuration)
    context.interruption.begin()
    return try FirefoxSignIn(
      servers: configuration, transport: context.transport, clientIDs: clientIDs, clock: context.clock
    ).signIn(account, key: key)
  }

  private func configuration(_ own: FirefoxServers) throws -> ServerConfiguration {
    if servers.server != nil || servers.authServer != nil {
      return try servers.configuration(transport: context.transport)
    }
    let found = try own.configuration(transport: context.transport)
    guard let tokenServer = servers.tokenServer else { return found }
    return try found.withTokenServer(tokenServer)
  }

  /// Asks for the primary password if there is one.
  private func syncKey(_ keys: FirefoxKeys, of profile: FirefoxProfile) throws -> ScopedKey {
    do {
      return try keys.syncKey(primaryPassword: SecretBytes(utf8: ""))
    } catch FirefoxError.wrongPrimaryPassword {}
    guard !context.configuration.isOn("LOCKWISE_NO_PROMPT") else { throw Self.nobodyThere }
    let prompt = PassphrasePrompt(configuration: context.configuration)
    var error: String?
    for _ in 0..<Self.tries {
      do {
        let answer = try prompt.ask(Self.question(profile), error: error)
        return try keys.syncKey(primaryPassword: answer)
      } catch FirefoxError.wrongPrimaryPassword {
        error = "Wrong primary password."
      } catch PromptError.nobodyThere, PromptError.pinentryMissing {
        throw Self.nobodyThere
      }
    }
    throw FirefoxError.wrongPrimaryPassword
  }

  private static func question(_ profile: FirefoxProfile) -> PassphraseQuestion {
    PassphraseQuestion(
      description: "lockwise-sync signs in with Firefox. Primary password of the profile \(profile.name):",
      line: "Enter passphrase for key 'primary password of the Firefox profile \(profile.name)': ")
  }

  private static let nobodyThere = UserFacingError(
    "Firefox has a primary password, and there is no terminal or pinentry to ask for it",
    hints: ["run this at a terminal"], exitCode: .usage)

  /// The directories for a short-lived copy of a database, in memory if possible.
  static func places(_ context: SyncContext) -> [String] {
    let path = context.directory.path
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) }
    return [context.environment["XDG_RUNTIME_DIR"], "/dev/shm", parent].compactMap(\.self).filter { $0.hasPrefix("/") }
  }
}
