import LockwiseAccounts
import LockwiseCLI
import LockwiseCore

/// A sign-in method. Its outcome is not stored yet.
protocol SignInMethod {
  /// Signs in, and prompts if necessary.
  ///
  /// - Throws: `AccountsError`, `HTTPError`, `PromptError`, `UserFacingError`; nothing stays on the servers then.
  func signIn() throws -> SignInOutcome
}
