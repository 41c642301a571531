import LockwiseCore

/// Signs in to Sync on Mozilla's own page in a browser (OAuth 2.0 authorization code with PKCE, RFC 6749 section 4.1
/// and RFC 7636; the Sync key comes encrypted, Mozilla accounts "Scoped keys"). The password never comes near this
/// program.
///
/// One value is one sign-in: its random numbers are not used for another.
public final class BrowserSignIn {
  /// How long the page's code is good, and so how long it is waited for: seconds.
  public static let timeout: Int64 = 900

  private let servers: ServerConfiguration
  private let client: AccountsClient
  private let clientID: String
  private let clock: WallClock
  private let email: String?
  private let pkce: PKCE
  private let keys: KeysJWE
  private let request: AuthorizationRequest
  private var isSpent = false

  /// Finds the page and makes the random numbers.
  ///
  /// - Parameters:
  ///   - servers: the discovered servers.
  ///   - transport: sends the requests.
  ///   - clientIDs: the OAuth client ids to try.
  ///   - redirectURI: where the page sends the browser; `nil` for what is registered for the client.
  ///   - email: the address of the account to sign in to, which is filled in on the page; `nil` for any.
  ///   - random: makes state, verifier and key.
  ///   - clock: tells when tokens expire.
  /// - Throws: `AccountsError`, `HTTPError`, `BrowserSignInError.foreignPage`, `CryptoError`.
  public init(
    servers: ServerConfiguration, transport: any HTTPTransport, clientIDs: OAuthClientIDs = .inBrowser,
    redirectURI: String? = nil, email: String? = nil, random: some RandomSource = SystemRandom(),
    clock: WallClock = .system
  ) throws {
    self.servers = servers
    self.clock = clock
    self.email = email
    client = AccountsClient(servers: servers, transport: transport)
    let endpoint = try servers.signInPage(transport: transport)
    let (clientID, registered) = try Self.choose(clientIDs, servers, client, isAddressNeeded: redirectURI == nil)
    self.clientID = clientID
    pkce = try PKCE(random: random)
    keys = try KeysJWE(random: random)
    request = AuthorizationRequest(
      endpoint: endpoint, clientID: clientID, redirectURI: redirectURI ?? registered,
      state: Base64.urlSafe.encode(try random.bytes(16)), challenge: pkce.challenge, keysJWK: keys.parameter,
      email: email)
  }

  /// What the user opens. Whoever else sees it can neither redeem the code that the page hands out nor read the keys, but
  /// could finish the sign-in with an account of their own, so it is kept from other users.
  public var url: String { request.url }

  /// Where the browser ends.
  public var redirectURI: String { request.redirectURI }

  /// Whether an answer belongs to this sign-in.
  ///
  /// - Parameter mayLackState: for what a person pastes, which may be the bare code.
  public func isAnswered(by response: AuthorizationResponse, mayLackState: Bool) -> Bool {
    response.answers(state: request.state, mayLackState: mayLackState)
  }

  /// Redeems the answer. A second call throws, for a code is never sent twice.
  ///
  /// Whatever fails once the server has granted a token, the token is given back.
  ///
  /// - Parameters:
  ///   - response: what came back.
  ///   - mayLackState: for what a person pastes, which may be the bare code.
  /// - Throws: `BrowserSignInError`, `AccountsError`, `HTTPError`, `CryptoError`.
  public func finish(_ response: AuthorizationResponse, mayLackState: Bool = false) throws -> SignInOutcome {
    guard !isSpent, isAnswered(by: response, mayLackState: mayLackState) else {
      throw BrowserSignInError.wrongState
    }
    isSpent = true
    switch response {
    case .declined(let reason, _): throw BrowserSignInError.declined(reason)
    case .code(let code, _): return try redeem(code)
    }
  }

  private func redeem(_ code: SecretBytes) throws -> SignInOutcome {
    let scope = ScopedKey.oldSyncScope
    let grant = try client.redeem(
      code: code, verifier: pkce.verifier, clientID: clientID, scope: scope, optional: [AccountsClient.emailScope])
    do {
      guard let keysJWE = grant.keysJWE, !keysJWE.isEmpty else { throw BrowserSignInError.noKeys }
      let key = try ScopedKeyBundle.oldSyncKey(in: try open(keysJWE))
      let accessToken = try syncToken(grant)
      // No id token is asked for, since its scope would go into the access token too.
      let uid = try client.owner(ofAccessToken: accessToken.token, clientID: clientID, scope: scope)
      let (found, problem) = try address(grant)
      let account = SignedInAccount(
        email: found, uid: uid, servers: servers, clientID: clientID, refreshToken: grant.refreshToken, syncKey: key)
      return SignInOutcome(
        account: account, accessToken: AccessToken(accessToken, now: clock.now()), addressProblem: problem)
    } catch {
      try? client.destroy(oauthToken: grant.refreshToken, clientID: clientID)
      throw error
    }
  }

  /// A token for Sync alone: the token server refuses one that is for more.
  private func syncToken(_ grant: RedeemedCode) throws -> GrantedAccessToken {
    let scope = ScopedKey.oldSyncScope
    guard grant.accessToken.scopes != [scope] else { return grant.accessToken }
    return try client.accessToken(refreshToken: grant.refreshToken, clientID: clientID, scope: scope)
  }

  /// The account's address, by a token that can read nothing else.
  ///
  /// - Returns: the address, or why there is none. Only where no address was asked for is a sign-in kept without one.
  /// - Throws: `BrowserSignInError.otherAccount`; `AccountsError`, `HTTPError`.
  private func address(_ grant: RedeemedCode) throws -> (String?, problem: (any Error)?) {
    do {
      guard grant.accessToken.scopes.contains(AccountsClient.emailScope) else { throw AccountsError.unexpectedScope }
      let token = try client.accessToken(
        refreshToken: grant.refreshToken, clientID: clientID, scope: AccountsClient.emailScope)
      let found = try client.email(accessToken: token.token)
      if let email, !EmailAddress.areSame(email, found) { throw BrowserSignInError.otherAccount(signedInAs: found) }
      return (found, nil)
    } catch let error as AccountsError where email == nil {
      return (nil, error)
    } catch let error as HTTPError where email == nil && error.mayPass {
      return (nil, error)
    }
  }

  /// People are told one thing of whatever is wrong with the message: it is not what the page sent to us.
  private func open(_ keysJWE: SecretBytes) throws -> SecretBytes {
    do {
      return try keys.open(keysJWE)
    } catch CryptoError.unavailable {
      throw CryptoError.unavailable
    } catch {
      throw AccountsError.tamperedKeyBundle
    }
  }

  /// Chooses the first client id that the server does not refuse, with its redirect address.
  ///
  /// Where the server does not say, the address is the one that Mozilla's own deployments register for these ids.
  private static func choose(
    _ ids: OAuthClientIDs, _ servers: ServerConfiguration, _ client: AccountsClient, isAddressNeeded: Bool
  ) throws -> (id: String, redirectURI: String) {
    try ids.firstAccepted { id in
      let known = "\(servers.contentRoot)/oauth/success/\(id)"
      do {
        return (id, try client.redirectURI(ofClient: id))
      } catch AccountsError.noRedirectAddress where !isAddressNeeded {
        return (id, known)
      } catch let error as AccountsError where !error.refusesClientID {
        return (id, known)
      } catch let error as HTTPError where error.mayPass {
        return (id, known)
      }
    }
  }
}
