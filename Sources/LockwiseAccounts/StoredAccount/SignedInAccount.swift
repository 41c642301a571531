import LockwiseCore

/// Who is signed in where, and what is kept of it: the grant and the Sync key.
public struct SignedInAccount: Sendable {
  /// The address as typed at sign-in; `nil` if it was not typed here.
  public private(set) var email: String?
  /// The account's id, 32 hexadecimal digits.
  public let uid: String
  /// The servers.
  public let servers: ServerConfiguration
  /// What the sign-in was given.
  public let grant: AccountGrant
  /// The Sync key, 64 bytes, with its id.
  public let syncKey: ScopedKey
  /// The id of the device record that this sign-in made for itself, 32 hexadecimal digits; `nil` if it has none, or one
  /// that may be somebody else's.
  public internal(set) var deviceID: String?

  /// Makes an account of its parts.
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

  /// Makes an account of its parts, with a refresh token.
  public init(
    email: String?, uid: String, servers: ServerConfiguration, clientID: String, refreshToken: SecretBytes,
    syncKey: ScopedKey, deviceID: String? = nil
  ) {
    self.init(
      email: email, uid: uid, servers: servers, grant: .refreshToken(refreshToken, clientID: clientID),
      syncKey: syncKey, deviceID: deviceID)
  }

  /// The same account with the address that an earlier sign-in knew, if this one did not learn it.
  public func known(as previous: SignedInAccount) -> SignedInAccount {
    var known = self
    if known.email == nil, previous.uid == uid { known.email = previous.email }
    return known
  }

  /// What people are shown: the address, or the id where that is not known.
  public var name: String { email ?? uid }

  /// The name of the app whose client id the sign-in borrows, as Mozilla's servers list it; `nil` for any other id.
  public var appName: String? {
    guard case .refreshToken(_, let id) = grant else { return nil }
    return OAuthClientIDs.appName(of: id)
  }

  /// What authorises requests for the account's devices: the value of the `Authorization` header field.
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
    // The member `deviceID` of before is not read: it may name Firefox's own record, with which Firefox's session ends.
    deviceID = try document.optionalText("ownDevice")
  }

  /// The text for the vault's document `account`.
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

  /// The account of a vault; `nil` if nobody is signed in.
  ///
  /// - Throws: `DocumentError`, and what the vault throws.
  public static func load(from documents: any SealedDocuments) throws -> SignedInAccount? {
    try documents.document(.account).map { try SignedInAccount(document: $0) }
  }
}
