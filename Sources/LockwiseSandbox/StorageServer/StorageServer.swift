import Foundation

/// The Sync storage API 1.5 below an `api_endpoint`.
struct StorageServer {
  let state: SandboxState

  /// Answers a request whose path is an endpoint and `tail`.
  func answer(_ exchange: Exchange, uid: String, tail: [String]) -> Response {
    let now = state.clock.now
    var response = respond(exchange, uid: uid, tail: tail, now: now)
    let modified = response.header("X-Last-Modified").flatMap { SyncTime($0) } ?? .zero
    // When the request came, but never before what the answer speaks of (syncstorage-rs, weave timestamp middleware).
    response.setHeader("X-Weave-Timestamp", max(now, modified).description)
    if let seconds = state.switches["storage.backoff"].int {
      response.setHeader("X-Weave-Backoff", String(seconds))
    }
    if let alert = state.switches.word("storage.alert") { response.setHeader("X-Weave-Alert", alert) }
    CrossOrigin.allow(&response, for: exchange.request)
    return response
  }

  private func respond(_ exchange: Exchange, uid: String, tail: [String], now: SyncTime) -> Response {
    if let preflight = CrossOrigin.preflight(exchange.request, maxAge: state.switches.int("storage.cors-max-age")) {
      return preflight
    }
    if tail.count == 1, let status = Router.status(tail[0]) { return status }
    var response: Response
    do {
      let user = try authenticate(exchange, uid: uid, tail: tail)
      user.purgeExpired(at: state.clock.microseconds)
      user.purgeBatches(
        olderThan: SyncTime(
          hundredths: now.hundredths - 100 * Int64(state.switches.int("storage.batch-lifetime"))))
      let call = StorageCall(state: state, exchange: exchange, user: user)
      response = try call.route(tail)
    } catch let error as StorageError {
      response = Self.response(error)
      if let note = error.note { exchange.note(note) }
    } catch {
      exchange.note("internal: \(error)")
      response = Self.response(StorageError(status: 500))
    }
    return response
  }

  private static func response(_ error: StorageError) -> Response {
    var response = Response(status: error.status, headers: error.headers)
    if let code = error.code {
      response.body = Data(String(code).utf8)
      response.setHeader("Content-Type", "application/json")
    }
    if let modified = error.lastModified { response.setHeader("X-Last-Modified", modified.description) }
    return response
  }

  /// Checks the Hawk header against the storage token in it.
  ///
  /// - Throws: ``StorageError`` 401 with body 0, whatever is wrong, as syncstorage-rs does.
  private func authenticate(_ exchange: Exchange, uid: String, tail: [String]) throws -> UserStorage {
    let request = exchange.request
    func refusal(_ why: String, headers: [(name: String, value: String)] = []) -> StorageError {
      StorageError(status: 401, headers: headers, note: "rejected-hawk: \(why)")
    }
    guard let value = request.header("authorization"), let header = HawkHeader(value) else {
      throw refusal("no Hawk header")
    }
    exchange.auth = "hawk-storage"
    guard let (payload, key) = state.tokenLib.open(id: header.id) else { throw refusal("unknown token") }
    do {
      try state.hawk.verify(
        header, key: Array(key.utf8), request: request, now: state.clock.seconds,
        skew: state.switches.int("hawk.skew"))
    } catch let error as HawkVerifier.Refusal {
      guard error == .stale, state.switches.flag("hawk.challenge") else { throw refusal(error.rawValue) }
      let challenge = HawkHeader.staleChallenge(now: state.clock.seconds, key: Array(key.utf8))
      throw refusal(error.rawValue, headers: [("WWW-Authenticate", challenge)])
    }
    // An expired token may still ask what changed, so that clients can poll cheaply (syncstorage-rs).
    let isPoll = request.method == "GET" && tail == ["info", "collections"]
    guard let expires = payload["expires"]?.double else { throw refusal("token without expiry") }
    guard isPoll || Double(state.clock.seconds) < expires else { throw refusal("expired token") }
    guard let tokenUID = payload["uid"]?.int, String(tokenUID) == uid else {
      throw refusal("token of another user")
    }
    guard !state.tokenUsers.isRetired(tokenUID) else { throw refusal("user moved to another node") }
    return state.storage.user(tokenUID)
  }
}
