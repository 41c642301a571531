import Foundation

/// The TokenServer, which issues a storage token for an OAuth access token (`GET /1.0/sync/1.5`).
///
/// With the switch `accounts.browserid` it accepts BrowserID assertions too.
struct TokenServer {
  let state: SandboxState

  /// The account and keys of a request.
  private struct Caller {
    let account: String
    let generation: Int
    let keyID: KeyID
  }

  /// Responds to a request; `tail` is the path below the server's base.
  func response(to exchange: Exchange, tail: [String]) -> Response {
    var response: Response
    do {
      guard tail == ["1.0", "sync", "1.5"] else {
        exchange.addNote("unserved")
        throw TokenError(word: "error", status: 404, name: "")
      }
      guard exchange.request.method == "GET" else { throw TokenError(word: "error", status: 405, name: "") }
      if let word = state.switches["token.error"].text {
        throw TokenError(forced: word, status: state.switches["token.error-status"].int)
      }
      response = .json(try token(exchange))
    } catch let error as TokenError {
      exchange.addNote("token-server: \(error.word)")
      response = .json(error.body, status: error.status)
      if error.status == 503 {
        response.setHeader("Retry-After", String(state.switches.int("token.retry-after")))
      }
    } catch {
      exchange.addNote("internal: \(error)")
      response = .json(TokenError(word: "internal-error", status: 500).body, status: 500)
    }
    response.setHeader("X-Timestamp", String(state.clock.seconds))
    return response
  }

  private func token(_ exchange: Exchange) throws -> JSON {
    let request = exchange.request
    let caller =
      try request.header("authorization")?.hasPrefix("BrowserID ") == true
      ? browserIDCaller(exchange) : bearerCaller(exchange)
    let user = try user(caller)
    var duration = state.switches.int("token.duration")
    if let asked = request.queryValue("duration") {
      guard let seconds = Int(asked), seconds > 0 else {
        throw TokenError(word: "error", status: 400, name: "")
      }
      duration = min(duration, seconds)
    }
    return issue(account: caller.account, user: user, duration: duration)
  }

  private func browserIDCaller(_ exchange: Exchange) throws -> Caller {
    let request = exchange.request
    guard state.switches.flag("accounts.browserid"), let value = request.header("authorization") else {
      exchange.addNote("rejected-browserid")
      throw TokenError.invalidCredentials
    }
    exchange.auth = "browserid"
    let verifier = BrowserIDVerifier(
      authority: try state.certificateAuthority(), audience: state.baseURL, issuer: state.issuer,
      now: state.clock.milliseconds)
    let claims: BrowserIDVerifier.Claims
    do {
      claims = try verifier.verify(value.dropFirst("BrowserID ".count))
    } catch let error as TokenError {
      exchange.addNote("rejected-browserid")
      throw error
    }
    guard let clientState = Hex.strict(request.header("x-client-state"), count: 16) else {
      throw TokenError.invalidClientState
    }
    return Caller(
      account: claims.account, generation: claims.generation,
      keyID: KeyID(keysChangedAt: claims.keysChangedAt, clientState: clientState))
  }

  private func bearerCaller(_ exchange: Exchange) throws -> Caller {
    let request = exchange.request
    guard let value = request.header("authorization"), value.hasPrefix("Bearer "),
      let access = state.accounts.accessToken(String(value.dropFirst(7)), now: state.clock.seconds)
    else {
      exchange.addNote("rejected-bearer")
      throw TokenError.invalidCredentials
    }
    exchange.auth = "bearer-oauth"
    guard access.scopes == [SyncKey.scope] else {
      exchange.addNote("rejected-bearer: scope \(access.scopes.joined(separator: " "))")
      throw TokenError.invalidCredentials
    }
    guard let keyID = request.header("x-keyid").flatMap(KeyID.init) else { throw TokenError.invalidKeyID }
    if let clientState = request.header("x-client-state"), clientState != Hex.encode(keyID.clientState) {
      throw TokenError.invalidClientState
    }
    return Caller(account: access.account, generation: access.generation, keyID: keyID)
  }

