import LockwiseCore

/// Gives back to the server what a sign-in got from it: the device record and the refresh token or session.
public struct SignOut {
  /// What could not be given back.
  public struct Failure: Sendable {
    /// The things that a server may keep.
    public enum Part: String, Sendable {
      /// The device record.
      case device
      /// The refresh token.
      case token
      /// The session.
      case session
    }

    /// What is left on the server.
    public let part: Part
    /// Why.
    public let error: any Error
  }

  private let transport: any HTTPTransport

  /// Makes a sign-out; `transport` sends the requests.
  public init(transport: any HTTPTransport) { self.transport = transport }

  /// Deletes the account's device record and revokes its refresh token, or ends its session. What the server does not know any more is
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
    switch account.grant {
    case .refreshToken(let token, let clientID):
      do {
        try client.destroy(oauthToken: token, clientID: clientID)
      } catch {
        failures.append(Failure(part: .token, error: error))
      }
    case .session(let session, _):
      do {
        try client.destroy(session)
      } catch {
        failures.append(Failure(part: .session, error: error))
      }
    }
    return failures
  }
}
