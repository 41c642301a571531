import Foundation

/// The accounts with their sessions, tokens, codes, devices and mail.
final class AccountStore {
  private(set) var accounts: [String: Account] = [:]
  var sessions: [String: Session] = [:]
  var keyFetchTokens: [String: KeyFetchToken] = [:]
  private var accessTokens: [String: AccessToken] = [:]
  private(set) var refreshTokens: [String: RefreshToken] = [:]
  var codes: [String: AuthorizationCode] = [:]
  var devices: [String: Device] = [:]
  var unblockCodes: [UnblockCode] = []
  var mail: [Mail] = []

  /// Adds an account.
  func add(_ account: Account) { accounts[account.uid] = account }

  /// Returns the account that has an address, whatever the letter case.
  func account(email: String) -> Account? { accounts.values.first { $0.owns(email) } }

  /// The accounts, sorted by address.
  var sorted: [Account] { accounts.values.sorted { $0.email < $1.email } }

  // MARK: Tokens

  /// Adds a session.
  func startSession(_ session: Session) { sessions[session.id] = session }

  /// Ends a session and removes its key fetch tokens, device and authorization codes.
  func endSession(_ id: String) {
    sessions[id] = nil
    keyFetchTokens = keyFetchTokens.filter { $0.value.session != id }
    devices = devices.filter { $0.value.session != id }
    codes = codes.filter { $0.value.session != id }
  }

  /// Returns an access token that is not expired.
  func accessToken(_ token: String, now: Int) -> AccessToken? {
    guard let access = accessTokens[token], access.expires > now else { return nil }
    return access
  }

  /// Issues an access token.
  ///
  /// - Parameters:
  ///   - now: the Unix time.
  ///   - ttl: the life of the token in seconds.
  ///   - refreshTokenID: the refresh token that it comes from.
  ///   - issuer: the issuer, which makes it a JSON Web Token; nil for an opaque token.
  func issueAccess(
    account: Account, client: String, scopes: [String], now: Int, ttl: Int, refreshTokenID: String?,
    issuer: String? = nil
  ) -> AccessToken {
    let opaque = Hex.encode(Derive.random(32))
    let claims = issuer.map { issuer -> JSON in
      [
        "iss": .string(issuer), "sub": .string(account.uid), "client_id": .string(client),
        "scope": .string(scopes.joined(separator: " ")), "jti": .string(opaque), "exp": .int(now + ttl),
        "fxa-generation": .int(account.generation),
      ]
    }
    let access = AccessToken(
      token: claims.map(Self.jwt) ?? opaque, account: account.uid, client: client, scopes: scopes, issued: now,
      expires: now + ttl, generation: account.generation, refreshTokenID: refreshTokenID)
    accessTokens[access.token] = access
    return access
  }

  /// Makes a JSON Web Token (RFC 9068) with a random signature: services ask the server instead of checking it.
  private static func jwt(_ claims: JSON) -> String {
    let header: JSON = ["alg": "RS256", "typ": "at+JWT"]
    return [Array(header.encoded), Array(claims.encoded), Derive.random(256)].map { Base64.url($0) }.joined(
      separator: ".")
  }

  /// Attaches a new refresh token for Sync to the device of the session that requested it.
  ///
  /// A placeholder is added if the session has no device or there is no session (fxa-auth-server,
  /// `newTokenNotification`).
  ///
  /// - Parameter milliseconds: the Unix time in milliseconds.
  func attach(_ refresh: RefreshToken, to session: Session?, clientName: String, now milliseconds: Int) {
    if let session, let own = devices.values.first(where: { $0.session == session.id }) {
      devices[own.id]?.refreshTokenID = refresh.id
      return
    }
    let id = Hex.encode(Derive.random(16))
    devices[id] = Device(
      id: id, account: refresh.account, name: clientName, type: "mobile", session: session?.id,
      refreshTokenID: refresh.id, created: milliseconds, lastAccess: milliseconds)
  }

