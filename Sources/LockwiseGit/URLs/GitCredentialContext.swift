import LockwiseCLI
import LockwiseCore

/// What a credential is for, as git compares it with the patterns in its configuration (gitcredentials(7), "Credential
/// contexts").
public struct GitCredentialContext: Equatable, Sendable {
  /// The protocol, such as `https`.
  let scheme: String
  /// The host with its port, as git writes it.
  let host: String
  /// The user name; `nil` if any is accepted.
  let username: String?
  /// The path without a leading slash; `nil` if there is none.
  let path: String?
  /// The context in git's URL form.
  public let text: String
  /// The normalized URL; `nil` if git would not accept it.
  let url: GitURL?
  /// The origin; `nil` if it is not valid for logins.
  let origin: Origin?

  /// Makes a context.
  init(scheme: String, host: String, username: String? = nil, path: String? = nil) {
    self.scheme = scheme
    self.host = host
    self.username = username
    self.path = path
    origin = Origin(scheme: scheme, authority: host)
    // credential.c, credential_format.
    var text = scheme + "://"
    if let username, !username.isEmpty { text += PercentEncoding.encode(username) + "@" }
    text += host
    if let path, !path.isEmpty { text += "/" + PercentEncoding.encode(path, keeping: "/") }
    self.text = text
    url = GitURL(text)
  }
}
