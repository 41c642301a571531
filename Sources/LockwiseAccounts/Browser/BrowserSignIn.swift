import LockwiseCore

/// Signs in to Sync on Mozilla's own page in a browser (OAuth 2.0 authorization code with PKCE, RFC 6749 section 4.1
/// and RFC 7636; the Sync key comes encrypted, Mozilla accounts "Scoped keys"). The password never comes near this
/// program.
///
/// One value is one sign-in: its random numbers are not used for another.
public final class BrowserSignIn {
  /// The client id of Mozilla's Reference Browser, which the page sends to an address that keeps the code in view.
  public static let defaultClientID = "3c49430b43dfba77"

  /// How long the page's code is good, and so how long it is waited for: seconds.
  public static let patience: Int64 = 900

  private let servers: ServerConfiguration
  private let client: AccountsClient
  private let clientID: String
  private let clock: WallClock
  private let pkce: PKCE
  private let keys: KeysJWE
  private let request: AuthorizationRequest
  private var isSpent = false

  /// Finds the page and makes the random numbers.
  ///
  /// - Parameters:
  ///   - servers: the discovered servers.
  ///   - transport: sends the requests.
  ///   - clientID: the OAuth client id to use.
  ///   - redirectURI: where the page sends the browser; `nil` for what is registered for the client.
  ///   - email: filled in on the page; `nil` for none.
  ///   - random: makes state, verifier and key.
  ///   - clock: tells when tokens expire.
  /// - Throws: `AccountsError`, `HTTPError`, `BrowserSignInError.foreignPage`, `CryptoError`.
  public init(
    servers: ServerConfiguration, transport: any HTTPTransport, clientID: String = defaultClientID,
    redirectURI: String? = nil, email: String? = nil, random: some RandomSource = SystemRandom(),
    clock: WallClock = .system
  ) throws {
    self.servers = servers
    self.clientID = clientID
    self.clock = clock
    client = AccountsClient(servers: servers, transport: transport)
    let endpoint = try servers.signInPage(transport: transport)
    let redirect = try redirectURI ?? Self.registeredRedirect(of: clientID, servers, client)
    pkce = try PKCE(random: random)
    keys = try KeysJWE(random: random)
    request = AuthorizationRequest(
      endpoint: endpoint, clientID: clientID, redirectURI: redirect,
      state: Base64.urlSafe.encode(try random.bytes(16)), challenge: pkce.challenge, keysJWK: keys.parameter,
      email: email)
  }

  /// What a person opens. It may be seen by others: the code that the page hands out can be redeemed, and the keys read,
  /// only with what stays in here.
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
    let grant = try client.redeem(code: code, verifier: pkce.verifier, clientID: clientID, scope: scope)
    do {
      guard let keysJWE = grant.keysJWE, !keysJWE.isEmpty else { throw BrowserSignInError.noKeys }
      let key = try ScopedKeyBundle.oldSyncKey(in: try open(keysJWE))
      // No id token is asked for, since its scope would go into the access token too; so the server is asked.
      let uid = try client.owner(ofAccessToken: grant.accessToken.token, clientID: clientID, scope: scope)
      let account = SignedInAccount(
        email: nil, uid: uid, servers: servers, clientID: clientID, refreshToken: grant.refreshToken, syncKey: key)
      return SignInOutcome(account: account, accessToken: AccessToken(grant.accessToken, now: clock.now()))
    } catch {
      try? client.destroy(oauthToken: grant.refreshToken, clientID: clientID)
      throw error
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

  private static func registeredRedirect(
    of id: String, _ servers: ServerConfiguration, _ client: AccountsClient
  ) throws -> String {
    let production = ServerConfiguration.productionContentRoot
    if servers.contentRoot == production, id == defaultClientID { return "\(production)/oauth/success/\(id)" }
    return try client.redirectURI(ofClient: id)
  }
}