  /// Issues a refresh token.
  func issueRefresh(account: Account, client: String, scopes: [String], now: Int) -> RefreshToken {
    let bytes = Derive.random(32)
    let refresh = RefreshToken(
      token: Hex.encode(bytes), id: Hex.encode(Derive.sha256(bytes)), account: account.uid, client: client,
      scopes: scopes, created: now, lastAccess: now)
    refreshTokens[refresh.token] = refresh
    return refresh
  }

  /// Records a use of a refresh token.
  func touchRefresh(_ token: String, now: Int) { refreshTokens[token]?.lastAccess = now }

  /// Revokes a refresh token and its access tokens, and removes its device unless that has a session too.
  func revokeRefresh(id: String) {
    refreshTokens = refreshTokens.filter { $0.value.id != id }
    accessTokens = accessTokens.filter { $0.value.refreshTokenID != id }
    for device in devices.values where device.refreshTokenID == id {
      devices[device.id] = nil
      guard device.session != nil else { continue }
      var kept = device
      kept.refreshTokenID = nil
      devices[kept.id] = kept
    }
  }

  /// Revokes an access or refresh token; an unknown one is ignored.
  func revoke(_ token: String) {
    accessTokens[token] = nil
    if let refresh = refreshTokens[token] { revokeRefresh(id: refresh.id) }
  }

  /// Revokes the access tokens of an account.
  func revokeAccess(account: String) { accessTokens = accessTokens.filter { $0.value.account != account } }

  /// Ends the sessions and revokes the tokens of an account, as a change of its password does.
  func revokeAll(account: String) {
    for id in sessions.values.filter({ $0.account == account }).map(\.id) { endSession(id) }
    for token in refreshTokens.values where token.account == account { revokeRefresh(id: token.id) }
    accessTokens = accessTokens.filter { $0.value.account != account }
  }

  // MARK: State file

  private struct Stored: Codable {
    var sessions: [Session]
    var keyFetchTokens: [KeyFetchToken]
    var accessTokens: [AccessToken]
    var refreshTokens: [RefreshToken]
    var codes: [AuthorizationCode]
    var devices: [Device]
    var unblockCodes: [UnblockCode]
    var mail: [Mail]
  }

  /// Returns the accounts and tokens as the state file stores them.
  ///
  /// - Throws: an error if a value cannot be encoded.
  func json() throws -> JSON {
    let stored = Stored(
      sessions: sessions.values.sorted { $0.id < $1.id },
      keyFetchTokens: keyFetchTokens.values.sorted { $0.id < $1.id },
      accessTokens: accessTokens.values.sorted { $0.token < $1.token },
      refreshTokens: refreshTokens.values.sorted { $0.token < $1.token },
      codes: codes.values.sorted { $0.code < $1.code }, devices: devices.values.sorted { $0.id < $1.id },
      unblockCodes: unblockCodes, mail: mail)
    return ["accounts": .array(sorted.map(\.json)), "tokens": try JSON(encoding: stored)]
  }

  /// Adds the accounts and tokens of a state file.
  ///
  /// - Throws: an error if the file is malformed.
  func load(_ json: JSON) throws {
    for entry in json["accounts"]?.list ?? [] {
      guard let account = Account(entry) else {
        throw SandboxError("invalid account")
      }
      add(account)
    }
    guard let tokens = json["tokens"] else { return }
    let stored = try tokens.decoded(Stored.self)
    func index<Value>(_ values: [Value], by key: KeyPath<Value, String>) -> [String: Value] {
      Dictionary(values.map { ($0[keyPath: key], $0) }) { $1 }
    }
    sessions = index(stored.sessions, by: \.id)
    keyFetchTokens = index(stored.keyFetchTokens, by: \.id)
    accessTokens = index(stored.accessTokens, by: \.token)
    refreshTokens = index(stored.refreshTokens, by: \.token)
    codes = index(stored.codes, by: \.code)
    devices = index(stored.devices, by: \.id)
    unblockCodes = stored.unblockCodes
    mail = stored.mail
  }
}
