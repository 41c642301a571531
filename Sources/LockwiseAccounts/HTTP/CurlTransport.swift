import CCurl
import LockwiseCore

/// HTTP by libcurl: one connection pool, one request at a time.
///
/// TLS 1.2 or newer with the certificate checked; no redirects, cookies, netrc or HTTP authentication of libcurl's own.
/// A proxy comes from the environment, as usual with libcurl (`https_proxy`, `no_proxy`), never for this machine
/// itself. Nothing is logged. libcurl's own buffers are not wiped; this type's are.
public final class CurlTransport: HTTPTransport {
  /// The limits and the trust of requests.
  public struct Options: Sendable {
    /// The longest time for one request and its response.
    public var timeout: Milliseconds
    /// The longest time to connect, TLS included.
    public var connectTimeout: Milliseconds
    /// The largest answer body, in bytes, decompressed.
    var maximumBodySize: Int
    /// A file of trusted certificates in PEM form instead of the system's (CURLOPT_CAINFO(3)).
    var certificateFile: String?

    /// Creates options; see the members.
    public init(
      timeout: Milliseconds = 60_000, connectTimeout: Milliseconds = 10_000, maximumBodySize: Int = 64 << 20,
      certificateFile: String? = nil
    ) {
      self.timeout = timeout
      self.connectTimeout = connectTimeout
      self.maximumBodySize = maximumBodySize
      self.certificateFile = certificateFile
    }
  }

  /// libcurl's name and version, for display.
  public static var libraryVersion: String {
    // The first word is `libcurl/VERSION` (curl_version(3)).
    String(String(cString: curl_version()).prefix { $0 != " " }.map { $0 == "/" ? " " : $0 })
  }

  // curl_global_init(3) must happen once, before any other call; a static constant is initialised once.
  private static let isReady = lockwise_curl_global_init() == CURLE_OK

  let handle: UnsafeMutableRawPointer
  private let userAgent: String
  private let options: Options
  private let shouldAbort: (() -> Bool)?
  /// The pool for `begin`, with its own connection.
  private var ahead: (transport: CurlTransport, pool: CurlTransfer.Pool)?

  /// Creates a transport with a connection pool of its own.
  ///
  /// - Parameters:
  ///   - userAgent: the program's name and version, such as `lockwise/1.0`.
  ///   - options: limits and trust.
  ///   - shouldAbort: polled about once a second while waiting; `true` ends the request.
  /// - Throws: `HTTPError.unavailable` if libcurl cannot be set up.
  public init(userAgent: String, options: Options = Options(), shouldAbort: (() -> Bool)? = nil) throws {
    guard Self.isReady, let handle = curl_easy_init() else { throw HTTPError.unavailable }
    self.handle = handle
    self.userAgent = userAgent
    self.options = options
    self.shouldAbort = shouldAbort
  }

  deinit { curl_easy_cleanup(handle) }

  /// Begins a request without a body on its own connection. One with a body begins when the response is requested.
  ///
  /// - Throws: `HTTPError` if the request is refused before it is sent.
  public func begin(_ request: HTTPRequest) throws -> () throws -> HTTPResponse {
    guard request.method == "GET", request.body == nil else { return { try self.send(request) } }
    let ahead =
      try self.ahead
      ?? (CurlTransport(userAgent: userAgent, options: options, shouldAbort: shouldAbort), CurlTransfer.Pool())
    self.ahead = ahead
    let address = try WebAddress(request.url)
    let headers = try CurlHeaders(request.headers)
    let exchange = CurlExchange(maximumBodySize: options.maximumBodySize, shouldAbort: shouldAbort)
    curl_easy_reset(ahead.transport.handle)
    try ahead.transport.configure(for: address, headers: headers, exchange: exchange, timeout: request.timeout)
    try ahead.transport.set(CURLOPT_CUSTOMREQUEST, request.method)
    let pending = try CurlTransfer(ahead.transport, in: ahead.pool, headers: headers, exchange: exchange)
    return { try pending.response(host: address.host) }
  }

