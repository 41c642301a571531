import LockwiseCore

/// Signs in by the session of a Firefox, which is used and not changed: Firefox stays signed in.
public struct FirefoxSignIn {
  private let servers: ServerConfiguration
  private let client: AccountsClient
  private let clientID: String
  private let clock: WallClock

  /// Makes a sign-in.
  ///
  /// - Parameters:
  ///   - servers: Firefox's own (`FirefoxServers`).
  ///   - transport: sends the requests.
  ///   - clientID: the OAuth client id to use.
  ///   - clock: tells when tokens expire.
  public init(
    servers: ServerConfiguration, transport: any HTTPTransport, clientID: String = PasswordSignIn.defaultClientID,
    clock: WallClock = .system
  ) {
    self.servers = servers
    self.clientID = clientID
    self.clock = clock
    client = AccountsClient(servers: servers, transport: transport)
  }

  /// Signs in. The refresh token comes last: nothing can fail behind it.
  ///
  /// - Parameters:
  ///   - account: who is signed in to Firefox.
  ///   - key: the Sync key that Firefox has.
  /// - Returns: the account and a first access token.
  /// - Throws: `FirefoxError.sessionGone`, `.notVerified`, `.outdatedSyncKey`; `AccountsError`, `HTTPError`.
  public func signIn(_ account: FirefoxAccount, key: ScopedKey) throws -> SignInOutcome {
    guard let session = account.session else { throw FirefoxError.sessionGone }
    do {
      guard try client.isVerified(session) else { throw FirefoxError.notVerified }
      let rotation = try client.scopedKeyData(session, clientID: clientID, scope: ScopedKey.oldSyncScope)
      guard key.kid.hasPrefix("\(rotation.timestamp)-") else { throw FirefoxError.outdatedSyncKey }
      let tokens = try client.grantRefreshToken(session, clientID: clientID, scope: ScopedKey.oldSyncScope)
      return SignInOutcome(
        account: SignedInAccount(
          email: account.email, uid: account.uid, servers: servers, clientID: clientID,
          refreshToken: tokens.refreshToken, syncKey: key),
        accessToken: AccessToken(tokens.accessToken, now: clock.now()))
    } catch let error as AccountsError {
      if error.errno == AccountsErrno.invalidToken.rawValue { throw FirefoxError.sessionGone }
      if error.isUnverified { throw FirefoxError.notVerified }
      throw error
    }
  }
}
