import LockwiseCore

/// The devices of the account that is signed in.
public struct AccountDevices {
  private let transport: any HTTPTransport

  /// Makes it; `transport` sends the requests.
  public init(transport: any HTTPTransport) { self.transport = transport }

  /// Lists them.
  ///
  /// - Throws: `SignInAgain` if the account's token is not valid any more; `AccountsError`, `HTTPError`.
  public func list(of account: SignedInAccount) throws -> [AccountDevice] {
    do {
      return try AccountsClient(servers: account.servers, transport: transport)
        .devices(authorization: account.authorization)
    } catch let error as AccountsError where error.errno == AccountsErrno.invalidToken.rawValue {
      throw SignInAgain.revoked(errno: error.errno)
    }
  }
}
