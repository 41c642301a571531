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
  var deviceID: String?

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

  /// Loads the account of a vault; `nil` if there is none.
  ///
  /// - Throws: `DocumentError`, and the errors of the vault.
  public static func load(from documents: any SealedDocuments) throws -> SignedInAccount? {
    try documents.document(.account).map { try SignedInAccount(document: $0) }
  }
}

/// The vault's document `account`.
extension SignedInAccount: AccountDocument {
  package static let documentName = DocumentName.account

  package init(_ codec: inout DocumentCodec, _ stored: SignedInAccount?) throws {
    try codec.version()
    email = try codec.nullable("email", stored?.email)
    uid = try codec.filled("uid", stored?.uid)
    grant = try AccountGrant(&codec, stored?.grant)
    servers = try ServerConfiguration(&codec, stored?.servers)
    let key = try codec.required("syncKey", stored.map { Base64.urlSafe.encode($0.syncKey.key) })
    let kid = try codec.filled("syncKeyID", stored?.syncKey.kid)
    syncKey = try stored?.syncKey ?? Self.syncKey(key, kid, isOAuth: grant.isOAuth)
    // The older member `deviceID` is not read: it may name Firefox's own record, whose deletion ends Firefox's session.
    deviceID = try codec.optional("ownDevice", stored?.deviceID)
  }

  private static func syncKey(_ key: SecretBytes, _ kid: String, isOAuth: Bool) throws -> ScopedKey {
    guard let key = Base64.urlSafe.decode(key), key.count == 64,
      ScopedKey.isKeyID(kid) || ScopedKey.isKeyIDWithoutTime(kid) && !isOAuth
    else { throw DocumentCodec.Malformed() }
    return ScopedKey(scope: ScopedKey.oldSyncScope, key: key, kid: kid)
  }
}

extension ServerConfiguration {
  /// Reads or writes the members of the vault's document `account`.
  fileprivate init(_ codec: inout DocumentCodec, _ stored: ServerConfiguration?) throws {
    let contentRoot = try codec.required("contentRoot", stored?.contentRoot)
    let authServer = try codec.required("authServer", stored?.authServer)
    let oauthServer = try codec.required("oauthServer", stored?.oauthServer)
    let profileServer = try codec.required("profileServer", stored?.profileServer)
    let tokenServer = try codec.required("tokenServer", stored?.tokenServer)
    self =
      try stored
      ?? ServerConfiguration(
        contentRoot: contentRoot, authServer: authServer, oauthServer: oauthServer, profileServer: profileServer,
        tokenServer: tokenServer)
  }
}
