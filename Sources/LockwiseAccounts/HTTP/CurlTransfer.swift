import CCurl

/// A transfer in progress, which continues whenever libcurl is called (libcurl-multi(3)).
final class CurlTransfer {
  /// The multi handle for transfers, one at a time; it keeps the connection.
  final class Pool {
    fileprivate let multi: UnsafeMutableRawPointer

    init() throws {
      guard let multi = curl_multi_init() else { throw HTTPError.unavailable }
      self.multi = multi
    }

    deinit { curl_multi_cleanup(multi) }
  }

  private let transport: CurlTransport
  private let pool: Pool
  // Kept for libcurl, which holds pointers into them.
  private let headers: CurlHeaders
  private let exchange: CurlExchange

  /// Begins a transfer.
  ///
  /// - Parameters:
  ///   - transport: the transport whose handle is ready.
  ///   - pool: a pool without another transfer.
  ///   - headers: the handle's header fields.
  ///   - exchange: the data that the handle's callbacks fill.
  /// - Throws: `HTTPError.unavailable`.
  init(_ transport: CurlTransport, in pool: Pool, headers: CurlHeaders, exchange: CurlExchange) throws {
    self.transport = transport
    self.pool = pool
    self.headers = headers
    self.exchange = exchange
    var running: Int32 = 0
    guard curl_multi_add_handle(pool.multi, transport.handle) == CURLM_OK,
      curl_multi_perform(pool.multi, &running) == CURLM_OK
    else { throw HTTPError.unavailable }
  }

  deinit {
    curl_multi_remove_handle(pool.multi, transport.handle)
    // Removes the pointers into headers and exchange.
    curl_easy_reset(transport.handle)
  }

  /// Waits for the response.
  ///
  /// - Parameter host: the server's name, for errors.
  /// - Throws: `HTTPError` if there is none.
  func response(host: String) throws -> HTTPResponse {
    var running: Int32 = 1
    while running > 0 {
      guard curl_multi_perform(pool.multi, &running) == CURLM_OK else { throw HTTPError.unavailable }
      // One second, so that a request to stop is noticed as in curl_easy_perform(3).
      if running > 0, curl_multi_poll(pool.multi, nil, 0, 1000, nil) != CURLM_OK { throw HTTPError.unavailable }
    }
    var left: Int32 = 0
    guard let message = curl_multi_info_read(pool.multi, &left), message.pointee.msg == CURLMSG_DONE else {
      throw HTTPError.unavailable
    }
    let code = message.pointee.data.result
    guard code == CURLE_OK else { throw exchange.error(for: code, host: host) }
    var status = 0
    _ = lockwise_curl_get_long(transport.handle, CURLINFO_RESPONSE_CODE, &status)
    return exchange.response(status: status)
  }
}
