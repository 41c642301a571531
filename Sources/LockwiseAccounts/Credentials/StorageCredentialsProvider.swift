import LockwiseCore

/// Provides storage credentials: cached in memory and in the vault, and fetched again when they are old or rejected.
public final class StorageCredentialsProvider: StorageCredentialsSource {
  /// Called with the time for which the token server asks the client to back off.
  public var onBackoff: (Seconds) throws -> Void = { _ in }

  private let proofs: any TokenServerProofs
  private let tokenServer: TokenServerClient
  private let documents: any SealedDocuments
  private let clock: WallClock
  /// The credentials of this run.
  private var current: StorageCredentials?

  /// Creates a provider for one account.
  ///
  /// - Parameters:
  ///   - account: the signed-in account.
  ///   - documents: the vault, which caches tokens.
  ///   - transport: the transport for requests.
  ///   - clock: the clock by which credentials expire.
  public init(
    account: SignedInAccount, documents: any SealedDocuments, transport: any HTTPTransport,
    clock: WallClock = .system
  ) {
    self.documents = documents
    self.clock = clock
    switch account.grant {
    case .refreshToken(let token, let clientID):
      proofs = AccessTokens(
        account: account, refreshToken: token, clientID: clientID, documents: documents, transport: transport,
        clock: clock)
    case .session(let session, let kind):
      proofs = BrowserIDAssertions(
        account: account, session: session, kind: kind, transport: transport, clock: clock)
    }
    tokenServer = TokenServerClient(servers: account.servers, transport: transport, clock: clock)
  }

  /// Returns the credentials of this run, else those in the vault, else new ones.
  ///
  /// - Throws: `SignInRequired`, `TokenServerError`, `AccountsError`, `HTTPError`, and the errors of the vault.
  public func credentials() throws -> StorageCredentials {
    if let current { return current }
    if let cached = try cached(), cached.isFresh(at: clock.now()) {
      current = cached
      return cached
    }
    return try fetch()
  }

  /// Returns new credentials.
  ///
  /// - Throws: `SignInRequired`, `TokenServerError`, `AccountsError`, `HTTPError`, and the errors of the vault.
  public func replaceAfterUnauthorized() throws -> StorageCredentials { try fetch() }

  /// Corrects the clock offset for this run. The next run learns it from the token server or its first response.
  public func setClockOffset(_ offset: Milliseconds) { current = current?.withClockOffset(offset) }

  /// The credentials in the vault; `nil` also for a damaged entry.
  private func cached() throws -> StorageCredentials? {
    try documents.document(.storageToken).flatMap { try? StorageCredentials(document: $0) }
  }

  private func fetch() throws -> StorageCredentials {
    let response: TokenServerClient.Response
    do {
      response = try tokenServer.credentials(proofs)
    } catch let error as TokenServerError {
      if let wait = error.retryAfter { try onBackoff(wait) }
      throw Self.final(error)
    }
    try documents.setDocument(.storageToken, to: response.credentials.document())
    if let wait = response.backoff { try onBackoff(wait) }
    current = response.credentials
    return response.credentials
  }

  /// Returns the error to report when a second proof was rejected too.
  private static func final(_ error: TokenServerError) -> any Error {
    switch error {
    case .invalidCredentials: SignInRequired.notAccepted
    case .invalidGeneration: SignInRequired.passwordChanged
    case .invalidKeysChangedAt: SignInRequired.keyReplaced
    case .invalidClientState: SignInRequired.keyNotCurrent
    default: error
    }
  }
}
