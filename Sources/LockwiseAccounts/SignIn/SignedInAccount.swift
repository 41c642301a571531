import LockwiseCore

/// Who is signed in where, and what is kept of it: a refresh token limited to Sync, and the Sync key.
public struct SignedInAccount: Sendable {
  /// The address as typed at sign-in.
  public let email: String
  /// The account's id, 32 hexadecimal digits.
  public let uid: String
  /// The servers.
  public let servers: ServerConfiguration
  /// The OAuth client id that the refresh token was granted to.
  public let clientID: String
  /// The refresh token.
  public let refreshToken: SecretBytes
  /// The Sync key, 64 bytes, with its id.
  public let syncKey: ScopedKey

  /// Makes an account of its parts.
  public init(
    email: String, uid: String, servers: ServerConfiguration, clientID: String, refreshToken: SecretBytes,
    syncKey: ScopedKey
  ) {
    self.email = email
    self.uid = uid
    self.servers = servers
    self.clientID = clientID
    self.refreshToken = refreshToken
    self.syncKey = syncKey
  }

  /// Reads the vault's document `account`.
  ///
  /// - Throws: `DocumentError` if it is not one.
  public init(document: SecretBytes) throws(DocumentError) {
    let document = try StoredDocument(document, .account)
    email = try document.text("email")
    uid = try document.text("uid")
    clientID = try document.text("clientID")
    refreshToken = try document.secret("refreshToken")
    do {
      servers = try ServerConfiguration(
        contentRoot: document.text("contentRoot"), authServer: document.text("authServer"),
        oauthServer: document.text("oauthServer"), profileServer: document.text("profileServer"),
        tokenServer: document.text("tokenServer"))
    } catch {
      throw DocumentError(name: .account)
    }
    let kid = try document.text("syncKeyID")
    guard let key = Base64.urlSafe.decode(try document.secret("syncKey")), key.count == 64,
      ScopedKey.isKeyID(kid)
    else { throw DocumentError(name: .account) }
    syncKey = ScopedKey(scope: ScopedKey.oldSyncScope, key: key, kid: kid)
  }

  /// The text for the vault's document `account`.
  public func document() -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("version", 1)
    writer.member("email", email)
    writer.member("uid", uid)
    writer.member("clientID", clientID)
    writer.member("refreshToken", secret: refreshToken)
    writer.member("contentRoot", servers.contentRoot)
    writer.member("authServer", servers.authServer)
    writer.member("oauthServer", servers.oauthServer)
    writer.member("profileServer", servers.profileServer)
    writer.member("tokenServer", servers.tokenServer)
    writer.member("syncKey", secret: Base64.urlSafe.encode(syncKey.key))
    writer.member("syncKeyID", syncKey.kid)
    return writer.finish()
  }

  /// The account of a vault; `nil` if nobody is signed in.
  ///
  /// - Throws: `DocumentError`, and what the vault throws.
  public static func load(from documents: any SealedDocuments) throws -> SignedInAccount? {
    try documents.document(.account).map { try SignedInAccount(document: $0) }
  }

  /// Stores the account in a vault. Tokens of an earlier sign-in are removed first, so that they can never be
  /// used for this account.
  ///
  /// - Throws: what the vault throws.
  public func save(to documents: any SealedDocuments) throws {
    try documents.setDocument(.accessToken, to: nil)
    try documents.setDocument(.storageToken, to: nil)
    try documents.setDocument(.account, to: document())
  }
}
