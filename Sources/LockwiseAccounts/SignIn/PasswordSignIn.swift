import LockwiseCore

/// Signs in to Sync with an e-mail address and a password.
///
/// The password and the account's key are dropped afterwards, and so is the session unless it is the grant itself;
/// `SignedInAccount` holds the rest.
public struct PasswordSignIn {
  private let servers: ServerConfiguration
  private let client: AccountsClient
  private let clientIDs: OAuthClientIDs
  private let browserIDKey: BrowserIDKeyKind?
  private let clock: WallClock
  private let questions: (any SignInQuestions)?
  private let attempts: LoginAttempts

  /// Creates a sign-in.
  ///
  /// - Parameters:
  ///   - servers: the discovered servers.
  ///   - transport: the transport for requests.
  ///   - clientIDs: the OAuth client ids to try.
  ///   - browserIDKey: the key for a server that supports BrowserID and not OAuth; the session is then the grant.
  ///   - questions: provides the codes that the account asks for; without it, such an account is refused.
  ///   - clock: the clock by which tokens expire.
  public init(
    servers: ServerConfiguration, transport: any HTTPTransport, clientIDs: OAuthClientIDs = .withSession,
    browserIDKey: BrowserIDKeyKind? = nil, questions: (any SignInQuestions)? = nil, clock: WallClock = .system
  ) {
    self.servers = servers
    self.clientIDs = clientIDs
    self.browserIDKey = browserIDKey
    self.clock = clock
    self.questions = questions
    client = AccountsClient(servers: servers, transport: transport)
    attempts = LoginAttempts(client: client, questions: questions)
  }

  /// Signs in. May be called again with another password.
  ///
  /// A session that the server has opened is always destroyed at the end, unless it is what a sign-in with BrowserID
  /// keeps.
  ///
  /// - Parameters:
  ///   - email: the address as typed.
  ///   - password: the password as typed, UTF-8.
  /// - Returns: the account and a first access token.
  /// - Throws: `AccountsError`, `.verificationPending` if the account asks for a step that cannot be done here;
  ///   `HTTPError` if there is no response; `CryptoError`; the errors of the questions.
  public func signIn(email: String, password: SecretBytes) throws -> SignInOutcome {
    let login = try attempts.login(email: email, password: password)
    let result = Result { try finish(login, email: email) }
    if case .success(let (account, nil)) = result { return SignInOutcome(account: account, accessToken: nil) }
    var sessionLeftOver: (any Error)?
    do { try client.destroy(login.session) } catch { sessionLeftOver = error }
    let (account, accessToken) = try result.get()
    return SignInOutcome(account: account, accessToken: accessToken, sessionLeftOver: sessionLeftOver)
  }

  /// Completes the sign-in from a session. The refresh token is granted last: nothing can fail after it.
  private func finish(_ login: AccountSession, email: String) throws -> (SignedInAccount, AccessToken?) {
    let verification = SignInVerification(client: client, session: login.session, questions: questions)
    if let step = login.pending { try verification.complete(step) }
    // It exists only in this function; its storage is wiped on return.
    let kB = try verified(login, verification) { try client.keys(login.keyFetch).unwrap(with: login.unwrapBKey) }
    if let browserIDKey {
      let grant = AccountGrant.session(login.session, browserIDKey)
      let key = try ScopedKey.oldSync(kB: kB)
      return (SignedInAccount(email: email, uid: login.uid, servers: servers, grant: grant, syncKey: key), nil)
    }
    return try verified(login, verification) {
      try clientIDs.firstAccepted { clientID in
        let rotation = try client.scopedKeyData(login.session, clientID: clientID, scope: ScopedKey.oldSyncScope)
        let key = try ScopedKey.oldSync(kB: kB, timestamp: rotation.timestamp)
        let tokens = try client.grantRefreshToken(
          login.session, clientID: clientID, scope: ScopedKey.oldSyncScope)
        let account = SignedInAccount(
          email: email, uid: login.uid, servers: servers, clientID: clientID,
          refreshToken: tokens.refreshToken, syncKey: key)
        return (account, AccessToken(tokens.accessToken, now: clock.now()))
      }
    }
  }

  /// Sends a request that needs a verified session, and repeats it after the verification if the login did not report
  /// that one was needed.
  private func verified<Value>(
    _ login: AccountSession, _ verification: SignInVerification, _ request: () throws -> Value
  ) throws -> Value {
    do {
      return try request()
    } catch let error as AccountsError where error.mayBeUnverified {
      // A refusal leaves the token for the keys valid.
      guard questions != nil, login.pending == nil, let step = try client.pendingStep(login.session) else {
        throw error
      }
      try verification.complete(step)
      return try request()
    }
  }
}
