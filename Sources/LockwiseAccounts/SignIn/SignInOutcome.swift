/// The outcome of a sign-in method: an account that is not stored on this machine yet.
public struct SignInOutcome: Sendable {
  /// The account, to be stored.
  public let account: SignedInAccount
  /// A first access token; `nil` for a sign-in without one.
  let accessToken: AccessToken?
  /// The reason why the session could not be ended on the server; `nil` if it was, or has to stay. It is dropped here
  /// in any case.
  public let sessionLeftOver: (any Error)?
  /// The reason why the account's e-mail address could not be fetched; `nil` if it is known.
  public let addressProblem: (any Error)?

  /// Creates an outcome from its parts.
  public init(
    account: SignedInAccount, accessToken: AccessToken?, sessionLeftOver: (any Error)? = nil,
    addressProblem: (any Error)? = nil
  ) {
    self.account = account
    self.accessToken = accessToken
    self.sessionLeftOver = sessionLeftOver
    self.addressProblem = addressProblem
  }
}
