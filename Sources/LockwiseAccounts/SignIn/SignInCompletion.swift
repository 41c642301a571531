import LockwiseCore

/// What every way to sign in ends with: the token server is shown the new token and key, and the account gets a
/// device record.
public struct SignInCompletion {
  /// A sign-in that works, ready to be stored.
  public struct Completed: Sendable {
    /// The account, with its device record.
    public let account: SignedInAccount
    /// A first access token, which may be cached; `nil` with a sign-in that has none.
    public let accessToken: AccessToken?
    /// First storage credentials, which may be cached.
    public let credentials: StorageCredentials
    /// Why there is no device record; `nil` if there is one.
    public let deviceProblem: (any Error)?

    /// What the vault keeps of it.
    public var documents: [DocumentName: SecretBytes] {
      var documents = [DocumentName.account: account.document(), .storageToken: credentials.document()]
      documents[.accessToken] = accessToken?.document()
      return documents
    }
  }

  private let transport: any HTTPTransport
  private let clock: WallClock

  /// Makes a completion.
  ///
  /// - Parameters:
  ///   - transport: sends the requests.
  ///   - clock: tells when credentials expire.
  public init(transport: any HTTPTransport, clock: WallClock = .system) {
    self.transport = transport
    self.clock = clock
  }

  /// Completes a sign-in. If the token server does not take it, everything is given back to the servers.
  ///
  /// - Parameters:
  ///   - outcome: what the way to sign in gave.
  ///   - deviceName: the device record's name, 1 to 255 characters.
  /// - Throws: `TokenServerError`, `HTTPError`; with BrowserID, `AccountsError`.
  public func complete(_ outcome: SignInOutcome, deviceName: String) throws -> Completed {
    let credentials: StorageCredentials
    do {
      credentials = try exchange(outcome)
    } catch {
      _ = SignOut(transport: transport).signOut(outcome.account)
      throw error
    }
    var account = outcome.account
    var deviceProblem: (any Error)?
    do {
      account.deviceID = try AccountsClient(servers: account.servers, transport: transport)
        .registerDevice(name: deviceName, authorization: account.authorization)
    } catch {
      deviceProblem = error
    }
    return Completed(
      account: account, accessToken: outcome.accessToken, credentials: credentials, deviceProblem: deviceProblem)
  }

  private func exchange(_ outcome: SignInOutcome) throws -> StorageCredentials {
    let account = outcome.account
    let tokenServer = TokenServerClient(servers: account.servers, transport: transport, clock: clock)
    if case .session(let session, let kind) = account.grant {
      return try tokenServer.credentials(
        BrowserIDAssertions(account: account, session: session, kind: kind, transport: transport, clock: clock)
      ).credentials
    }
    // A token that was granted just now: another one would be answered the same.
    guard let accessToken = outcome.accessToken else { throw TokenServerError.invalidCredentials }
    return try tokenServer.credentials(.accessToken(accessToken.token, keyID: account.syncKey.kid)).credentials
  }
}
