import LockwiseCore

/// The access token for the token server: cached in the vault, renewed with the refresh token.
public struct AccessTokens {
  private let account: SignedInAccount
  private let client: AccountsClient
  private let documents: any SealedDocuments
  private let clock: WallClock

  /// Makes the cache of one account.
  ///
  /// - Parameters:
  ///   - account: who is signed in.
  ///   - documents: the vault.
  ///   - transport: sends the requests.
  ///   - clock: tells when tokens expire.
  public init(
    account: SignedInAccount, documents: any SealedDocuments, transport: any HTTPTransport,
    clock: WallClock = .system
  ) {
    self.account = account
    self.documents = documents
    self.clock = clock
    client = AccountsClient(servers: account.servers, transport: transport)
  }

  /// A token that is valid for another minute at least: the cached one, or a new one.
  ///
  /// - Throws: `SignInAgain` if the refresh token is not valid any more; `AccountsError`, `HTTPError`, and what
  ///   the vault throws.
  public func current() throws -> AccessToken {
    // A damaged cache entry is as good as none.
    if let cached = try documents.document(.accessToken).flatMap({ try? AccessToken(document: $0) }),
      cached.isFresh(at: clock.now())
    {
      return cached
    }
    let token = AccessToken(try grant(), now: clock.now())
    try documents.setDocument(.accessToken, to: token.document())
    return token
  }

  /// Forgets the cached token.
  ///
  /// - Throws: what the vault throws.
  public func drop() throws { try documents.setDocument(.accessToken, to: nil) }

  private func grant() throws -> GrantedAccessToken {
    do {
      return try client.accessToken(
        refreshToken: account.refreshToken, clientID: account.clientID, scope: ScopedKey.oldSyncScope)
    } catch let error as AccountsError {
      switch error.errno.flatMap({ AccountsErrno(rawValue: $0) }) {
      case .invalidToken, .unknownRefreshToken: throw SignInAgain.revoked(errno: error.errno)
      default: throw error
      }
    }
  }
}
