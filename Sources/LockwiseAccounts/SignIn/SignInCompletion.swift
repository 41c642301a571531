import LockwiseCore

/// The last step of every sign-in method: the token server accepts the new token and key, and the account gets a device
/// record.
public struct SignInCompletion {
  /// A working sign-in, ready to be stored.
  public struct Completed: Sendable {
    /// The account, with its device record.
    public let account: SignedInAccount
    /// A first access token to cache; `nil` for a sign-in without one.
    let accessToken: AccessToken?
    /// The first storage credentials, to cache.
    public let credentials: StorageCredentials
    /// The reason why there is no device record; `nil` if there is one.
    public let deviceProblem: (any Error)?

    /// The documents for the vault.
    public var documents: [DocumentName: SecretBytes] {
      var documents = [DocumentName.account: account.document(), .storageToken: credentials.document()]
      documents[.accessToken] = accessToken?.document()
      return documents
    }
  }

  private let transport: any HTTPTransport
  private let clock: WallClock

  /// Creates a completion.
  ///
  /// - Parameters:
  ///   - transport: the transport for requests.
  ///   - clock: the clock by which credentials expire.
  public init(transport: any HTTPTransport, clock: WallClock = .system) {
    self.transport = transport
    self.clock = clock
  }

  /// Completes a sign-in. If the token server does not accept it, everything is revoked on the servers.
  ///
  /// - Parameters:
  ///   - outcome: the outcome of the sign-in method.
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
    // The token is new: another one would get the same response.
    guard let accessToken = outcome.accessToken else { throw TokenServerError.invalidCredentials }
    return try tokenServer.credentials(.accessToken(accessToken.token, keyID: account.syncKey.kid)).credentials
  }
}
