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

  /// Reads the vault's document `accessToken`.
  ///
  /// - Throws: `DocumentError` if it is not one.
  public init(document: SecretBytes) throws(DocumentError) {
    let document = try StoredDocument(document, .accessToken)
    token = try document.secret("token")
    expires = try document.integer("expires")
    obtained = try? document.integer("obtained")
  }

  /// The JSON text of the vault's document `accessToken`.
  public func document() -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("version", 1)
    writer.member("token", secret: token)
    writer.member("expires", expires)
    if let obtained { writer.member("obtained", obtained) }
    return writer.finish()
  }

  /// Whether at least a minute is left at `now`, milliseconds since 1970. A token obtained while the clock was ahead is
  /// not used.
  public func isFresh(at now: Int64) -> Bool { expires - now >= 60_000 && obtained ?? now <= now + 60_000 }
}
