import LockwiseAccounts
import LockwiseCore

/// Reads and writes one account's Sync storage (Sync storage API 1.5).
///
/// A 401 costs one replacement of the credentials and one more try, 500, 502 and 504 cost two more tries; there
/// is no other repetition. The server's clock and back-off times are passed on to the
/// credentials' source and to `backoff`.
public final class StorageClient {
  /// The server's back-off time. Checked before the first request of this client.
  public let backoff: Backoff
  /// The number of requests sent, repetitions included.
  private(set) var requestCount = 0
  /// The last message of the server's operators.
  private(set) var alert: ServerAlert?

  private let environment: StorageEnvironment
  private let source: any StorageCredentialsSource
  private var endpoint: String?
  /// The source of the credentials.
  private var learnedOffset: Milliseconds?
  private var observedOffset: Milliseconds?
  private var isBackoffChecked = false
  private var begun: (call: Call, answer: () throws -> HTTPResponse)?

  private static let pausesBeforeRetry: [Milliseconds] = [1000, 3000]
  /// The tolerable error of the clock offset: less than a signature tolerates (60 s), more than a request
  /// takes.
  private static let tolerableOffset: Milliseconds = 5000

  /// Creates a client; nothing is sent.
  ///
  /// - Parameters:
  ///   - environment: network, clock and randomness.
  ///   - credentials: the source of the credentials.
  ///   - documents: the vault, which stores `backoff`.
  public init(
    environment: StorageEnvironment, credentials: any StorageCredentialsSource,
    documents: any SealedDocuments
  ) {
    self.environment = environment
    source = credentials
    backoff = Backoff(documents: documents)
  }

  /// The server's time minus this machine's, as far as it is known: from the last response, since either
  /// clock may have been set after the credentials were issued.
  var clockOffset: Milliseconds { observedOffset ?? learnedOffset ?? 0 }

  /// Gets credentials and binds the client to their endpoint: if they name another one later, every request throws
  /// `StorageError.endpointChanged` until `connect` is called again.
  ///
  /// - Returns: the endpoint, the prefix of every URL.
  /// - Throws: `StorageError.backingOff`; the errors of the credentials' source.
  @discardableResult
  public func connect() throws -> String {
    try checkBackoff()
    let current = try source.credentials().endpoint
    endpoint = current
    return current
  }

  /// Sends a GET below the endpoint.
  ///
  /// - Parameters:
  ///   - resource: path and query, percent-encoded, beginning with a slash.
  ///   - condition: the condition of the request.
  ///   - timeout: the longest time. With it, nothing is repeated and no credentials are fetched.
  /// - Returns: the response, status 200, or 304 if the condition allows it.
  /// - Throws: `StorageError`; the errors of the credentials' source, the vault and libcrypto.
  func get(
    _ resource: String, _ condition: StorageCondition = .none, timeout: Milliseconds? = nil
  ) throws -> HTTPResponse {
    let response = try exchange(Call(method: "GET", resource: resource, condition: condition, timeout: timeout))
    if response.status == 304 {
      if case .modifiedSince = condition { return response }
      throw StorageError.unexpectedStatus(304)
    }
    return response
  }

  /// Sends a PUT, POST or DELETE below the endpoint. Only a request that the server did not process (401) is repeated.
  ///
  /// - Parameters:
  ///   - method: upper case.
  ///   - resource: path and query, percent-encoded, beginning with a slash.
  ///   - body: JSON; `nil` for none.
  ///   - condition: the condition of the request.
  ///   - isSentOnce: whether repeating it could do harm: if it was carried out but its response was lost, the second
  ///     would be refused because of the first (412).
  /// - Returns: the response, status 200 or 202.
  /// - Throws: `StorageError`; the errors of the credentials' source, the vault and libcrypto.
  func write(
    _ method: String, _ resource: String, body: SecretBytes?, _ condition: StorageCondition, isSentOnce: Bool = true
  ) throws -> HTTPResponse {
    try exchange(Call(method: method, resource: resource, condition: condition, body: body, isSentOnce: isSentOnce))
  }

  private func exchange(_ call: Call) throws -> HTTPResponse {
    if endpoint == nil { try connect() }
    try checkBackoff()
    var response = try send(call, with: checked(source.credentials()))
    if response.status == 401, call.timeout == nil {
      try learnClock(from: response)
      response = try send(call, with: checked(source.replaceAfterUnauthorized()))
    }
    if let alert, alert.kind == .hardEndOfLife { throw StorageError.decommissioned(message: alert.message) }
    switch response.status {
    case 200, 202: return response
    case 304 where call.method == "GET": return response
    default:
      if let target = Redirection.target(of: response, from: (endpoint ?? "") + call.resource) {
        throw StorageError.redirected(to: target)
      }
      throw StorageError(response: response, retryAfter: waitingTime(of: response))
    }
  }

  /// One request below the endpoint.
  private struct Call: Equatable {
    let method: String
    let resource: String
    let condition: StorageCondition
    var body: SecretBytes?
    var isSentOnce = false
    var timeout: Milliseconds?
  }

  private func checkBackoff() throws {
    guard !isBackoffChecked else { return }
    let remaining = try backoff.remaining(at: environment.now())
    guard remaining == 0 else { throw StorageError.backingOff(Seconds(remaining + 999)) }
    isBackoffChecked = true
  }

  private func checked(_ credentials: StorageCredentials) throws -> StorageCredentials {
    guard credentials.endpoint == endpoint else { throw StorageError.endpointChanged }
    return learnedOffset.map { credentials.withClockOffset($0) } ?? credentials
  }

