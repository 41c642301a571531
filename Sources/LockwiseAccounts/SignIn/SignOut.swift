import LockwiseCore

/// Gives back to the server what a sign-in got from it: the device record and the refresh token.
public struct SignOut {
  /// What could not be given back.
  public struct Failure: Sendable {
    /// The things that a server may keep.
    public enum Part: String, Sendable {
      /// The device record.
      case device
      /// The refresh token.
      case token
    }

    /// What is left on the server.
    public let part: Part
    /// Why.
    public let error: any Error
  }

  private let transport: any HTTPTransport

  /// Makes a sign-out; `transport` sends the requests.
  public init(transport: any HTTPTransport) { self.transport = transport }

  /// Deletes the account's device record and revokes its refresh token. What the server does not know any more is
  /// fine; one failure does not keep this from the rest.
  ///
  /// - Returns: what may be left on the server, with `AccountsError` or `HTTPError`.
  public func signOut(_ account: SignedInAccount) -> [Failure] {
    let client = AccountsClient(servers: account.servers, transport: transport)
    var failures: [Failure] = []
    // The record first: its own token is what authorises that.
    if let device = account.deviceID {
      do {
        try client.destroyDevice(id: device, authorization: account.authorization)
      } catch {
        failures.append(Failure(part: .device, error: error))
      }
    }
    do {
      try client.destroy(oauthToken: account.refreshToken, clientID: account.clientID)
    } catch {
      failures.append(Failure(part: .token, error: error))
    }
    return failures
  }
}
