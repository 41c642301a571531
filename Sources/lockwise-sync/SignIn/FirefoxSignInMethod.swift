import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// The sign-in with the Firefox on this machine.
struct FirefoxSignInMethod: SignInMethod {
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
    let keys = try FirefoxKeys(of: profile, account: account, copyIn: context.placesForCopies)
    let key = try PrimaryPassword(context).unlock(
      profile.name, for: "lockwise-sync signs in with Firefox"
    ) { try keys.syncKey(primaryPassword: $0) }
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
}
