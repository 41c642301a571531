import CCurl
import LockwiseCore

/// The data that libcurl delivers during one request: the response's header fields and body.
final class CurlExchange {
  /// The largest total size of a response's header fields, in bytes.
  private static let maximumHeaderSize = 256 * 1024

  let errorBuffer: UnsafeMutablePointer<CChar>
  private let maximumBodySize: Int
  private let shouldAbort: (() -> Bool)?
  private var headers: [(name: String, value: String)] = []
  private var headerSize = 0
  private var body = SecretBuilder()
  private var isTooLarge = false

  init(maximumBodySize: Int, shouldAbort: (() -> Bool)?) {
    self.maximumBodySize = maximumBodySize
    self.shouldAbort = shouldAbort
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit { errorBuffer.deallocate() }

  func response(status: Int) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: body.finish())
  }

  static let headerCallback: lockwise_curl_callback = { data, size, count, context in
    receive(data, size * count, context) { $0.takeHeader($1) }
  }

  static let bodyCallback: lockwise_curl_callback = { data, size, count, context in
    receive(data, size * count, context) { $0.takeBody($1) }
  }

  static let progressCallback: lockwise_curl_progress = { context, _, _, _, _ in
    guard let context else { return 0 }
    let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    return exchange.shouldAbort?() == true ? 1 : 0
  }

  private static func receive(
    _ data: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (CurlExchange, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let context else { return 0 }
    let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: data, count: count)
    // Any other count than the one given makes libcurl stop (CURLOPT_WRITEFUNCTION(3)); zero bytes is not a failure.
    return take(exchange, bytes) ? count : (count == 0 ? 1 : 0)
  }

  private func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    headerSize += line.count
    guard headerSize <= Self.maximumHeaderSize else {
      isTooLarge = true
      return false
    }
    let text = String(decoding: line, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      // A new status line: what came before belonged to an interim response (RFC 9110 section 15.2).
      headers = []
      return true
    }
    guard let colon = text.firstIndex(of: ":") else { return true }
    let value = text[text.index(after: colon)...]
    headers.append((text[..<colon].lowercased(), Self.trimmed(value)))
    return true
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= maximumBodySize else {
      isTooLarge = true
      return false
    }
    body.append(bytes)
    return true
  }

  private static func trimmed(_ value: Substring) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
    guard let first = value.firstIndex(where: { !isSpace($0) }),
      let last = value.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(value[first...last])
  }

  /// The error for libcurl's `code`.
  func error(for code: CURLcode, host: String) -> HTTPError {
    if isTooLarge { return .tooLarge(host: host) }
    switch code {
    case CURLE_URL_MALFORMAT:
      return .refusedURL("it is malformed")
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
      return .unreachable(host: host, reason: reason(code))
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE:
      return .untrusted(host: host, reason: reason(code))
    case CURLE_OPERATION_TIMEDOUT: return .timedOut(host: host)
    case CURLE_FILESIZE_EXCEEDED: return .tooLarge(host: host)
    case CURLE_ABORTED_BY_CALLBACK: return .aborted(host: host)
    default: return .broken(host: host, reason: reason(code))
    }
  }

  private var hasErrorText: Bool { errorBuffer.pointee != 0 }

  /// libcurl's message on one line of at most 200 printable characters. Parts of it come from the server.
  private func reason(_ code: CURLcode) -> String {
    let text = hasErrorText ? String(cString: errorBuffer) : String(cString: curl_easy_strerror(code))
    return String(decoding: text.utf8.lazy.filter { (0x20...0x7E).contains($0) }.prefix(200), as: UTF8.self)
  }
}
