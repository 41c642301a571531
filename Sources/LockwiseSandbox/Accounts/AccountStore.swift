import Foundation

/// Accounts and everything that was handed out for them.
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

  func add(_ account: Account) { accounts[account.uid] = account }

  /// The account that has this address, whatever the letter case.
  func account(email: String) -> Account? { accounts.values.first { $0.owns(email) } }

  /// Accounts in the order of their addresses.
  var sorted: [Account] { accounts.values.sorted { $0.email < $1.email } }

  // MARK: Tokens

  func startSession(_ session: Session) { sessions[session.id] = session }

  /// Ends a session and all that hangs on it.
  func endSession(_ id: String) {
    sessions[id] = nil
    keyFetchTokens = keyFetchTokens.filter { $0.value.session != id }
    devices = devices.filter { $0.value.session != id }
    codes = codes.filter { $0.value.session != id }
  }

  func accessToken(_ token: String, now: Int) -> AccessToken? {
    guard let access = accessTokens[token], access.expires > now else { return nil }
    return access
  }

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
      token: claims.map(Self.webToken) ?? opaque, account: account.uid, client: client, scopes: scopes, issued: now,
      expires: now + ttl, generation: account.generation, refreshTokenID: refreshTokenID)
    accessTokens[access.token] = access
    return access
  }

  /// A JSON Web Token (RFC 9068) whose signature nobody can check: whoever asks is told by the server.
  private static func webToken(_ claims: JSON) -> String {
    let header: JSON = ["alg": "RS256", "typ": "at+JWT"]
    return [Array(header.encoded), Array(claims.encoded), Derive.random(256)].map { Base64.url($0) }.joined(
      separator: ".")
  }

  /// Ties a new grant for Sync to the device record of the session that asked for it. A session without a record, and a
  /// grant without a session, get a placeholder (fxa-auth-server, `newTokenNotification`).
  ///
  /// - Parameter milliseconds: the time.
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

  func issueRefresh(account: Account, client: String, scopes: [String], now: Int) -> RefreshToken {
    let bytes = Derive.random(32)
    let refresh = RefreshToken(
      token: Hex.encode(bytes), id: Hex.encode(Derive.sha256(bytes)), account: account.uid, client: client,
      scopes: scopes, created: now, lastAccess: now)
    refreshTokens[refresh.token] = refresh
    return refresh
  }

  func touchRefresh(_ token: String, now: Int) { refreshTokens[token]?.lastAccess = now }

  /// Revokes a refresh token, its access tokens and its device; a device that has a session as well stays with that.
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

  /// Revokes an access or refresh token; unknown ones are fine.
  func revoke(_ token: String) {
    accessTokens[token] = nil
    if let refresh = refreshTokens[token] { revokeRefresh(id: refresh.id) }
  }

  func revokeAccess(account: String) { accessTokens = accessTokens.filter { $0.value.account != account } }

  /// Ends everything that a change of the password ends.
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

  func load(_ json: JSON) throws {
    for entry in json["accounts"]?.list ?? [] {
      guard let account = Account(entry) else {
        throw StateProblem("an account of the state file is not readable")
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
