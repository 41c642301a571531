import LockwiseCore

/// An OAuth access token for the token server, as the vault caches it.
public struct AccessToken: Sendable {
  /// The token, opaque.
  let token: SecretBytes
  /// The time when it expires by this machine's clock.
  let expires: Milliseconds
  /// The time when it was obtained; `nil` if unknown.
  let obtained: Milliseconds?

  /// Creates a token.
  public init(token: SecretBytes, expires: Milliseconds, obtained: Milliseconds? = nil) {
    self.token = token
    self.expires = expires
    self.obtained = obtained
  }

  /// Creates a token granted at `now`.
  init(_ granted: GrantedAccessToken, now: Milliseconds) {
    self.init(token: granted.token, expires: now + Milliseconds(granted.lifetime), obtained: now)
  }

  /// Whether at least a minute is left at `now`. A token obtained while the clock was ahead is
  /// not used.
  public func isFresh(at now: Milliseconds) -> Bool { expires - now >= 60_000 && obtained ?? now <= now + 60_000 }
}

/// The vault's document `access-token`.
extension AccessToken: AccountDocument {
  package static let documentName = DocumentName.accessToken

  package init(_ codec: inout DocumentCodec, _ stored: AccessToken?) throws {
    try codec.version()
    token = try codec.filled("token", stored?.token)
    expires = try codec.required("expires", stored?.expires)
    obtained = try codec.optional("obtained", stored?.obtained)
  }
}
