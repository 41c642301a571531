import LockwiseCore

/// Signs in to Sync on Mozilla's own page in a browser (OAuth 2.0 authorization code with PKCE, RFC 6749 section 4.1
/// and RFC 7636; the Sync key comes encrypted, Mozilla accounts "Scoped keys"). The password never reaches this
/// program.
///
/// Each value is for one sign-in: its random numbers are not reused.
public final class BrowserSignIn {
  /// The lifetime of the page's code, which is also the longest wait.
  public static let timeout: Seconds = 900

  private let servers: ServerConfiguration
  private let client: AccountsClient
  private let clientID: String
  private let clock: WallClock
  private let email: String?
  private let pkce: PKCE
  private let keys: KeysJWE
  private let request: AuthorizationRequest
  private var isSpent = false

  /// Finds the page and generates the random numbers.
  ///
  /// - Parameters:
  ///   - servers: the discovered servers.
  ///   - transport: the transport for requests.
  ///   - clientIDs: the OAuth client ids to try.
  ///   - redirectURI: the address that the page redirects to; `nil` for the client's registered one.
  ///   - email: the address of the account to sign in to, which is filled in on the page; `nil` for any.
  ///   - random: the source of state, verifier and key.
  ///   - clock: the clock by which tokens expire.
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

  /// The address that the user opens. Anyone else who sees it can neither redeem the code nor read the keys, but could
  /// finish the sign-in with an account of their own, so it is kept from other users.
  public var url: String { request.url }

  /// The address at which the browser ends.
  public var redirectURI: String { request.redirectURI }

  /// Whether a response belongs to this sign-in.
  ///
  /// - Parameter mayLackState: true for pasted text, which may be the code alone.
  public func isAnswered(by response: AuthorizationResponse, mayLackState: Bool) -> Bool {
    response.answers(state: request.state, mayLackState: mayLackState)
  }

  /// Redeems the response. A second call throws: a code is never sent twice.
  ///
  /// If anything fails after the server granted a token, the token is revoked.
  ///
  /// - Parameters:
  ///   - response: the response.
  ///   - mayLackState: true for pasted text, which may be the code alone.
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
      // No id token is requested, since its scope would be in the access token too.
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

  /// A token for Sync alone: the token server refuses one with more scopes.
  private func syncToken(_ grant: RedeemedCode) throws -> GrantedAccessToken {
    let scope = ScopedKey.oldSyncScope
    guard grant.accessToken.scopes != [scope] else { return grant.accessToken }
    return try client.accessToken(refreshToken: grant.refreshToken, clientID: clientID, scope: scope)
  }

  /// Fetches the account's address with a token that can read nothing else.
  ///
  /// - Returns: the address, or the reason why there is none. A sign-in without one is kept only if no address was
  ///   requested.
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

  /// Reports every problem of the message as one error: it is not what the page sent.
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
  /// If the server does not name it, the address is the one that Mozilla's own deployments register for these ids.
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

/// The decrypted keys that the sign-in page sent: an object of JSON Web Keys by scope (Mozilla accounts, "Scoped keys").
enum ScopedKeyBundle {
  /// Returns the Sync key, which must be the only key.
  ///
  /// - Throws: `AccountsError.tamperedKeyBundle` if it is not a bundle that the page would send.
  static func oldSyncKey(in text: SecretBytes) throws(AccountsError) -> ScopedKey {
    let scope = ScopedKey.oldSyncScope
    guard let bundle = (try? JSONValue(parsing: text))?.object, bundle.members.count == 1,
      let entry = bundle[scope]?.object, entry.hasDistinctNames, entry["kty"]?.string == "oct",
      // Old pages omit it.
      entry["scope"].map({ $0.string == scope }) ?? true,
      let kid = entry["kid"]?.string, ScopedKey.isKeyID(kid),
      let key = entry["k"]?.secret.flatMap({ Base64.urlSafe.decode($0) }), key.count == 64
    else { throw .tamperedKeyBundle }
    return ScopedKey(scope: scope, key: key, kid: kid)
  }
}
