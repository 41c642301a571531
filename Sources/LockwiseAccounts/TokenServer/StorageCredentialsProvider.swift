import LockwiseCore

/// Hands out storage credentials: cached in the vault, and fetched anew when they get old or are refused.
public final class StorageCredentialsProvider {
  /// Credentials, with what a client has to know about them.
  public struct Current: Sendable {
    /// The credentials.
    public let credentials: StorageCredentials
    /// Whether the account was moved to another storage server or uid since the last credentials: then whatever
    /// is remembered of the server's state (timestamps, syncIDs, batch ids) is worthless.
    public let endpointChanged: Bool
    /// For how many seconds the token server asks to be left alone after this; `nil` if it did not ask, or was
    /// not asked itself.
    public let backoff: Int64?
  }

  private let proofs: any TokenServerProofs
  private let tokenServer: TokenServerClient
  private let documents: any SealedDocuments
  private let clock: WallClock

  /// Makes a provider for one account.
  ///
  /// - Parameters:
  ///   - account: who is signed in.
  ///   - documents: the vault, which caches tokens.
  ///   - transport: sends the requests.
  ///   - clock: tells when credentials expire.
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

  /// The credentials to use now.
  ///
  /// - Throws: `SignInRequired`, `TokenServerError`, `AccountsError`, `HTTPError`, and what the vault throws.
  public func current() throws -> Current {
    if let cached = try cached(), cached.isFresh(at: clock.now()) {
      return Current(credentials: cached, endpointChanged: false, backoff: nil)
    }
    return try fetch()
  }

  /// New credentials, after the storage server has refused the current ones (401). To be called once for a
  /// request: credentials that are refused right away are not a matter of age.
  ///
  /// - Throws: `SignInRequired`, `TokenServerError`, `AccountsError`, `HTTPError`, and what the vault throws.
  public func replacement() throws -> Current { try fetch() }

  // A damaged cache entry is as good as none.
  private func cached() throws -> StorageCredentials? {
    try documents.document(.storageToken).flatMap { try? StorageCredentials(document: $0) }
  }

  private func fetch() throws -> Current {
    let previous = try cached()
    let answer: TokenServerClient.Answer
    do {
      answer = try tokenServer.credentials(proofs)
    } catch let error as TokenServerError {
      throw Self.final(error)
    }
    try documents.setDocument(.storageToken, to: answer.credentials.document())
    return Current(
      credentials: answer.credentials,
      endpointChanged: previous.map { $0.endpoint != answer.credentials.endpoint } ?? false,
      backoff: answer.backoff)
  }

  /// The error that is left when another proof does not help.
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
