import LockwiseCore

/// The token server's one route (TokenServer API, GET /1.0/sync/1.5).
public struct TokenServerClient {
  /// What the token server answered.
  public struct Answer: Sendable {
    /// The credentials.
    public let credentials: StorageCredentials
    /// For how many seconds the server asks to be left alone after this (`X-Backoff`, `X-Weave-Backoff`).
    public let backoff: Int64?
  }

  private let url: String
  private let transport: any HTTPTransport
  private let clock: WallClock

  /// Makes a client.
  ///
  /// - Parameters:
  ///   - servers: where the token server is.
  ///   - transport: sends the requests.
  ///   - clock: tells when credentials expire and how far the server's clock is off.
  public init(servers: ServerConfiguration, transport: any HTTPTransport, clock: WallClock = .system) {
    url = servers.tokenServer + "/1.0/sync/1.5"
    self.transport = transport
    self.clock = clock
  }

  /// Exchanges a proof for storage credentials.
  ///
  /// - Returns: the credentials.
  /// - Throws: `TokenServerError`; `HTTPError` if there is no answer, or the endpoint may not be used.
  public func credentials(_ proof: TokenServerProof) throws -> Answer {
    let request = HTTPRequest(
      method: "GET", url: url,
      headers: [("Accept", SecretBytes(utf8: "application/json"))] + proof.headers)
    let response = try transport.send(request)
    if let target = Redirection.target(of: response, from: url) { throw TokenServerError.redirected(to: target) }
    return try Self.parse(response, now: clock.now())
  }

  /// Reads an answer that came at `now`, milliseconds since 1970.
  ///
  /// - Throws: `TokenServerError`, `HTTPError.refusedURL`.
  static func parse(_ response: HTTPResponse, now: Int64) throws -> Answer {
    let offset = clockOffset(response, now: now)
    let object = (try? JSONValue(parsing: response.body))?.object
    guard response.status == 200 else {
      let wait = RetryAfter.seconds(response) ?? backoff(response)
      throw TokenServerError(
        status: response.status, word: object?["status"]?.string, retryAfter: wait, offset: offset)
    }
    guard let object else { throw TokenServerError.notATokenServer(status: 200) }
    return Answer(
      credentials: try StorageCredentials(object, now: now, clockOffset: offset ?? 0),
      backoff: backoff(response))
  }

  private static func clockOffset(_ response: HTTPResponse, now: Int64) -> Int64? {
    guard let text = response.header("x-timestamp"), let seconds = Double(text),
      (0..<1e11).contains(seconds)
    else { return nil }
    return Int64(seconds * 1000) - now
  }

  private static func backoff(_ response: HTTPResponse) -> Int64? {
    let values = ["x-backoff", "x-weave-backoff"].compactMap { RetryAfter.seconds(response, header: $0) }
    return values.max()
  }
}
