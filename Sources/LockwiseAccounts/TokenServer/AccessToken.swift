import LockwiseCore

/// An OAuth access token for the token server, as the vault caches it.
public struct AccessToken: Sendable {
  /// The token, opaque.
  public let token: SecretBytes
  /// The time when it expires, milliseconds since 1970 by this machine's clock.
  public let expires: Int64
  /// The time when it was obtained, milliseconds since 1970; `nil` if unknown.
  public let obtained: Int64?

  /// Creates a token: opaque bytes, milliseconds since 1970.
  public init(token: SecretBytes, expires: Int64, obtained: Int64? = nil) {
    self.token = token
    self.expires = expires
    self.obtained = obtained
  }

  /// Creates a token granted at `now`, milliseconds since 1970.
  init(_ granted: GrantedAccessToken, now: Int64) {
    self.init(token: granted.token, expires: now + granted.lifetime * 1000, obtained: now)
  }

  /// Whether at least a minute is left at `now`, milliseconds since 1970. A token obtained while the clock was ahead is
  /// not used.
  public func isFresh(at now: Int64) -> Bool { expires - now >= 60_000 && obtained ?? now <= now + 60_000 }
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