  /// Sends `request` and returns the whole response, whatever its status.
  ///
  /// - Throws: `HTTPError` if the request is refused before it is sent, or there is no response.
  public func send(_ request: HTTPRequest) throws -> HTTPResponse {
    let address = try WebAddress(request.url)
    guard !request.method.isEmpty, request.method.utf8.allSatisfy({ (65...90).contains($0) }) else {
      throw HTTPError.refusedHeader("method")
    }
    let headers = try CurlHeaders(request.headers)
    let exchange = CurlExchange(maximumBodySize: options.maximumBodySize, shouldAbort: shouldAbort)
    // Resetting keeps connections, TLS sessions and the DNS cache (curl_easy_reset(3)). Resetting again afterwards
    // removes the pointers into the body and the headers.
    curl_easy_reset(handle)
    defer { curl_easy_reset(handle) }
    let code = try withExtendedLifetime((headers, exchange)) {
      try configure(for: address, headers: headers, exchange: exchange, timeout: request.timeout)
      if request.isSentOnce { try set(CURLOPT_FRESH_CONNECT, 1) }
      return try perform(request)
    }
    guard code == CURLE_OK else { throw exchange.error(for: code, host: address.host) }
    var status = 0
    _ = lockwise_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return exchange.response(status: status)
  }

  private func perform(_ request: HTTPRequest) throws -> CURLcode {
    if request.method == "HEAD" { try set(CURLOPT_NOBODY, 1) }
    // Servers refuse a POST or PUT without a length (411).
    let takesBody = ["POST", "PUT", "PATCH"].contains(request.method)
    guard let body = request.body ?? (takesBody ? SecretBytes(utf8: "") : nil) else {
      try set(CURLOPT_CUSTOMREQUEST, request.method)
      return curl_easy_perform(handle)
    }
    return try body.withUnsafeBytes { bytes in
      // An empty SecretBytes still has an address, so that libcurl does not read the body by a callback.
      try set(CURLOPT_POSTFIELDS, pointer: bytes.baseAddress)
      try check(lockwise_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
      try set(CURLOPT_CUSTOMREQUEST, request.method)
      return curl_easy_perform(handle)
    }
  }

  private func configure(
    for address: WebAddress, headers: CurlHeaders, exchange: CurlExchange, timeout: Milliseconds?
  ) throws {
    try set(CURLOPT_URL, address.text)
    try set(CURLOPT_PATH_AS_IS, 1)
    try set(CURLOPT_PROTOCOLS_STR, address.isSecure ? "https" : "http")
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_NETRC, 0)
    try set(CURLOPT_HTTP09_ALLOWED, 0)
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_USERAGENT, userAgent)
    // Some servers compress every response. The limit for bodies applies to the decompressed text.
    try set(CURLOPT_ACCEPT_ENCODING, "gzip")
    try set(CURLOPT_HTTPHEADER, pointer: headers.list)
    if address.isLoopback { try set(CURLOPT_PROXY, "") }
    // The header fields are for the server, not for a proxy's CONNECT.
    try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    if let file = options.certificateFile { try set(CURLOPT_CAINFO, file) }
    try set(CURLOPT_TIMEOUT_MS, min(timeout ?? options.timeout, options.timeout).curlValue)
    try set(CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.curlValue)
    let size = curl_off_t(options.maximumBodySize)
    try check(lockwise_curl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, size))
    try configureCallbacks(exchange)
  }

  private func configureCallbacks(_ exchange: CurlExchange) throws {
    let context = Unmanaged.passUnretained(exchange).toOpaque()
    try set(CURLOPT_ERRORBUFFER, pointer: exchange.errorBuffer)
    try set(CURLOPT_HEADERDATA, pointer: context)
    try set(CURLOPT_WRITEDATA, pointer: context)
    try check(lockwise_curl_set_callback(handle, CURLOPT_HEADERFUNCTION, CurlExchange.headerCallback))
    try check(lockwise_curl_set_callback(handle, CURLOPT_WRITEFUNCTION, CurlExchange.bodyCallback))
    if shouldAbort != nil {
      try set(CURLOPT_NOPROGRESS, 0)
      try set(CURLOPT_XFERINFODATA, pointer: context)
      try check(lockwise_curl_set_progress(handle, CurlExchange.progressCallback))
    }
  }

  private func check(_ code: CURLcode) throws {
    guard code == CURLE_OK else { throw HTTPError.unavailable }
  }

  private func set(_ option: CURLoption, _ value: Int) throws {
    try check(lockwise_curl_set_long(handle, option, value))
  }

  // libcurl copies strings (curl_easy_setopt(3)); it does not copy the pointers set here.
  private func set(_ option: CURLoption, _ value: String) throws {
    try check(value.withCString { lockwise_curl_set_pointer(handle, option, $0) })
  }

  private func set(_ option: CURLoption, pointer: UnsafeRawPointer?) throws {
    try check(lockwise_curl_set_pointer(handle, option, pointer))
  }
}

extension Milliseconds {
  /// The span as libcurl takes it.
  fileprivate var curlValue: Int { Int(clamping: rawValue) }
}
