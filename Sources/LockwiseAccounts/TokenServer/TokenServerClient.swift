import LockwiseCore

/// The token server's one route (TokenServer API, GET /1.0/sync/1.5).
struct TokenServerClient {
  /// A successful response of the token server.
  public struct Response: Sendable {
    /// The credentials.
    let credentials: StorageCredentials
    /// The time to back off after this (`X-Backoff`, `X-Weave-Backoff`); `nil` if the server asks for none.
    let backoff: Seconds?
  }

  private let url: String
  private let transport: any HTTPTransport
  private let clock: WallClock

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - servers: the servers, among them the token server.
  ///   - transport: the transport for requests.
  ///   - clock: this machine's clock, for expiry times and the server's clock offset.
  public init(servers: ServerConfiguration, transport: any HTTPTransport, clock: WallClock = .system) {
    url = servers.tokenServer + "/1.0/sync/1.5"
    self.transport = transport
    self.clock = clock
  }

  /// Exchanges a proof for storage credentials.
  ///
  /// - Returns: the credentials and the back-off time.
  /// - Throws: `TokenServerError`; `HTTPError` if there is no response, or the endpoint cannot be used.
  func credentials(_ proof: TokenServerProof) throws -> Response {
    let request = HTTPRequest(
      method: "GET", url: url,
      headers: [("Accept", SecretBytes(utf8: "application/json"))] + proof.headers)
    let response = try transport.send(request)
    if let target = Redirection.target(of: response, from: url) { throw TokenServerError.redirected(to: target) }
    return try Self.parse(response, now: clock.now())
  }

  /// Reads a response received at `now`.
  ///
  /// - Throws: `TokenServerError`, `HTTPError.refusedURL`.
  static func parse(_ response: HTTPResponse, now: Milliseconds) throws -> Response {
    let offset = clockOffset(response, now: now)
    let object = (try? JSONValue(parsing: response.body))?.object
    guard response.status == 200 else {
      let wait = RetryAfter.seconds(response) ?? backoff(response)
      throw TokenServerError(
        status: response.status, word: object?["status"]?.string, retryAfter: wait, offset: offset)
    }
    guard let object else { throw TokenServerError.notATokenServer(status: 200) }
    return Response(
      credentials: try StorageCredentials(object, now: now, clockOffset: offset ?? 0),
      backoff: backoff(response))
  }

  private static func clockOffset(_ response: HTTPResponse, now: Milliseconds) -> Milliseconds? {
    guard let text = response.header("x-timestamp"), let seconds = Double(text),
      (0..<1e11).contains(seconds)
    else { return nil }
    return Milliseconds(Int64(seconds * 1000)) - now
  }

  private static func backoff(_ response: HTTPResponse) -> Seconds? {
    let values = ["x-backoff", "x-weave-backoff"].compactMap { RetryAfter.seconds(response, header: $0) }
    return values.max()
  }
}
