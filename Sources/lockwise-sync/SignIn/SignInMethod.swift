import LockwiseAccounts

/// One way to sign in. What it gives is not stored yet.
protocol SignInMethod {
  /// Signs in, asking a person for what is needed.
  ///
  /// - Throws: `AccountsError`, `HTTPError`, `PromptError`, `UserFacingError`; nothing of ours is left on the servers then.
  func signIn() throws -> SignInOutcome
}
