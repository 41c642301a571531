/// What a way to sign in gives: an account that nothing of this machine knows yet.
public struct SignInOutcome: Sendable {
  /// The account, to be stored.
  public let account: SignedInAccount
  /// A first access token; `nil` with a sign-in that has none.
  public let accessToken: AccessToken?
  /// Why the session could not be ended on the server; `nil` if it was, is the grant, or is not ours to end. It is
  /// forgotten here in any case.
  public let sessionLeftOver: (any Error)?
  /// Why the account's e-mail address could not be fetched; `nil` if it is known.
  public let addressProblem: (any Error)?

  /// Makes an outcome of its parts.
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
