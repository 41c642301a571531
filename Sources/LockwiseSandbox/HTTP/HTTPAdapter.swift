import FlyingFox
import FlyingSocks
import Foundation

/// Translates between FlyingFox and the sandbox.
enum HTTPAdapter {
  static func request(_ request: HTTPRequest, defaultPort: Int) async throws -> Request {
    Request(
      method: request.method.rawValue, target: request.target.rawValue,
      headers: request.headers.map { ($0.key.rawValue, $0.value) }, body: try await request.bodyData,
      defaultPort: defaultPort)
  }

  static func response(_ response: Response) -> HTTPResponse {
    if response.delivery == .dropped { return HTTPResponse(webSocket: DroppedConnection()) }
    var headers = HTTPHeaders()
    for (name, value) in response.headers { headers.setValues([value], for: HTTPHeader(name)) }
    let status = HTTPStatusCode(response.status, phrase: phrases[response.status] ?? "Status")
    if case .truncated(let count) = response.delivery {
      let body = HTTPBodySequence(
        from: CutBody(bytes: Array(response.body.prefix(count))), count: response.body.count)
      return HTTPResponse(statusCode: status, headers: headers, body: body)
    }
    // One chunk, so that a body is one write.
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

/// Closes the connection without an answer.
///
/// FlyingFox sends the head of a response before it asks for the body, but asks a web socket's handler for
/// frames before it sends anything; when that throws, the connection is closed with not a byte sent.
private struct DroppedConnection: WSHandler {
  struct Intended: Error {}

  func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
    throw Intended()
  }
}

/// A body that breaks off, which closes the connection.
private struct CutBody: AsyncBufferedSequence {
  typealias Element = UInt8

  struct BrokenOff: Error {}

  let bytes: [UInt8]

  func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var bytes: [UInt8]

    mutating func next() async throws -> UInt8? {
      guard !bytes.isEmpty else { throw BrokenOff() }
      return bytes.removeFirst()
    }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      guard !bytes.isEmpty else { throw BrokenOff() }
      defer { bytes = [] }
      return bytes
    }
  }
}