  private func send(_ call: Call, with credentials: StorageCredentials) throws -> HTTPResponse {
    var pauses = Self.pausesBeforeRetry[...]
    while true {
      let response = try sendOnce(call, with: credentials)
      // After one of these the outcome of a write is unknown.
      let mayRetry =
        call.method == "GET" && call.timeout == nil && [500, 502, 504].contains(response.status)
        && waitingTime(of: response) == nil
      guard mayRetry, let pause = pauses.popFirst() else { return response }
      environment.sleep(pause)
    }
  }

  private func sendOnce(_ call: Call, with credentials: StorageCredentials) throws -> HTTPResponse {
    let begun = begun
    self.begun = nil
    let response: HTTPResponse
    do {
      if let begun, begun.call == call {
        response = try begun.answer()
      } else {
        let request = try signed(call, with: credentials)
        requestCount += 1
        response = try environment.transport.send(request)
        if let server = Self.time(of: response) { observedOffset = server - environment.now() }
      }
    } catch let error as HTTPError {
      throw StorageError.network(error)
    }
    try learn(from: response, offset: credentials.clockOffset)
    return response
  }

  /// Begins the next GET in advance, so that the server works on it meanwhile. If it cannot begin, the GET itself
  /// reports the error.
  func begin(_ resource: String, _ condition: StorageCondition, timeout: Milliseconds? = nil) {
    let call = Call(method: "GET", resource: resource, condition: condition, timeout: timeout)
    guard begun == nil, let credentials = try? checked(source.credentials()),
      let request = try? signed(call, with: credentials), let answer = try? environment.transport.begin(request)
    else { return }
    requestCount += 1
    begun = (call, answer)
  }

  private func signed(_ call: Call, with credentials: StorageCredentials) throws -> HTTPRequest {
    let url = credentials.endpoint + call.resource
    let authorization = try Hawk.authorization(
      method: call.method, url: url, credentials: credentials, now: environment.now(), random: environment.random)
    var request = HTTPRequest(method: call.method, url: url, body: call.body)
    request.isSentOnce = call.isSentOnce
    request.timeout = call.timeout
    let json = SecretBytes(utf8: "application/json")
    request.headers = [("Authorization", authorization), ("Accept", json)]
    if call.body != nil { request.headers.append(("Content-Type", json)) }
    switch call.condition {
    case .none: break
    case .modifiedSince(let time):
      request.headers.append(("X-If-Modified-Since", SecretBytes(utf8: time.description)))
    case .unmodifiedSince(let time):
      request.headers.append(("X-If-Unmodified-Since", SecretBytes(utf8: time.description)))
    }
    return request
  }

  private func learn(from response: HTTPResponse, offset: Milliseconds) throws {
    if let text = response.header("x-weave-alert"), !text.isEmpty { alert = ServerAlert(header: text) }
    if learnedOffset == nil { learnedOffset = offset }
    if let wait = waitingTime(of: response) {
      try backoff.note(wait, now: environment.now())
      try backoff.save()
    }
  }

  /// Only a 401 shows that the offset may be wrong. `X-Weave-Timestamp` of other responses may be that of a record that
  /// is newer than the server's clock (Sync storage API 1.5).
  private func learnClock(from response: HTTPResponse) throws {
    guard let server = Self.time(of: response) else { return }
    let offset = server - environment.now()
    guard (offset - (learnedOffset ?? 0)).magnitude > Self.tolerableOffset else { return }
    learnedOffset = offset
    try source.setClockOffset(offset)
  }

  /// The server's clock.
  private static func time(of response: HTTPResponse) -> Milliseconds? {
    let stamp = response.header("x-weave-timestamp").flatMap { Timestamp($0) }?.milliseconds
    return stamp ?? response.header("date").flatMap { HTTPDate.seconds($0) }.map { Milliseconds($0) }
  }

  /// The longest of the back-off times of a response (Sync storage API 1.5, `X-Weave-Backoff`, `Retry-After`;
  /// TokenServer API 1.0, `X-Backoff`).
  private func waitingTime(of response: HTTPResponse) -> Seconds? {
    let names = ["x-weave-backoff", "x-backoff", "retry-after"]
    return response.headers.filter { names.contains($0.name) }.compactMap { header in
      if let seconds = Double(header.value) {
        return seconds > 0 ? Seconds(Int64(min(seconds.rounded(.up), Double(Backoff.longest.rawValue)))) : nil
      }
      guard let date = HTTPDate.seconds(header.value) else { return nil }
      // A date is by the server's clock.
      return min(date - Seconds(environment.now() + (learnedOffset ?? 0)), Backoff.longest)
    }.max().flatMap { $0 > 0 ? $0 : nil }
  }
}

extension StorageError {
  /// Creates an error from a response that is neither 200 nor an expected 304 (Sync storage API 1.5, "HTTP status
  /// codes" and "Response codes").
  fileprivate init(response: HTTPResponse, retryAfter: Seconds?) {
    let code = response.body.count <= 4 ? (try? JSONValue(parsing: response.body))?.integer : nil
    switch (response.status, code) {
    case (400, 14), (403, 14): self = .overQuota
    case (400, 16): self = .upgradeRequired
    case (400, 17), (413, _): self = .tooLarge
    case (400, _): self = .badRequest(code: code)
    case (401, _): self = .unauthorized
    case (403, _): self = .forbidden
    case (404, _): self = .notFound
    case (409, _): self = .conflict(retryAfter: retryAfter)
    case (412, _):
      self = .preconditionFailed(lastModified: response.header("x-last-modified").flatMap { Timestamp($0) })
    case (429, _), (503, _): self = .busy(status: response.status, retryAfter: retryAfter)
    case (513, _): self = .decommissioned(message: nil)
    case (500..., _):
      self =
        retryAfter == nil
        ? .serverTrouble(status: response.status) : .busy(status: response.status, retryAfter: retryAfter)
    default: self = .unexpectedStatus(response.status)
    }
  }
}
