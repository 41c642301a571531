import LockwiseCore

/// The devices of the signed-in account.
public struct AccountDevices {
  private let transport: any HTTPTransport

  /// Creates a list with a transport for requests.
  public init(transport: any HTTPTransport) { self.transport = transport }

  /// Lists the devices.
  ///
  /// - Throws: `SignInRequired` if the account's token is no longer valid; `AccountsError`, `.devicesRefused` if only
  ///   these routes say so; `HTTPError`.
  public func list(of account: SignedInAccount) throws -> [AccountDevice] {
    let client = AccountsClient(servers: account.servers, transport: transport)
    do {
      return try client.devices(authorization: account.authorization)
    } catch let error as AccountsError where error.errno == AccountsErrno.invalidToken.rawValue {
      throw try isStillValid(account.grant, client)
        ? AccountsError.devicesRefused(errno: AccountsErrno.invalidToken.rawValue)
        : SignInRequired.revoked(errno: error.errno)
    }
  }

  /// Checks the token at a reliable route. In 2026 the device routes refused valid tokens of some client ids.
  private func isStillValid(_ grant: AccountGrant, _ client: AccountsClient) throws -> Bool {
    do {
      switch grant {
      case .refreshToken(let token, let clientID):
        _ = try client.accessToken(refreshToken: token, clientID: clientID, scope: ScopedKey.oldSyncScope)
      case .session(let session, _): _ = try client.pendingStep(session)
      }
      return true
    } catch let error as AccountsError where error.isRevoked {
      return false
    }
  }
}