  /// Returns the storage user of a caller, and allocates one for new keys.
  ///
  /// - Throws: ``TokenError`` for an invalid generation, key time or client state (syncstorage-rs,
  ///   TokenserverRequest::validate).
  private func user(_ caller: Caller) throws -> TokenUser {
    let keyID = caller.keyID
    let clientState = Base64.url(keyID.clientState)
    guard let known = state.tokenUsers[caller.account] else {
      guard !state.switches.flag("token.new-users-disabled") else { throw TokenError.newUsersDisabled }
      return state.tokenUsers.allocate(
        account: caller.account, generation: caller.generation, keysChangedAt: keyID.keysChangedAt,
        clientState: clientState)
    }
    guard caller.generation >= known.generation else { throw TokenError.invalidGeneration }
    guard keyID.keysChangedAt >= known.keysChangedAt else { throw TokenError.invalidKeysChangedAt }
    if clientState != known.clientState {
      guard !clientState.isEmpty, !known.oldClientStates.contains(clientState),
        keyID.keysChangedAt > known.keysChangedAt
      else { throw TokenError.invalidClientState }
      return state.tokenUsers.allocate(
        account: caller.account, node: known.node, generation: caller.generation,
        keysChangedAt: keyID.keysChangedAt, clientState: clientState)
    }
    state.tokenUsers.update(caller.account) {
      $0.generation = caller.generation
      $0.keysChangedAt = keyID.keysChangedAt
    }
    return state.tokenUsers[caller.account] ?? known
  }

  private func issue(account: String, user: TokenUser, duration: Int) -> JSON {
    func hashed(_ text: String) -> String {
      Hex.encode(Derive.hmac(Array(state.tokenSecret.utf8), Array(text.utf8)))
    }
    let time = String(user.keysChangedAt)
    let padded = String(repeating: "0", count: max(0, 13 - time.count)) + time
    let hashedUID = hashed(account)
    let (id, key) = state.tokenLib.issue([
      "node": .string("\(state.baseURL)/\(user.node)"), "uid": .int(user.uid),
      "expires": .int(state.clock.seconds + duration), "fxa_uid": .string(account),
      "fxa_kid": .string("\(padded)-\(user.clientState)"), "hashed_fxa_uid": .string(hashedUID),
      "hashed_device_id": .string(hashed(account + "none")),
      "salt": .string(Hex.encode(Derive.random(3))),
    ])
    let type = state.switches.text("token.node-type")
    return .present([
      ("id", .string(id)), ("key", .string(key)), ("uid", .int(user.uid)),
      ("api_endpoint", .string("\(state.baseURL)/\(user.node)/1.5/\(user.uid)")),
      ("duration", .int(duration)), ("hashalg", "sha256"),
      ("hashed_fxa_uid", .string(String(hashedUID.prefix(32)))),
      ("node_type", type.isEmpty ? nil : .string(type)),
    ])
  }
}

/// The value of `X-KeyID`: the time of the last key change in ms, and the client state.
struct KeyID: Equatable {
  let keysChangedAt: Int
  /// The client state: 16 bytes, or empty.
  let clientState: [UInt8]

  init(keysChangedAt: Int, clientState: [UInt8]) {
    self.keysChangedAt = keysChangedAt
    self.clientState = clientState
  }

  /// Parses `<digits>-<base64url of 0 or 16 bytes, without padding>`; nil for anything else.
  init?(_ value: String) {
    guard let dash = value.firstIndex(of: "-") else { return nil }
    let digits = value[..<dash]
    let state = String(value[value.index(after: dash)...])
    guard !digits.isEmpty, digits.utf8.allSatisfy({ 48...57 ~= $0 }), let time = Int(digits),
      !state.contains("="), let bytes = Base64.decodeURL(state), [0, 16].contains(bytes.count)
    else { return nil }
    keysChangedAt = time
    clientState = bytes
  }
}
