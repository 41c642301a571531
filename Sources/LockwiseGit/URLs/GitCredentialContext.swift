import LockwiseCLI
import LockwiseCore

/// What a credential is for, as git compares it with the patterns in its configuration (gitcredentials(7), "Credential
/// contexts").
public struct GitCredentialContext: Equatable, Sendable {
  /// The protocol, such as `https`.
  public let scheme: String
  /// The host with its port, as git names it.
  public let host: String
  /// The user name; `nil` if any will do.
  public let username: String?
  /// The path without a slash at its start; `nil` if there is none.
  public let path: String?
  /// The context as git writes it as a URL.
  public let text: String
  /// The URL in the form in which git compares it; `nil` if git would not accept it as one.
  let url: GitURL?
  /// The origin; `nil` if no login can belong to it.
  public let origin: Origin?

  /// Makes a context.
  public init(scheme: String, host: String, username: String? = nil, path: String? = nil) {
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
