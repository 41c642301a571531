import FlyingFox
import FlyingSocks
import Foundation

/// The boundary between FlyingFox and the sandbox.
enum HTTPAdapter {
  /// Makes a server for a port of the loopback interface; it does not listen yet.
  ///
  /// - Throws: an error if the address is invalid.
  static func server(port: UInt16, handler: some HTTPHandler) throws -> HTTPServer {
    HTTPServer(
      config: HTTPServer.Configuration(
        address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), timeout: 3600,
        sharedRequestBufferSize: 1 << 30, pool: NoDelayPool(base: HTTPServer.defaultPool()), logger: .disabled
      ),
      handler: handler)
  }

  /// Converts FlyingFox's request, including its whole body.
  static func request(_ request: HTTPRequest, defaultPort: Int) async throws -> Request {
    Request(
      method: request.method.rawValue, target: request.target.rawValue,
      headers: request.headers.map { ($0.key.rawValue, $0.value) }, body: try await request.bodyData,
      defaultPort: defaultPort)
  }

  /// Converts a response for FlyingFox.
  static func response(_ response: Response) -> HTTPResponse {
    if response.delivery == .dropped { return HTTPResponse(webSocket: DroppedConnection()) }
    var headers = HTTPHeaders()
    for (name, value) in response.headers { headers.setValues([value], for: HTTPHeader(name)) }
    let status = HTTPStatusCode(response.status, phrase: phrases[response.status] ?? "Status")
    if case .truncated(let count) = response.delivery {
      let body = HTTPBodySequence(
        from: TruncatedBody(bytes: Array(response.body.prefix(count))), count: response.body.count)
      return HTTPResponse(statusCode: status, headers: headers, body: body)
    }
    // The body is sent in a single write.
    let body = HTTPBodySequence(data: response.body, suggestedBufferSize: max(response.body.count, 1))
    return HTTPResponse(statusCode: status, headers: headers, body: body)
  }

  private static let phrases = [
    200: "OK", 202: "Accepted", 303: "See Other", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 409: "Conflict", 410: "Gone",
    412: "Precondition Failed", 413: "Content Too Large", 415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
  ]
}

/// A response that closes the connection without sending a byte.
///
/// FlyingFox sends the head of a response before it asks for the body. It asks a web socket's handler for frames before
/// it sends anything, and closes the connection if the handler throws.
private struct DroppedConnection: WSHandler {
  struct Intended: Error {}

  func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
    throw Intended()
  }
}

/// A body that ends early and so closes the connection.
private struct TruncatedBody: AsyncBufferedSequence {
  typealias Element = UInt8

  struct EndedEarly: Error {}

  let bytes: [UInt8]

  func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var bytes: [UInt8]

    mutating func next() async throws -> UInt8? {
      guard !bytes.isEmpty else { throw EndedEarly() }
      return bytes.removeFirst()
    }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard !bytes.isEmpty else { throw EndedEarly() }
      defer { bytes = [] }
      return bytes
    }
  }
}

/// A socket pool that turns off Nagle's algorithm.
///
/// FlyingFox writes the head and the body of a response separately. On a connection that is kept open, the body would
/// wait 40 ms for the client's delayed acknowledgement. On Linux, connections inherit the option from the listening
/// socket, which passes through this pool when it waits for its first connection.
private struct NoDelayPool<Base: AsyncSocketPool>: AsyncSocketPool {
  let base: Base

  func prepare() async throws { try await base.prepare() }

  func run() async throws { try await base.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    if events == .connection {
      var on: Int32 = 1
      setsockopt(
        socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    try await base.suspendSocket(socket, untilReadyFor: events)
  }
}
