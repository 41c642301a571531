import LockwiseCore

/// Gives the refresh token back to the server.
public struct SignOut {
  private let transport: any HTTPTransport

  /// Makes a sign-out; `transport` sends the requests.
  public init(transport: any HTTPTransport) { self.transport = transport }

  /// Revokes the account's refresh token. A token that the server does not know any more is fine.
  ///
  /// - Throws: `AccountsError`, `HTTPError`; the token may still be valid then.
  public func signOut(_ account: SignedInAccount) throws {
    try AccountsClient(servers: account.servers, transport: transport)
      .destroy(oauthToken: account.refreshToken, clientID: account.clientID)
  }
}
