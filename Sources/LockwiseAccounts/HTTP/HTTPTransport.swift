import LockwiseCore

/// A transport for HTTP requests. The real one uses libcurl; tests use their own.
public protocol HTTPTransport {
  /// Sends `request` and returns the whole response, whatever its status.
  ///
  /// - Throws: `HTTPError` if there is no response.
  func send(_ request: HTTPRequest) throws -> HTTPResponse

  /// Begins a request, so that the server works on it meanwhile. With a transport that cannot do that, it begins when
  /// the response is requested.
  ///
  /// - Returns: a function that waits for the response, like `send`. Call it at most once, and before the next request
  ///   begins; releasing it cancels the request.
  /// - Throws: `HTTPError` if the request is refused before it is sent.
  func begin(_ request: HTTPRequest) throws -> () throws -> HTTPResponse
}

extension HTTPTransport {
  /// Begins the request when the response is requested.
  public func begin(_ request: HTTPRequest) throws -> () throws -> HTTPResponse { { try send(request) } }
}

/// One HTTP request.
public struct HTTPRequest: Sendable {
  /// The method, upper case.
  public var method: String
  /// The absolute URL, sent byte for byte, as Hawk signs it.
  public var url: String
  /// Header fields in the order in which they are sent. Values may be secret and are never logged.
  public var headers: [(name: String, value: SecretBytes)]
  /// The body; `nil` for none.
  public var body: SecretBytes?
  /// Whether it must not be sent twice. A client may repeat a request when a connection that it reuses turns out to be
  /// closed (RFC 9110 section 9.2.2); this one gets its own connection.
  public var isSentOnce = false
  /// The longest time for the whole exchange; `nil` for the transport's limit.
  public var timeout: Milliseconds?

  /// Creates a request.
  public init(
    method: String, url: String, headers: [(name: String, value: SecretBytes)] = [], body: SecretBytes? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// One HTTP response.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// Header fields, names in lower case, in the order received.
  public var headers: [(name: String, value: String)]
  /// The body, empty if there was none.
  public var body: SecretBytes

  /// Creates a response.
  public init(status: Int, headers: [(name: String, value: String)], body: SecretBytes) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of the first header field called `name` (in lower case).
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
