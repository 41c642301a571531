import LockwiseCore

/// Revokes a sign-in on the server: the device record and the refresh token or session.
public struct SignOut {
  /// A part of the sign-in that could not be revoked.
  public struct Failure: Sendable {
    /// The parts of a sign-in on the server.
    public enum Part: String, Sendable {
      /// The device record.
      case device
      /// The refresh token.
      case token
      /// The session.
      case session
    }

    /// The part left on the server.
    public let part: Part
    /// The reason.
    public let error: any Error
  }

  private let transport: any HTTPTransport

  /// Creates a sign-out with a transport for requests.
  public init(transport: any HTTPTransport) { self.transport = transport }

  /// Deletes the account's device record and revokes its refresh token, or ends its session. A part that is already
  /// gone is not an error; a failure does not stop the others.
  ///
  /// - Returns: the parts that may be left on the server, each with an `AccountsError` or `HTTPError`.
  public func signOut(_ account: SignedInAccount) -> [Failure] {
    let client = AccountsClient(servers: account.servers, transport: transport)
    var failures: [Failure] = []
    // The record first: its own token authorises the request.
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
