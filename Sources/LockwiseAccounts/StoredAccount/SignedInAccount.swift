import LockwiseCore

/// A signed-in account as the vault stores it: the servers, the grant and the Sync key.
public struct SignedInAccount: Sendable {
  /// The address as typed at sign-in; `nil` if it is unknown.
  public private(set) var email: String?
  /// The account's id, 32 hexadecimal digits.
  public let uid: String
  /// The servers.
  public let servers: ServerConfiguration
  /// The authorisation of the sign-in.
  public let grant: AccountGrant
  /// The Sync key, 64 bytes, with its id.
  public let syncKey: ScopedKey
  /// The id of this sign-in's own device record, 32 hexadecimal digits; `nil` if it has none, or one that may belong to
  /// another client.
  public internal(set) var deviceID: String?

  /// Creates an account from its parts.
  public init(
    email: String?, uid: String, servers: ServerConfiguration, grant: AccountGrant, syncKey: ScopedKey,
    deviceID: String? = nil
  ) {
    self.email = email
    self.uid = uid
    self.servers = servers
    self.grant = grant
    self.syncKey = syncKey
    self.deviceID = deviceID
  }

  /// Creates an account from its parts, with a refresh token.
  public init(
    email: String?, uid: String, servers: ServerConfiguration, clientID: String, refreshToken: SecretBytes,
    syncKey: ScopedKey, deviceID: String? = nil
  ) {
    self.init(
      email: email, uid: uid, servers: servers, grant: .refreshToken(refreshToken, clientID: clientID),
      syncKey: syncKey, deviceID: deviceID)
  }

  /// Returns the account with the address of an earlier sign-in if this one has none.
  public func known(as previous: SignedInAccount) -> SignedInAccount {
    var known = self
    if known.email == nil, previous.uid == uid { known.email = previous.email }
    return known
  }

  /// The name to show: the address, or the id if the address is unknown.
  public var name: String { email ?? uid }

  /// The name of the app whose client id the sign-in borrows, as Mozilla's servers list it; `nil` for any other id.
  public var appName: String? {
    guard case .refreshToken(_, let id) = grant else { return nil }
    return OAuthClientIDs.appName(of: id)
  }

  /// The value of the `Authorization` header field for requests about the account's devices.
  var authorization: SecretBytes { grant.authorization }

  /// Reads the vault's document `account`.
  ///
  /// - Throws: `DocumentError` if it is not one.
  public init(document: SecretBytes) throws(DocumentError) {
    let document = try StoredDocument(document, .account)
    email = try document.nullableText("email")
    uid = try document.text("uid")
    grant = try AccountGrant(document)
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
      ScopedKey.isKeyID(kid) || ScopedKey.isKeyIDWithoutTime(kid) && !grant.isOAuth
    else { throw DocumentError(name: .account) }
    syncKey = ScopedKey(scope: ScopedKey.oldSyncScope, key: key, kid: kid)
    // The older member `deviceID` is not read: it may name Firefox's own record, whose deletion ends Firefox's session.
    deviceID = try document.optionalText("ownDevice")
  }

  /// The JSON text of the vault's document `account`.
  public func document() -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("version", 1)
    if let email { writer.member("email", email) } else { writer.memberNull("email") }
    writer.member("uid", uid)
    grant.write(to: &writer)
    writer.member("contentRoot", servers.contentRoot)
    writer.member("authServer", servers.authServer)
    writer.member("oauthServer", servers.oauthServer)
    writer.member("profileServer", servers.profileServer)
    writer.member("tokenServer", servers.tokenServer)
    writer.member("syncKey", secret: Base64.urlSafe.encode(syncKey.key))
    writer.member("syncKeyID", syncKey.kid)
    if let deviceID { writer.member("ownDevice", deviceID) }
    return writer.finish()
  }

  /// Loads the account of a vault; `nil` if there is none.
  ///
  /// - Throws: `DocumentError`, and the errors of the vault.
  public static func load(from documents: any SealedDocuments) throws -> SignedInAccount? {
    try documents.document(.account).map { try SignedInAccount(document: $0) }
  }
}
