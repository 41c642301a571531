import LockwiseCore

/// A stored sign-in that is no longer valid: the user has to sign in again. The vault's records and unpushed changes
/// stay unchanged.
enum SignInRequired: Error, Equatable, Sendable {
  /// The refresh token or session was revoked or has expired; the accounts server's number for it.
  case revoked(errno: Int?)
  /// The token server does not accept even a new access token.
  case notAccepted
  /// The password was changed (`invalid-generation`).
  case passwordChanged
  /// The account was reset: the Sync key is from before (`invalid-keysChangedAt`).
  case keyReplaced
  /// The Sync key is not the account's (`invalid-client-state`).
  case keyNotCurrent
}

extension SignInRequired: UserFacingErrorConvertible {
  /// The error as a program shows it.
  var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: .refused)
  }

  private var message: String {
    switch self {
    case .revoked: "the sign-in was revoked or has expired"
    case .notAccepted: "the token server does not accept the sign-in"
    case .passwordChanged: "the account's password was changed"
    case .keyReplaced: "the account and its Sync key were reset"
    case .keyNotCurrent: "the stored Sync key is no longer the account's"
    }
  }

  private var hint: String { "sign in again: lockwise-sync login; the vault keeps its logins" }
}
