import LockwiseCore

/// Signs in through the session of a Firefox, which stays signed in and keeps its device record.
///
/// The accounts server ties a token for Sync to the device record of the session that requests it, and whoever destroys
/// that record ends the session. So a duplicate of the session, which has no record, requests the token, and is
/// destroyed before the token gets a record of its own.
public struct FirefoxSignIn {
  private let servers: ServerConfiguration
  private let client: AccountsClient
  private let clientIDs: OAuthClientIDs
  private let clock: WallClock

  /// Creates a sign-in.
  ///
  /// - Parameters:
  ///   - servers: Firefox's own (`FirefoxServers`).
  ///   - transport: the transport for requests.
  ///   - clientIDs: the OAuth client ids to try.
  ///   - clock: the clock by which tokens expire.
  public init(
    servers: ServerConfiguration, transport: any HTTPTransport, clientIDs: OAuthClientIDs = .withSession,
    clock: WallClock = .system
  ) {
    self.servers = servers
    self.clientIDs = clientIDs
    self.clock = clock
    client = AccountsClient(servers: servers, transport: transport)
  }

  /// Signs in. The refresh token is granted last: after it, only ending the duplicate session can fail.
  ///
  /// - Parameters:
  ///   - account: the account signed in to Firefox.
  ///   - key: the Sync key that Firefox has.
  /// - Returns: the account and a first access token.
  /// - Throws: `FirefoxError.sessionGone`, `.notVerified`, `.outdatedSyncKey`, `.noDuplicateSession`; `AccountsError`,
  ///   `HTTPError`.
  public func signIn(_ account: FirefoxAccount, key: ScopedKey) throws -> SignInOutcome {
    guard let session = account.session else { throw FirefoxError.sessionGone }
    do {
      guard try client.isVerified(session) else { throw FirefoxError.notVerified }
      let duplicate = try duplicate(session)
      let result = Result { try grant(to: duplicate, account, key) }
      var sessionLeftOver: (any Error)?
      do { try client.destroy(duplicate) } catch { sessionLeftOver = error }
      let (signedIn, accessToken) = try result.get()
      return SignInOutcome(account: signedIn, accessToken: accessToken, sessionLeftOver: sessionLeftOver)
    } catch let error as AccountsError {
      if error.errno == AccountsErrno.invalidToken.rawValue { throw FirefoxError.sessionGone }
      if error.isUnverified { throw FirefoxError.notVerified }
      throw error
    }
  }

  private func duplicate(_ session: AccountToken) throws -> AccountToken {
    do {
      return try client.duplicate(session)
    } catch let error as AccountsError where error.isMissingRoute {
      throw FirefoxError.noDuplicateSession
    }
  }

  private func grant(
    to session: AccountToken, _ account: FirefoxAccount, _ key: ScopedKey
  ) throws -> (SignedInAccount, AccessToken) {
    try clientIDs.firstAccepted { clientID in
      let rotation = try client.scopedKeyData(session, clientID: clientID, scope: ScopedKey.oldSyncScope)
      guard key.kid.hasPrefix("\(rotation.timestamp)-") else { throw FirefoxError.outdatedSyncKey }
      let tokens = try client.grantRefreshToken(session, clientID: clientID, scope: ScopedKey.oldSyncScope)
      let signedIn = SignedInAccount(
        email: account.email, uid: account.uid, servers: servers, clientID: clientID,
        refreshToken: tokens.refreshToken, syncKey: key)
      return (signedIn, AccessToken(tokens.accessToken, now: clock.now()))
    }
  }
}
