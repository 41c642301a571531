import LockwiseCore

/// The access tokens for the token server: cached in the vault, renewed with the refresh token.
struct AccessTokens: TokenServerProofs {
  private let account: SignedInAccount
  private let refreshToken: SecretBytes
  private let clientID: String
  private let client: AccountsClient
  private let documents: any SealedDocuments
  private let clock: WallClock

  /// Creates the cache of one account.
  ///
  /// - Parameters:
  ///   - account: the signed-in account.
  ///   - refreshToken: the account's grant.
  ///   - clientID: the OAuth client id that it was granted to.
  ///   - documents: the vault.
  ///   - transport: the transport for requests.
  ///   - clock: the clock by which tokens expire.
  init(
    account: SignedInAccount, refreshToken: SecretBytes, clientID: String, documents: any SealedDocuments,
    transport: any HTTPTransport, clock: WallClock
  ) {
    self.account = account
    self.refreshToken = refreshToken
    self.clientID = clientID
    self.documents = documents
    self.clock = clock
    client = AccountsClient(servers: account.servers, transport: transport)
  }

  /// Returns a token that is valid for at least another minute: the cached one, or a new one.
  ///
  /// - Throws: `SignInRequired` if the refresh token is no longer valid; `AccountsError`, `HTTPError`, and the
  ///   errors of the vault.
  func current() throws -> TokenServerProof {
    .accessToken(try accessToken().token, keyID: account.syncKey.kid)
  }

  private func accessToken() throws -> AccessToken {
    // A damaged cache entry is ignored.
    if let cached = try documents.document(.accessToken).flatMap({ try? AccessToken(document: $0) }),
      cached.isFresh(at: clock.now())
    {
      return cached
    }
    let token = AccessToken(try grant(), now: clock.now())
    try documents.setDocument(.accessToken, to: token.document())
    return token
  }

  /// Removes the cached token.
  ///
  /// - Throws: the errors of the vault.
  func renew(after error: TokenServerError) throws { try documents.setDocument(.accessToken, to: nil) }

  private func grant() throws -> GrantedAccessToken {
    do {
      return try client.accessToken(
        refreshToken: refreshToken, clientID: clientID, scope: ScopedKey.oldSyncScope)
    } catch let error as AccountsError where error.isRevoked {
      throw SignInRequired.revoked(errno: error.errno)
    }
  }
}
