import Foundation

/// The Sync storage API 1.5 below an `api_endpoint`.
struct StorageServer {
  let state: SandboxState

  /// Responds to a request for the storage of a user; `tail` is the path below the endpoint.
  func response(to exchange: Exchange, uid: String, tail: [String]) -> Response {
    let now = state.clock.now
    var response = dispatch(exchange, uid: uid, tail: tail, now: now)
    let modified = response.header("X-Last-Modified").flatMap { SyncTime($0) } ?? .zero
    // The time of the request, but not before `X-Last-Modified` (syncstorage-rs, weave timestamp middleware).
    response.setHeader("X-Weave-Timestamp", max(now, modified).description)
    if let seconds = state.switches["storage.backoff"].int {
      response.setHeader("X-Weave-Backoff", String(seconds))
    }
    if let alert = state.switches.word("storage.alert") { response.setHeader("X-Weave-Alert", alert) }
    CrossOrigin.allow(&response, for: exchange.request)
    return response
  }

  private func dispatch(_ exchange: Exchange, uid: String, tail: [String], now: SyncTime) -> Response {
    if let preflight = CrossOrigin.preflight(exchange.request, maxAge: state.switches.int("storage.cors-max-age")) {
      return preflight
    }
    if tail.count == 1, let status = SandboxVersion.healthCheck(tail[0]) { return status }
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
      if let note = error.note { exchange.addNote(note) }
    } catch {
      exchange.addNote("internal: \(error)")
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

  /// Verifies the Hawk header and the storage token in it, and returns the storage of its user.
  ///
  /// - Throws: ``StorageError`` 401 with body 0 for any error, as syncstorage-rs does.
  private func authenticate(_ exchange: Exchange, uid: String, tail: [String]) throws -> UserStorage {
    let request = exchange.request
    func refusal(_ reason: String, headers: [(name: String, value: String)] = []) -> StorageError {
      StorageError(status: 401, headers: headers, note: "rejected-hawk: \(reason)")
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
    } catch let error as HawkVerifier.Failure {
      guard error == .stale, state.switches.flag("hawk.challenge") else { throw refusal(error.rawValue) }
      let challenge = HawkHeader.staleChallenge(now: state.clock.seconds, key: Array(key.utf8))
      throw refusal(error.rawValue, headers: [("WWW-Authenticate", challenge)])
    }
    // Clients may poll for changes with an expired token (syncstorage-rs).
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

/// Cross-origin requests of web pages (Fetch standard, "CORS protocol"), which syncstorage-rs allows from any origin.
private enum CrossOrigin {
  private static let methods = "DELETE, GET, POST, PUT"
  private static let headers = [
    "Authorization", "Content-Type", "User-Agent", "X-Last-Modified", "X-Weave-Timestamp", "X-Weave-Next-Offset",
    "X-Weave-Records", "X-Weave-Bytes", "X-Weave-Total-Records", "X-Weave-Total-Bytes",
  ].joined(separator: ", ")

  /// Returns the response to an `OPTIONS` with an `Origin`; nil for any other request.
  static func preflight(_ request: Request, maxAge: Int) -> Response? {
    guard request.method == "OPTIONS", request.header("origin") != nil else { return nil }
    return Response(
      status: 200,
      headers: [
        ("Access-Control-Allow-Methods", methods), ("Access-Control-Allow-Headers", headers),
        ("Access-Control-Max-Age", String(maxAge)),
      ])
  }

  /// Allows the page that sent the request to read the response.
  static func allow(_ response: inout Response, for request: Request) {
    guard let origin = request.header("origin") else { return }
    response.setHeader("Access-Control-Allow-Origin", origin)
    response.vary(on: "Origin")
  }
}
