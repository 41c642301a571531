import LockwiseCore

/// Sends one HTTP request and waits for the answer. The real one is libcurl; tests hand in their own.
public protocol HTTPTransport {
  /// Sends `request` and returns the whole answer, whatever its status.
  ///
  /// - Throws: `HTTPError` if there is no answer.
  func send(_ request: HTTPRequest) throws -> HTTPResponse

  /// Begins a request, so that the server works on it while we do something else. Of a transport that cannot do so it
  /// begins when the answer is asked for.
  ///
  /// - Returns: waits for the answer, as `send` does; to be called once at most, and before the next request is begun.
  ///   Letting go of it gives the request up.
  /// - Throws: `HTTPError` if the request is refused before it is sent.
  func begin(_ request: HTTPRequest) throws -> () throws -> HTTPResponse
}

extension HTTPTransport {
  /// Begins the request when the answer is asked for.
  public func begin(_ request: HTTPRequest) throws -> () throws -> HTTPResponse { { try send(request) } }
}

/// One HTTP request.
public struct HTTPRequest: Sendable {
  /// The method, upper case.
  public var method: String
  /// The absolute URL, sent exactly as it stands here (Hawk signs it byte for byte).
  public var url: String
  /// Header fields in the order in which they are sent. Values may be secret and are never logged.
  public var headers: [(name: String, value: SecretBytes)]
  /// The body; `nil` for none.
  public var body: SecretBytes?
  /// Whether the server must never see it twice. A client may send a request again when a connection that it uses
  /// again turns out to be closed (RFC 9110 section 9.2.2); this one gets a connection of its own.
  public var isSentOnce = false
  /// How long the whole exchange may take, milliseconds; `nil`: as long as any other.
  public var timeout: Int?

  /// Makes a request.
  public init(
    method: String, url: String, headers: [(name: String, value: SecretBytes)] = [], body: SecretBytes? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// One HTTP answer.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// Header fields, names in lower case, in the order received.
  public var headers: [(name: String, value: String)]
  /// The body, empty if there was none.
  public var body: SecretBytes

  /// Makes an answer.
  public init(status: Int, headers: [(name: String, value: String)], body: SecretBytes) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of the first header field called `name` (in lower case).
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
