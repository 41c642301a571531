import LockwiseCLI
import LockwiseCore

/// A response to git (git-credential(1), "INPUT/OUTPUT FORMAT").
struct GitCredentialResponse {
  /// The login to return.
  let login: LoginRecord
  /// The protocol extensions that git supports.
  var capabilities: GitCredentialRequest.Capabilities = []
  /// The state that git should return later, sent only if git supports it.
  var state: StateAttribute?

  /// The response that makes git stop without asking other helpers or the user.
  static let quit = SecretBytes(utf8: "quit=true\n")

  /// The response for single sign-on: an empty user name and password.
  static let singleSignOn = SecretBytes(utf8: "username=\npassword=\n")

  /// The lines for git; `nil` if the protocol cannot carry the login. Values must not contain a line feed, a NUL or a
  /// carriage return, which git removes from the end of a line.
  var text: SecretBytes? {
    let git = login.git
    guard Self.isOneLine(SecretBytes(utf8: login.username)), Self.isOneLine(login.password),
      git.oauthRefreshToken.map(Self.isOneLine) ?? true
    else { return nil }
    var builder = SecretBuilder()
    // A capability must be announced before the attributes that need it.
    if git.authtype != nil { builder.append("capability[]=authtype\n") }
    if state != nil { builder.append("capability[]=state\n") }
    if let authtype = git.authtype {
      // It must never be sent as an ordinary password.
      guard capabilities.contains(.authtype), Self.isOneLine(SecretBytes(utf8: authtype)) else { return nil }
      builder.append("authtype=\(authtype)\n")
      if !login.username.isEmpty { builder.append("username=\(login.username)\n") }
      append("credential", login.password, to: &builder)
    } else {
      builder.append("username=\(login.username)\n")
      append("password", login.password, to: &builder)
    }
    if let expiry = git.passwordExpiry { builder.append("password_expiry_utc=\(expiry)\n") }
    appendRefreshToken(git, to: &builder)
    if let state {
      builder.append("state[]=")
      state.append(to: &builder)
      builder.append("\n")
    }
    return builder.finish()
  }

  /// The lines that let another helper obtain a new password: the user name and the refresh token without a password.
  var textForRenewal: SecretBytes? {
    guard let token = login.git.oauthRefreshToken, Self.isOneLine(token),
      Self.isOneLine(SecretBytes(utf8: login.username)), !login.username.isEmpty
    else { return nil }
    var builder = SecretBuilder()
    builder.append("username=\(login.username)\n")
    appendRefreshToken(login.git, to: &builder)
    return builder.finish()
  }

  private func appendRefreshToken(_ git: GitMember, to builder: inout SecretBuilder) {
    if let token = git.oauthRefreshToken { append("oauth_refresh_token", token, to: &builder) }
  }

  private func append(_ name: String, _ value: SecretBytes, to builder: inout SecretBuilder) {
    builder.append(name + "=")
    builder.append(value)
    builder.append("\n")
  }

  private static func isOneLine(_ text: SecretBytes) -> Bool {
    text.withUnsafeBytes { !$0.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 } }
  }
}
