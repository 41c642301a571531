/// The step that an account asks for after the password (Mozilla accounts API, `verificationMethod` and
/// `verificationReason`).
public struct VerificationStep: Equatable, Sendable {
  /// The method of the step.
  public enum Method: Equatable, Sendable {
    /// A link was e-mailed (`email`).
    case emailLink
    /// A code of six digits was e-mailed (`email-otp`, `email-2fa`).
    case emailCode
    /// A code from an authenticator app (`totp-2fa`).
    case totp
    /// A code to lift a block (`email-captcha`).
    case unblockCode
    /// A method that this version does not support.
    case other
  }

  /// The reason for the step.
  public enum Reason: Equatable, Sendable {
    /// To confirm this sign-in; also every unknown reason.
    case login
    /// The account's address was never confirmed.
    case signUp
    /// The account is locked until its password is changed.
    case changePassword
  }

  /// The method of the step.
  let method: Method
  /// The reason for the step.
  let reason: Reason

  /// Creates a step.
  public init(method: Method, reason: Reason) {
    self.method = method
    self.reason = reason
  }

  /// Reads the words of a login's response.
  init(method: String?, reason: String?) {
    self.method =
      switch method {
      case "email": .emailLink
      case "email-otp", "email-2fa": .emailCode
      case "totp-2fa": .totp
      case "email-captcha": .unblockCode
      default: .other
      }
    self.reason =
      switch reason {
      case "signup": .signUp
      case "change_password": .changePassword
      default: .login
      }
  }

  /// The text to show.
  var message: String {
    switch reason {
    case .changePassword: return "the account is locked until its password is changed"
    case .signUp where method != .totp: return "the account's e-mail address has not been confirmed yet"
    case .signUp, .login: break
    }
    return switch method {
    case .emailLink: "the account asks you to confirm this sign-in with a link sent by e-mail"
    case .emailCode: "the account asks for a code sent by e-mail"
    case .totp: "the account asks for a code from an authenticator app"
    case .unblockCode: "the account asks for an unblock code sent by e-mail"
    case .other: "the account asks for a step that this version does not support"
    }
  }

  /// The remedy if the step was not done.
  var hint: String {
    switch (reason, method) {
    case (.changePassword, _): "change the password in a browser, then sign in again"
    case (_, .emailLink): "sign in at a terminal and open the link while lockwise-sync waits"
    case (_, .emailCode), (_, .totp), (_, .unblockCode): Advice.codes
    case (_, .other): "update lockwise and sign in again; nothing was stored"
    }
  }
}
