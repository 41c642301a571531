import LockwiseCore

/// Passes requests on and reports each one: method, URL, status, the number of an error, time. Never header fields or
/// bodies.
public struct LoggingTransport: HTTPTransport {
  /// One request that was sent.
  public struct Entry: Equatable, Sendable {
    /// The method.
    let method: String
    /// The URL without its query; runs of 32 and more hexadecimal digits stand as `…`.
    public let url: String
    /// The response's status; `nil` if there was none.
    let status: Int?
    /// The number in the body of an error of the accounts server; `nil` if there is none.
    let errno: Int64?
    /// The duration.
    public let duration: Milliseconds

    /// The entry as one line.
    public var text: String {
      "\(method) \(url) \(status.map { String($0) } ?? "no response")"
        + (errno.map { " (errno \($0))" } ?? "") + " \(duration) ms"
    }
  }

  private let transport: any HTTPTransport
  private let clock: WallClock
  private let report: (Entry) -> Void

  /// Wraps a transport.
  ///
  /// - Parameters:
  ///   - transport: the transport for requests.
  ///   - clock: measures the time that they take.
  ///   - report: called after every request.
  public init(_ transport: any HTTPTransport, clock: WallClock = .system, report: @escaping (Entry) -> Void) {
    self.transport = transport
    self.clock = clock
    self.report = report
  }

  /// Sends `request` and returns the whole response, whatever its status.
  ///
  /// - Throws: the errors of the wrapped transport.
  public func send(_ request: HTTPRequest) throws -> HTTPResponse {
    try reporting(request, since: clock.now()) { try transport.send(request) }
  }

  /// Begins `request`, which is reported when its response has arrived.
  ///
  /// - Throws: the errors of the wrapped transport.
  public func begin(_ request: HTTPRequest) throws -> () throws -> HTTPResponse {
    let start = clock.now()
    let answer = try transport.begin(request)
    return { try reporting(request, since: start, answer) }
  }

  private func reporting(
    _ request: HTTPRequest, since start: Milliseconds, _ answer: () throws -> HTTPResponse
  ) throws -> HTTPResponse {
    var status: Int?
    var errno: Int64?
    defer {
      let url = Self.redacted(request.url)
      report(Entry(method: request.method, url: url, status: status, errno: errno, duration: clock.now() - start))
    }
    let response = try answer()
    status = response.status
    errno = Self.errno(response)
    return response
  }

  private static func errno(_ response: HTTPResponse) -> Int64? {
    guard response.status >= 400, response.body.count <= 4096 else { return nil }
    return (try? JSONValue(parsing: response.body))?.object?["errno"]?.integer
  }

  /// `url` without query and fragment, user information, and anything that looks like an id or token.
  static func redacted(_ url: String) -> String {
    guard let address = try? WebAddress(url) else { return "(refused address)" }
    let whole = address.text
    let path = whole[..<(whole.firstIndex(of: "?") ?? whole.endIndex)]
    var result = ""
    var run = ""
    func flush() {
      result += run.utf8.count { $0 != UInt8(ascii: "-") } >= 32 ? "…" : run
      run = ""
    }
    for character in path {
      if character.isHexDigit || character == "-" {
        run.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }
}
